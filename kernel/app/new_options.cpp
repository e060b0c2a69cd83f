// Options of the command that writes projects.
#include "command_options.hpp"
#include "plugin/kinds.hpp"

#include <string>
#include <vector>

namespace imbrex::app {
namespace {

constexpr std::string_view kNewHelp =
    "DESCRIPTION\n"
    "  Writes what a plugin needs outside of Imbrex's sources: CMakeLists.txt, a source with the\n"
    "  smallest component of its kind that is complete, a recipe that runs it, a test of what\n"
    "  the recipe gives, README.md and a workflow for continuous integration. It builds, passes\n"
    "  its test and runs as it is; names derive from the id. DIR may exist when it is empty.\n\n"
    "EXAMPLES\n"
    "  imbrex new cost acme.cost.roofline roofline\n"
    "  imbrex new search acme.search.hill-climb ~/plugins/hill-climb\n\n"
    "EXIT CODES\n"
    "  0    done; the next commands are printed\n"
    "  2    bad input, or DIR cannot be written; nothing is left there\n";

}  // namespace

void declare_new(OptionSet& options, Parsed& parsed) {
  NewOptions& project = parsed.project;
  options.footer(kNewHelp);
  std::vector<std::string> kinds;
  std::string listed;
  for (const plugin::KindWords& words : plugin::kKindWords) {
    kinds.emplace_back(words.id_part);
    listed += (listed.empty() ? "" : ", ") + kinds.back();
  }
  options.required({"KIND", "What the component is: " + listed}, project.kind, kinds);
  options.required({"ID", "Its id, vendor.KIND.name, e.g. acme.cost.roofline"}, project.id);
  options.required({"DIR", "Folder of the project"}, project.folder);
}

}  // namespace imbrex::app
