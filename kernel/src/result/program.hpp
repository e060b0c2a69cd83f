// Another program of the machine, run to its end.
#pragma once

#include <string>
#include <vector>

namespace imbrex::result {

struct ProgramOutput {
  bool started = true;  // false: there is no such program
  int status = 0;       // its exit code; of one that a signal ended 128 and the signal's number
  std::string text;     // what it wrote, errors included, without the last line's end
};

// `words`: its name, looked for in PATH, and its arguments, which no shell sees. It reads nothing.
// Errors: Error when the system cannot start any. [any thread]
ProgramOutput run_program(const std::vector<std::string>& words);

}  // namespace imbrex::result
