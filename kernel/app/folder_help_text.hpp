// The prose of --help of the commands that look after folders of results.
#pragma once

#include <string_view>

namespace imbrex::app {

inline constexpr std::string_view kLogHelp =
    "DESCRIPTION\n"
    "  One line per result folder: date, value of the recipe's objective, speed-up over its\n"
    "  baseline, digest of the plan, and whether it is partial. Of a study of several seeds\n"
    "  the medians. Folders inside are looked through as well.\n\n"
    "EXAMPLES\n"
    "  imbrex log\n"
    "  imbrex log results --json | jq '.results[] | select(.speedup > 2) | .folder'\n";

inline constexpr std::string_view kGcHelp =
    "DESCRIPTION\n"
    "  Removes what killed runs left beside results, and with --older whole results. Folders\n"
    "  that are no results, results without a date, and what a living process or another host\n"
    "  is writing stay. Every folder that goes is named.\n\n"
    "EXAMPLES\n"
    "  imbrex gc\n"
    "  imbrex gc --older 30d --dry-run\n";

inline constexpr std::string_view kBundleHelp =
    "DESCRIPTION\n"
    "  Equal folders give equal bytes: sorted by name, without times and owners. Whoever gets\n"
    "  the archive unpacks it anywhere and runs the folder; --locked says whether Imbrex and\n"
    "  plugins there are those that made it.\n\n"
    "EXAMPLES\n"
    "  imbrex bundle results/first\n"
    "  tar xzf first.tar.gz && imbrex run first --out again\n"
    "  imbrex bundle results/first --ro-crate -o artefact.tar.gz\n";

}  // namespace imbrex::app
