// What it takes to have part of a network resident and run a batch through it: `compass_cal_v1`
// (specification compass section 7). Per batch of B samples, segment after segment:
//   weights / bandwidth + write + B * operation * max over layers of ceil(windows / copies)
//   + bus * inputs of every window + data * (loads + stores)
#pragma once

#include <imbrex/values/segments.hpp>

#include <cstdint>
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

// Bits of the inputs of all windows of an operator, the whole batch.
std::int64_t window_bits(const Workload& workload, const Operator& op) noexcept;

// CostModel::evaluate_segments and ::segment_copies.
void evaluate(const UnitSequence& sequence, const Architecture& architecture,
              const ReplicationRule& rule, std::span<const UnitSpan> spans,
              std::span<SegmentCost> out);
void copies(const UnitSequence& sequence, const ReplicationRule& rule, UnitSpan span,
            std::span<std::int64_t> out);

}  // namespace imbrex::crossbar_cost
