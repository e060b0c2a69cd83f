// The prose of `imbrex explain --help`.
#pragma once

#include <string_view>

namespace imbrex::app {

inline constexpr std::string_view kExplainHelp =
    "DESCRIPTION\n"
    "  Runs the recipe and says which layers bound its makespan together, how much later every\n"
    "  other one could end, and what servers waited for. Then it changes one parameter of the\n"
    "  architecture, the cost model or a stage after the other, runs the changed recipe, and\n"
    "  prints the least change of each that shortens the makespan, with what it gives: a line\n"
    "  that is ready to go behind `imbrex run RECIPE`. Where the recipe is infeasible, it looks\n"
    "  for what makes it feasible. Writes no file. Ctrl-C stops and prints what is known.\n"
    "  sdk/docs/explain.md says which parameters are tried, and what each figure means.\n\n"
    "EXAMPLES\n"
    "  imbrex explain configs/recipes/tinyyolov4-clsa-cim.toml\n"
    "  imbrex explain results/first --tries 20 --layers 0\n"
    "  imbrex explain my.toml --set architecture.extra_pes=0 --format json\n\n"
    "EXIT CODES\n"
    "  0    done\n"
    "  1    a component failed\n"
    "  2    bad input\n"
    "  3    infeasible, and nothing that was tried makes it feasible\n"
    "  130  interrupted\n";

}  // namespace imbrex::app
