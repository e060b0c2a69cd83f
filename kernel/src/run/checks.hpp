#pragma once

#include "run/isolation.hpp"

#include <cstdint>

namespace imbrex::run {

// What is checked beside the values that components return. Always everything in a run; bench/
// turns parts off to measure what they cost.
struct Checks {
  bool admission = true;  // of designs that are scored
  bool audit = true;      // of timelines
  // What an analysis may take (size_limit.hpp); 0: no limit.
  std::int64_t max_memory_bytes = 0;
  // Stages that run in a process of their own; null: none. Outlives the run.
  const Isolation* isolation = nullptr;
};

}  // namespace imbrex::run
