// How the commands for folders of results are spelt, and the options of `imbrex run` that make such
// folders reproducible.
#pragma once

#include "options.hpp"

namespace CLI {
class App;
}  // namespace CLI

namespace imbrex::app {

// `imbrex log`, `imbrex gc`, `imbrex bundle`. Must stay where it is once `add_to` was called.
class FolderCommands {
 public:
  void add_to(CLI::App& app);
  // After parsing, when one of the three was given.
  Command chosen() const;

 private:
  const CLI::App* log_command_ = nullptr;
  const CLI::App* gc_command_ = nullptr;
  LogOptions log_;
  GcOptions gc_;
  BundleOptions bundle_;
};

// --locked and --carry-inputs.
void add_reproduction(CLI::App& run, RunOptions& options);

}  // namespace imbrex::app
