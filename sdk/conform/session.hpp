// One call of the kit: libraries, the checks that are asked of them, and what came out.
#pragma once

#include "check.hpp"
#include "child.hpp"
#include "examination.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <regex>
#include <string>
#include <vector>

namespace imbrex::conform {

struct SessionOptions {
  std::vector<std::filesystem::path> libraries;
  std::optional<std::filesystem::path> recipe;
  std::optional<std::regex> only;  // found in the id of a check, or in "component: check"
  std::uint64_t seed = kFixedSeed;
  int fuzz_seconds = 0;
  int jobs = 1;
  bool in_process = false;
  Limits limits;
};

// One check of one component, or of the library.
struct Entry {
  const Check* check = nullptr;
  std::string component;  // empty: the library
  Outcome outcome;
  std::uint64_t seed = kFixedSeed;  // of the problems that were asked about
  std::string blocked_by;           // id of the red check without which this one was not asked
};

struct LibraryReport {
  std::filesystem::path library;
  std::vector<Entry> entries;
  std::int64_t fuzz_rounds = 0;
};

// Runs everything, `jobs` checks at a time; entries come in the order of the checks, and what they
// say depends on neither that number nor, as long as nothing is red, on the clock, but for
// `--fuzz`. A check that needs one that is red is skipped. Errors: Error of the system; InputError
// when the recipe uses nothing that is examined.
std::vector<LibraryReport> run_session(const SessionOptions& options);

}  // namespace imbrex::conform
