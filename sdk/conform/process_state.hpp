// What a process has only once, and what a library must therefore leave alone.
#pragma once

#include <string>
#include <vector>

namespace imbrex::conform {

struct ProcessState {
  int rounding = 0;
  bool denormals = true;  // kept, not rounded to zero
  int floating_traps = 0;
  std::string locale;
  std::vector<void*> signal_handlers;
  std::string working_folder;
  unsigned umask = 0;
  std::vector<std::string> environment;
  long threads = 0;
};

ProcessState process_state();

// The first difference, as the end of a sentence: "turned denormal numbers into zero"; empty: none.
std::string difference(const ProcessState& before, const ProcessState& after);

}  // namespace imbrex::conform
