// One edge of the mapped network, taken alone: the ways from a consumer's operands back through
// movement operators to one producer, axis by axis where that is possible. What a search asks
// thousands of times (`PairBatch`) must not trace regions through the network again each time.
// Source: specification fast-overlapim, sections 3.3 to 3.5. Immutable, [any thread]; the workload
// must outlive it.
#pragma once

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/interfaces/overlap_analyzer.hpp>
#include <imbrex/values/loop_nest.hpp>

#include <optional>
#include <vector>

namespace imbrex::analysis {

// One axis of the producer's output as seen from the consumer: start from axis `operand_axis` of
// the operand, then apply the rules in order, clipping after each.
struct AxisChain {
  struct Link {
    AxisRule rule;
    std::int64_t extent = 0;  // of the axis the rule leads to
  };
  std::int32_t operand_axis = -1;  // -1: always `constant`
  Interval constant;
  std::vector<Link> links;

  // Hull of what is needed when `operand` of the operand's axis is; empty stays empty. O(links).
  Interval hull(Interval operand) const noexcept;
  // The needed coordinates themselves: replaces the sorted disjoint intervals of the operand by
  // sorted disjoint intervals of the producer's axis. O(coordinates * links).
  void touched(std::vector<Interval>& set) const;
};

// One way: operand `input` of the consumer, then movement operators' maps, nearest first.
struct EdgePath {
  std::size_t input = 0;
  std::vector<const BackwardMap*> maps;
  std::int64_t movement_ps = 0;  // of the operators on the way; the slowest of equal ways

  // What a job needs of the producer's output; empty: nothing.
  Region region(const Workload& workload, OperatorId consumer, const DimBox& box) const noexcept;
  // One chain per axis of the producer's output; no value when an axis follows several axes of the
  // operand, or only some of its digits (reshapes that move elements between axes).
  std::optional<std::vector<AxisChain>> separate(const Workload& workload,
                                                 OperatorId consumer) const;
};

// All ways from `consumer` back to `producer`; different ways that need the same count once. No
// value when there are more than a few dozen. O(ways * operators in between).
std::optional<std::vector<EdgePath>> edge_paths(const Workload& workload, const CostModel& cost,
                                                OperatorId producer, OperatorId consumer);

// Coordinates an axis projection gives for two dimensions' intervals, clipped, as sorted disjoint
// intervals: strides larger than the tile leave holes. O(coordinates).
void projected_set(const AxisProjection& projection, const DimBox& box, std::int64_t extent,
                   std::vector<Interval>& out);

// What does not change within a batch.
class PairEdge {
 public:
  PairEdge(const PairBatch& batch, const Machine& machine);

  // False: several copies, a chain, or too many ways; every verdict is `unsupported`.
  bool supported() const noexcept { return paths_.has_value(); }
  const std::vector<EdgePath>& paths() const noexcept { return *paths_; }
  const Workload& workload() const noexcept { return *workload_; }
  OperatorId producer() const noexcept { return transfer_.from; }
  OperatorId consumer() const noexcept { return transfer_.to; }

  // Durations of whole jobs, and what passes between the end of a producer's step and its data
  // being usable, movement on the way excepted.
  struct Clocks {
    std::int64_t producer_ps = 0;
    std::int64_t consumer_ps = 0;
    std::int64_t delay_ps = 0;
    bool lock_step = false;
  };
  Clocks clocks(const Mapping& producer, const LoopNest& producer_nest, const Mapping& consumer,
                const LoopNest& consumer_nest) const;

 private:
  const Workload* workload_;
  const Design* design_;
  const CostModel* cost_;
  Transfer transfer_;  // between the tiles of both; `bits` depend on the mapping
  std::optional<std::vector<EdgePath>> paths_;
};

}  // namespace imbrex::analysis
