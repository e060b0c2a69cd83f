// `--isolate`: its options, and which stages they mean.
#include "command_options.hpp"
#include "run_parts.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

constexpr std::string_view kOthers = "others";
constexpr std::string_view kAll = "all";

// Of libraries that do not lie where those that ship are.
std::vector<std::string> components_of_others(const plugin::Registry& registry) {
  const std::filesystem::path shipped = plugin::library_folder() / "plugins";
  std::vector<std::string> ids;
  for (const Component* component : registry.components()) {
    std::error_code error;
    const auto folder = registry.plugin_of(*component).path.parent_path();
    if (!std::filesystem::equivalent(folder, shipped, error)) {
      ids.emplace_back(component->id);
    }
  }
  return ids;
}

// "a,b": ids of components that there are.
std::vector<std::string> named_components(std::string_view text, const plugin::Registry& registry) {
  std::vector<std::string> ids;
  while (!text.empty()) {
    const std::string_view id = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), id.size() + 1));
    if (registry.find(id) == nullptr) {
      throw InputError(fmt::format("--isolate: {}; expected ids of components, '{}' or '{}'",
                                   registry.not_found_message(id), kOthers, kAll));
    }
    ids.emplace_back(id);
  }
  return ids;
}

}  // namespace

void add_isolate(OptionSet& options, IsolateOptions& isolate) {
  options.flag_or_value(
      {"--isolate",
       "Run stages in processes of their own, so that one that crashes or hangs takes nobody with "
       "it: those with a component that does not ship with Imbrex, --isolate=all of them, or those "
       "with one of --isolate=ID,ID"},
      isolate.components, "others");
  options.number({"--isolate-seconds", "How long an isolated stage may take", "SECONDS"},
                 isolate.seconds, {1e-3, 1e9});
  options.size({"--isolate-memory",
                "What an isolated stage may take beyond what the run has, e.g. 2G", "SIZE"},
               isolate.memory_bytes);
}

std::optional<run::Isolation> isolation_of(const IsolateOptions& options,
                                           const plugin::Registry& registry) {
  if (options.components.empty()) {
    if (options.seconds || options.memory_bytes > 0) {
      throw InputError("--isolate-seconds and --isolate-memory limit what --isolate isolates");
    }
    return std::nullopt;
  }
  run::Isolation isolation;
  isolation.every_stage = options.components == kAll;
  if (options.components == kOthers) {
    isolation.components = components_of_others(registry);
  } else if (!isolation.every_stage) {
    isolation.components = named_components(options.components, registry);
  }
  isolation.seconds = options.seconds;
  isolation.memory_bytes = options.memory_bytes;
  return isolation;
}

}  // namespace imbrex::app
