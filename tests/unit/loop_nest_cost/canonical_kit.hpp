// Networks on an array of 32 x 32 elements, and what their mappings do, for tests of
// imbrex.cost.loop-nest.
#pragma once

#include "array_system.hpp"

#include <imbrex/values/mapping.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace imbrex::test {

inline constexpr const char* kArray = "ritnet-pipeorgan.toml";

// 32 x 32 elements of 8 multiply-accumulates; memories without limits of bandwidth.
inline std::vector<std::string> network(const std::string& name,
                                        const std::vector<std::string>& more = {}) {
  std::vector<std::string> overrides{
      "workload.file=" IMBREX_SOURCE_DIR "/configs/workloads/" + name + ".toml",
      "architecture.level_read_words_per_cycle=[0,0,0]",
      "architecture.level_write_words_per_cycle=[0,0,0]",
      "cost.memories=layers",
      "cost.imperfect=false",
      "cost.spread=channels"};
  overrides.insert(overrides.end(), more.begin(), more.end());
  return overrides;
}

inline Placement of_units(std::int64_t units) {
  Placement placement;
  placement.units = units;
  return placement;
}

inline std::int64_t product(const Mapping& mapping, LoopKind kind, int level, Dim dim) {
  std::int64_t bound = 1;
  for (const Loop& loop : mapping.all_loops()) {
    bound *= loop.kind == kind && loop.level == level && loop.dim == dim ? loop.bound : 1;
  }
  return bound;
}

inline std::int64_t jobs_along(const Mapping& mapping, Dim dim) {
  std::int64_t bound = 1;
  for (const Loop& loop : mapping.outer_loops()) {
    bound *= loop.dim == dim ? loop.bound : 1;
  }
  return bound;
}

inline std::int64_t macs_used(const Mapping& mapping) {
  std::int64_t used = 1;
  for (const Loop& loop : mapping.all_loops()) {
    used *= loop.kind == LoopKind::spatial ? loop.bound : 1;
  }
  return used;
}

inline OperatorId find(const ArraySystem& system, bool (*wanted)(const Operator&)) {
  for (const OperatorId id : system.mapped()) {
    if (wanted(system.workload().at(id))) {
      return id;
    }
  }
  throw std::runtime_error("no such operator");
}

}  // namespace imbrex::test
