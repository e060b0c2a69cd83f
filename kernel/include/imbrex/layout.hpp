// File: layout.hpp
//
// A fingerprint of the memory layout of every type that crosses the plugin boundary. Catches what
// the ABI tag cannot: a forgotten epoch, a differently built standard library.
#pragma once

#include <imbrex/cost_model.hpp>
#include <imbrex/evaluator.hpp>
#include <imbrex/machine.hpp>
#include <imbrex/params.hpp>
#include <imbrex/random.hpp>
#include <imbrex/result.hpp>
#include <imbrex/search_support.hpp>
#include <imbrex/segments.hpp>
#include <imbrex/workload_builder.hpp>

#include <cstdint>

namespace imbrex {
namespace detail {

consteval std::uint64_t fnv1a(std::uint64_t hash, std::uint64_t value) {
  for (int byte = 0; byte < 8; ++byte) {
    hash = (hash ^ ((value >> (8 * byte)) & 0xff)) * 0x100000001b3ull;
  }
  return hash;
}

template <class... Types>
consteval std::uint64_t layout_of() {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  ((hash = fnv1a(fnv1a(hash, sizeof(Types)), alignof(Types))), ...);
  return hash;
}

}  // namespace detail

inline consteval std::uint64_t layout_fingerprint() {
  return detail::layout_of<
      std::string, std::vector<int>, Shape, Region, DimBox, AxisRule, BackwardMap, Tensor, Operator,
      Workload, Window, ConvolutionParams, StorageLevel, ComputeUnit, ResourcePool, Architecture,
      Demand, Loop, Mapping, JobShape, AnalysisRequest, Job, JobClock, DealtJob, DealtOrder,
      DealingCosts, Fidelity, Machine, TileGrid, Placement, OperatorTimes, TimedJob, Timeline,
      Design, LayerCost, Transfer, TransferCost, OverlapResult, SegmentTimes, SegmentOverhead,
      Shortfall, SegmentResult, WeightUnit, UnitSequence, UnitSpan, SegmentCost, ReplacementCosts,
      PairBatch, PairResult, OperationCost, Score, ParamValue, ParamSpec, Result, Random,
      LayerGraph, LayerCandidates, SearchRun>();
}

}  // namespace imbrex
