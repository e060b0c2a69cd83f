// Runs the real imbrex command and looks at what it printed, returned and left on disk.
#pragma once

#include "run_fixture.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

#include <sys/wait.h>

#ifndef IMBREX_TEST_HAS_THREADS
#error "The command has worker threads: a test that runs it says THREADS in its imbrex_add_test()"
#endif

namespace imbrex::test {

struct CommandResult {
  int code = -1;
  std::string out;
  std::string err;
};

class CommandFixture : public RunFixture {
 protected:
  // In the temporary folder, without a terminal; `words` are passed through the shell.
  CommandResult imbrex(const std::string& words, const std::string& environment = "") const {
    return command(IMBREX_COMMAND, words, environment);
  }
  CommandResult command(const std::string& program, const std::string& words,
                        const std::string& environment = "") const {
    const auto out = folder() / ".stdout";
    const auto err = folder() / ".stderr";
    const std::string line = "cd '" + folder().string() + "' && env -u IMBREX_PLUGIN_PATH " +
                             environment + " '" + program + "' " + words + " >'" + out.string() +
                             "' 2>'" + err.string() + "' </dev/null";
    CommandResult result;
    const int status = std::system(line.c_str());
    result.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    result.out = read(out);
    result.err = read(err);
    std::filesystem::remove(out);
    std::filesystem::remove(err);
    return result;
  }
  static std::string with_tests() { return " --plugin '" IMBREX_TEST_COMPONENTS "' "; }
  CommandResult run_recipe(const std::string& words) const {
    return imbrex("run recipe.toml" + with_tests() + words);
  }
};

}  // namespace imbrex::test
