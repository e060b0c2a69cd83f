// Options of the commands for authors of recipes and plugins: what files may hold, what components
// there are, and whether all of it can be used.
#include "command_options.hpp"
#include "component_help_text.hpp"
#include "plugin/kinds.hpp"

namespace imbrex::app {

void declare_schema(OptionSet& options, Parsed& parsed) {
  options.footer(kSchemaHelp);
  options.word({"FILE", "What is edited: recipe, or ablation for the file of an experiment"},
               parsed.schema.file, {"recipe", "ablation"});
  add_common(options, parsed.schema.common);
}

void declare_reference(OptionSet& options, Parsed& parsed) {
  std::vector<std::string> kinds;
  for (const plugin::KindWords& words : plugin::kKindWords) {
    kinds.emplace_back(words.id_part);
  }
  options.footer(kReferenceHelp);
  options.word({"KIND", "The middle of component ids: overlap of vendor.overlap.name"},
               parsed.reference.kind, kinds);
  add_common(options, parsed.reference.common);
}

void declare_doctor(OptionSet& options, Parsed& parsed) {
  options.footer(kDoctorHelp);
  add_json(options, parsed.doctor.json);
  add_common(options, parsed.doctor.common);
}

}  // namespace imbrex::app
