// What it takes to have part of a network resident and run a batch through it: `compass_cal_v1`
// (specification compass section 7). Per batch of B samples, segment after segment:
//   weights / bandwidth + write + B * operation * max over layers of ceil(windows / copies)
//   + bus * inputs of every window + data * (loads + stores)
#pragma once

#include <imbrex/values/segments.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>

namespace imbrex::crossbar_cost {

enum class Replication : std::uint8_t { exact, heap };

struct ReplicationRule {
  Replication method = Replication::exact;
  std::int64_t most_copies = 4;  // 0: no limit
  double spare_margin = 0.5;     // heap only
};

// Time and energy of everything around the products of one segment, from its volumes.
struct Surroundings {
  std::int64_t weight_bits = 0;
  std::int64_t load_bits = 0;
  std::int64_t store_bits = 0;
  std::int64_t bus_bits = 0;           // inputs of every window
  std::int64_t written_crossbars = 0;  // copies counted
};
SegmentOverhead overhead(const Surroundings& volumes, const Architecture& architecture) noexcept;

// What a sequence of units is to any of its spans.
class UnitFigures;

// Bits of the inputs of all windows of an operator, the whole batch.
std::int64_t window_bits(const Workload& workload, const Operator& op) noexcept;

// CostModel::evaluate_segments. A span that is the one before it and some units more, as when all
// spans are asked about in order, costs O(logarithm of the slices at one unit) for each of these
// units, with the exact replication, unless its layers get fewer copies than before; any other span
// costs as much for each of its units. What all spans of a sequence of the model's own workload
// share is kept for the next call. [any thread]
class SegmentEstimates {
 public:
  // Keeps references.
  SegmentEstimates(const Workload& workload, const Architecture& architecture,
                   const ReplicationRule& rule)
      : workload_(workload), architecture_(architecture), rule_(rule) {}

  void evaluate(const UnitSequence& sequence, std::span<const UnitSpan> spans,
                std::span<SegmentCost> out) const;

 private:
  std::shared_ptr<const UnitFigures> figures(const UnitSequence& sequence) const;

  const Workload& workload_;
  const Architecture& architecture_;
  const ReplicationRule& rule_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const UnitFigures> last_;
};

// CostModel::segment_copies.
void copies(const UnitSequence& sequence, const ReplicationRule& rule, UnitSpan span,
            std::span<std::int64_t> out);

}  // namespace imbrex::crossbar_cost
