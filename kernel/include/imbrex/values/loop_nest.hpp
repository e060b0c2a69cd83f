// Index arithmetic of the outer loops of a mapping: which box does server s work on in step t, and
// in which step is the last contribution to an output point made? Pure functions of the mapping;
// any question about one job, point or interval costs O(loops), never a walk through the nest.
// Source: specification fast-overlapim, sections 1.3 and 3.2 (symbols sigma, theta, psi, f_d, rho).
// Immutable, [any thread], no allocation except in DimFinishTable.
#pragma once

#include <imbrex/plugin/abi.hpp>
#include <imbrex/values/mapping.hpp>
#include <imbrex/values/region.hpp>
#include <imbrex/values/workload.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace imbrex {

// One outer loop with its strides; loops of bound 1 are dropped.
struct LoopDigit {
  std::int64_t bound = 1;
  std::int64_t coordinate_stride = 1;  // sigma
  std::int64_t index_stride = 1;       // theta of a temporal, psi of a spatial loop
  Dim dim = Dim::N;
  bool temporal = true;
};

class IMBREX_API LoopNest {
 public:
  LoopNest(const LoopBounds& bounds, const Mapping& mapping) noexcept;

  std::int64_t steps() const noexcept { return steps_; }      // N_T
  std::int64_t servers() const noexcept { return servers_; }  // N_S
  const LoopBounds& bounds() const noexcept { return bounds_; }
  std::int64_t job_extent(Dim d) const noexcept { return job_extent_[index(d)]; }
  std::span<const LoopDigit> digits() const noexcept { return {digits_.data(), digit_count_}; }

  // The data space of server s in step t, clipped to the problem; empty past the end of an
  // imperfect factorisation.
  DimBox box(std::int64_t step, std::int64_t server) const noexcept;

  // f_d: what coordinate x of dimension d adds to the step in which a point is worked on.
  std::int64_t dim_finish(Dim d, std::int64_t x) const noexcept;
  // max of f_d over a non-empty interval, by a walk over the digits of its ends. Exact also where a
  // spatial loop lies outside a temporal one, where looking at the high corner would be too early.
  std::int64_t range_max(Dim d, Interval x) const noexcept;
  // rho: step offset of the last reduction iteration; exact for imperfect factors.
  std::int64_t reduction_finish() const noexcept { return reduction_finish_; }

  // Last step that contributes to any output point of the box; only N, G, K, P, Q are looked at.
  std::int64_t ready_step(const DimBox& output) const noexcept;
  // The same for a region of the operator's output tensor. Channel axes G*K are cut at group
  // borders, so the answer is that of the exact set of channels.
  std::int64_t ready_step(const Operator& op, const Region& output) const noexcept;
  // What one axis of the output tensor adds to it: ready_step = reduction_finish + sum over axes.
  std::int64_t axis_max(const Operator& op, std::size_t axis, Interval x) const noexcept;

 private:
  // Digits of one dimension, outermost first.
  struct DimDigits {
    std::array<LoopDigit, kMaxLoops> digit;
    // Largest f_d that digits j.. can still add, per j; one more entry of 0.
    std::array<std::int64_t, kMaxLoops + 1> free;
    std::size_t count = 0;
  };
  std::int64_t channel_max(std::int64_t channels_per_group, Interval channels) const noexcept;

  LoopBounds bounds_;
  std::array<std::int64_t, kDimCount> job_extent_;
  std::array<LoopDigit, kMaxLoops> digits_{};
  std::size_t digit_count_ = 0;
  std::array<DimDigits, kDimCount> per_dim_{};
  std::int64_t steps_ = 1;
  std::int64_t servers_ = 1;
  std::int64_t reduction_finish_ = 0;
};

// f_d of every coordinate with O(1) range maxima (sparse table): the right tool when one mapping is
// asked about very many intervals, or about sets with holes. Memory O(D log D).
class IMBREX_API DimFinishTable {
 public:
  DimFinishTable(const LoopNest& nest, Dim d);
  std::int64_t at(std::int64_t x) const noexcept { return levels_[0][x]; }
  std::int64_t range_max(Interval x) const noexcept;  // non-empty, inside the dimension
  // max over begin, begin+stride, ... below end; exact for sets with holes.
  std::int64_t strided_max(Interval x, std::int64_t stride) const noexcept;

 private:
  std::vector<IndexVector<std::int64_t, std::int64_t>> levels_;  // by the width's logarithm
};

}  // namespace imbrex
