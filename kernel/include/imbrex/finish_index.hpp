// File: finish_index.hpp
//
// In which step of a mapped operator does the last contribution to a region of its output fall?
// By walking digits, or by looking up per-dimension tables; the answers are equal (specification
// fast-overlapim, section 3.2). Immutable. [any thread]
#pragma once

#include <imbrex/loop_nest.hpp>

#include <array>
#include <optional>

namespace imbrex {

class IMBREX_API FinishIndex {
 public:
  // `op` must outlive it. Tables cost O(D log D) once, then O(1) per axis instead of O(loops).
  FinishIndex(const Operator& op, const Mapping& mapping, bool with_tables);

  const LoopNest& nest() const noexcept { return nest_; }
  // What a non-empty interval of an output axis adds to the step.
  std::int64_t axis_max(std::size_t axis, Interval x) const noexcept;
  // Precondition: the region is not empty.
  std::int64_t ready_step(const Region& region) const noexcept;

 private:
  const Operator* op_;
  LoopNest nest_;
  std::array<std::optional<DimFinishTable>, kMaxRank> tables_;  // per output axis
};

}  // namespace imbrex
