// Runs tasks in child processes of one thread each: a task that crashes, or that takes too long,
// takes nobody with it. The children are forks of the caller, so what it has loaded is there.
#pragma once

#include <imbrex/plugin/host.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace imbrex::experiment {

enum class TaskEnd : std::uint8_t { ended, timed_out, crashed };

struct EngineOptions {
  int workers = 1;
  std::optional<double> time_limit_s;  // of one task
};

class LocalEngine {
 public:
  // `run` is called with 0, 1, ... in a child; what it throws ends the child, as a crash does. The
  // caller must not have other threads.
  LocalEngine(const EngineOptions& options, FunctionRef<void(std::size_t)> run);

  // `ended` is called in the caller when a task is over, in the order in which that happens; with
  // "signal 11 (Segmentation fault)" for one that crashed. Returns when all are, or when it
  // returns false, or `stop` does, which is asked ten times a second: tasks at work are then given
  // up. Errors: Error (no process can be made).
  void run_all(std::size_t tasks,
               FunctionRef<bool(std::size_t task, TaskEnd end, const std::string& why)> ended,
               FunctionRef<bool()> stop);

 private:
  EngineOptions options_;
  FunctionRef<void(std::size_t)> run_;
};

}  // namespace imbrex::experiment
