// `imbrex schema`: what an editor needs to check a file while it is written.
#include "command_parts.hpp"
#include "commands.hpp"
#include "schema.hpp"

#include <fmt/format.h>

namespace imbrex::app {

int schema_command(const SchemaOptions& options) {
  fmt::print("{}", options.file == "recipe" ? recipe_schema(*open_registry(options.common, nullptr))
                                            : experiment_schema());
  return kExitDone;
}

}  // namespace imbrex::app
