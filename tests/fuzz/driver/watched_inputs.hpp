// Runs inputs in a process of their own, so that one that kills it, or never ends, is known and
// kept.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace imbrex::fuzz {

struct Limits {
  unsigned seconds_per_input = 30;
  // 0: none. Sanitizers reserve far more, so that there is none under them.
  std::uint64_t memory_bytes = std::uint64_t{4} << 30;
};

struct Finding {
  std::uint64_t number = 0;
  std::string input;
  std::string how;  // "signal 11 (Segmentation fault)", "no end within 30 s", "exit code 1"
};

struct Outcome {
  std::uint64_t inputs = 0;  // that came to an end
  std::optional<Finding> finding;
};

// Calls `run` with `input(0)`, `input(1)`, ... until one is a finding, `input` has none any more,
// or `may_begin(n)` says no. Both are called in the other process. Errors: std::runtime_error when
// there is no memory or no process to be had.
Outcome run_watched(const std::function<std::optional<std::string>(std::uint64_t)>& input,
                    const std::function<bool(std::uint64_t)>& may_begin,
                    const std::function<void(const std::string&)>& run, const Limits& limits);

}  // namespace imbrex::fuzz
