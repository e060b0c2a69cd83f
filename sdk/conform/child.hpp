// A check in a process of its own: a crash, an endless loop or an exit in it is an answer, and
// nothing that it changes reaches another check.
#pragma once

#include "check.hpp"

#include <chrono>
#include <cstdint>
#include <string>

#include <sys/types.h>

namespace imbrex::conform {

struct Limits {
  // Of the processor, so that a busy machine does not decide; waiting without computing may take
  // `kPatience` times as long.
  int seconds = 20;
  std::int64_t memory_bytes = std::int64_t{4} << 30;  // address space; not under sanitizers
  static constexpr int kPatience = 6;
};

struct Outcome {
  Finding finding;
  double seconds = 0;  // of the processor
  std::string output;  // last lines of what was written on stdout and stderr
};

class Child {
 public:
  // Starts `body` in a process. Requires: the calling process has one thread. Errors: Error when
  // the system has no process left.
  Child(FunctionRef<Finding()> body, const Limits& limits);
  ~Child();  // the process is gone then
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Readable when there is something new.
  int descriptor() const noexcept { return pipe_; }
  // Whether the process has ended; ends it when its time is over. Never waits.
  bool ended();
  // Requires: `ended` has returned true.
  Outcome outcome() const;

 private:
  [[noreturn]] void run(FunctionRef<Finding()> body, const Limits& limits, int to_parent);
  void read_some();
  std::string output() const;

  pid_t process_ = -1;
  int pipe_ = -1;
  int capture_ = -1;
  std::chrono::steady_clock::time_point deadline_;
  bool too_late_ = false;
  bool has_ended_ = false;
  int status_ = 0;
  double seconds_ = 0;
  std::string answer_;
};

// Runs one child to its end.
Outcome run_child(FunctionRef<Finding()> body, const Limits& limits);

}  // namespace imbrex::conform
