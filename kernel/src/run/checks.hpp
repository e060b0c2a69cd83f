#pragma once

namespace imbrex::run {

// What is checked beside the values that components return. Always everything in a run; bench/
// turns parts off to measure what they cost.
struct Checks {
  bool admission = true;  // of designs that are scored
  bool audit = true;      // of timelines
};

}  // namespace imbrex::run
