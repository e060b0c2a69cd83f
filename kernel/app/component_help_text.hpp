// The prose of --help of the commands for authors of recipes and plugins.
#pragma once

#include <string_view>

namespace imbrex::app {

inline constexpr std::string_view kSchemaHelp =
    "DESCRIPTION\n"
    "  Prints a JSON Schema (draft-04) with which editors check, complete and explain recipes\n"
    "  and ablations while they are written: the keys of the format, and the parameters of the\n"
    "  components at hand with types, ranges, units and defaults.\n\n"
    "EXAMPLES\n"
    "  imbrex schema recipe >recipe.schema.json\n"
    "  imbrex schema recipe --plugin acme.imbrex.so >recipe.schema.json\n"
    "  imbrex schema ablation >ablation.schema.json\n";

inline constexpr std::string_view kReferenceHelp =
    "DESCRIPTION\n"
    "  Prints all components of a kind as a page of Markdown: parameters with types, defaults,\n"
    "  units and ranges, what they need and leave, and the facts they state.\n\n"
    "EXAMPLES\n"
    "  imbrex reference overlap >overlap.md\n"
    "  imbrex reference cost --plugin acme.imbrex.so\n";

inline constexpr std::string_view kDoctorHelp =
    "DESCRIPTION\n"
    "  Looks at the command and its library, where plugins come from and whether each can be\n"
    "  used, threads, memory, the folder for results and completion; and runs a recipe of two\n"
    "  layers. Each line is ok, a warning or a problem, the latter two with what to do.\n\n"
    "EXIT CODES\n"
    "  0    no problem; there may be warnings\n"
    "  1    at least one problem\n\n"
    "EXAMPLES\n"
    "  imbrex doctor\n"
    "  imbrex doctor --json | jq '.findings[] | select(.state != \"ok\")'\n";

}  // namespace imbrex::app
