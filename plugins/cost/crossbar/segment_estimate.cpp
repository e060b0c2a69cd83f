#include "segment_estimate.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/segments/replication.hpp>
#include <imbrex/toolkit/segments/segment_traffic.hpp>
#include <imbrex/toolkit/segments/weight_units.hpp>
#include <imbrex/values/work_order.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace imbrex::crossbar_cost {
namespace {

// Layers of one span and their copies, as buffers that are used again.
struct Layers {
  std::vector<segments::ReplicatedLayer> layers;
  std::vector<std::int64_t> copies;
  std::vector<std::int64_t> products;  // windows of the whole batch
};

class Estimate {
 public:
  Estimate(const UnitSequence& sequence, const Architecture& architecture,
           const ReplicationRule& rule)
      : sequence_(sequence),
        architecture_(architecture),
        rule_(rule),
        traffic_(sequence),
        batch_(batch_of(sequence)) {
    for (const WeightUnit& unit : sequence.units) {
      const Operator& op = sequence.workload->at(unit.op);
      const DimBox box = segments::unit_box(op, unit.channels);
      weight_bits_.push_back(op.bounds[Dim::C] * op.bounds[Dim::R] * op.bounds[Dim::S] *
                             box[Dim::K].extent() * box[Dim::G].extent() *
                             op.weight_bits_per_element);
      bus_bits_.push_back(window_bits(*sequence.workload, op));
    }
  }

  static std::int64_t batch_of(const UnitSequence& sequence) noexcept {
    std::int64_t batch = 1;
    for (const WeightUnit& unit : sequence.units) {
      batch = std::max(batch, sequence.workload->at(unit.op).bounds[Dim::N]);
    }
    return batch;
  }

  SegmentCost cost(UnitSpan span, Layers& buffers) const {
    SegmentCost cost;
    Surroundings volumes;
    std::int64_t used = 0;
    for (std::int32_t i = span.begin; i < span.end; ++i) {
      const auto u = static_cast<std::size_t>(i);
      used += sequence_.units[u].size;
      volumes.weight_bits += weight_bits_[u];
      if (i == span.begin || sequence_.units[u].op != sequence_.units[u - 1].op) {
        volumes.bus_bits += bus_bits_[u];
      }
    }
    if (used > sequence_.capacity) {
      cost.verdict = Verdict::infeasible;
      return cost;
    }
    const std::int64_t slowest = replicate(sequence_, rule_, batch_, span, buffers);
    volumes.load_bits = traffic_.load_bits(span);
    volumes.store_bits = traffic_.store_bits(span);
    double products = 0;
    for (std::size_t i = 0; i < buffers.layers.size(); ++i) {
      volumes.written_crossbars += buffers.layers[i].units * buffers.copies[i];
      products +=
          static_cast<double>(buffers.layers[i].units) * static_cast<double>(buffers.products[i]);
    }
    finish(volumes, slowest, products, cost);
    cost.drain_ps = drain_ps(buffers);
    return cost;
  }

  // Copies of the layers of a span; returns the windows per copy of the slowest.
  static std::int64_t replicate(const UnitSequence& sequence, const ReplicationRule& rule,
                                std::int64_t batch, UnitSpan span, Layers& buffers) {
    buffers.layers.clear();
    buffers.products.clear();
    for (std::int32_t i = span.begin; i < span.end; ++i) {
      const WeightUnit& unit = sequence.units[static_cast<std::size_t>(i)];
      if (i > span.begin && unit.op == sequence.units[static_cast<std::size_t>(i) - 1].op) {
        buffers.layers.back().units += unit.size;
        continue;
      }
      const Operator& op = sequence.workload->at(unit.op);
      const LoopBounds& bounds = op.bounds;
      const std::int64_t products = bounds[Dim::N] * bounds[Dim::P] * bounds[Dim::Q];
      buffers.layers.push_back({ceil_div(products, batch), unit.size, op.chain ? 1 : 0});
      buffers.products.push_back(products);
    }
    buffers.copies.resize(buffers.layers.size());
    const std::int64_t most = sequence.most_copies > 0 && rule.most_copies > 0
                                  ? std::min(sequence.most_copies, rule.most_copies)
                                  : std::max(sequence.most_copies, rule.most_copies);
    return rule.method == Replication::exact
               ? segments::balance_copies(buffers.layers, sequence.capacity, most, buffers.copies)
               : segments::heap_copies(buffers.layers, sequence.capacity, most, rule.spare_margin,
                                       buffers.copies);
  }

 private:
  void finish(const Surroundings& volumes, std::int64_t slowest, double products,
              SegmentCost& cost) const {
    const ComputeUnit& unit = architecture_.units.front();
    const SegmentOverhead around = overhead(volumes, architecture_);
    cost.weight_load_ps = around.weight_load_ps;
    cost.latency_ps = around.weight_load_ps + around.weight_write_ps + around.data_ps +
                      bounded_ps(batch_ * slowest, unit.operation_ps);
    cost.energy_pj =
        around.energy_pj + products * unit.operation_energy_pj +
        architecture_.replacement.static_power_pj_per_ps * static_cast<double>(cost.latency_ps);
  }

  // How long the first core is free before the segment ends. A layer ends its last sample one
  // window after the layer before it at the earliest, and takes its own windows at least; the first
  // core holds the first layers.
  std::int64_t drain_ps(const Layers& buffers) const noexcept {
    std::int64_t end = 0;
    std::int64_t first_core_end = 0;
    std::int64_t placed = 0;
    for (std::size_t i = 0; i < buffers.layers.size(); ++i) {
      end = std::max(end + 1, ceil_div(buffers.layers[i].windows, buffers.copies[i]));
      if (placed < sequence_.per_core) {
        first_core_end = end;
      }
      placed += buffers.layers[i].units * buffers.copies[i];
    }
    return (end - first_core_end) * architecture_.units.front().operation_ps;
  }

  const UnitSequence& sequence_;
  const Architecture& architecture_;
  const ReplicationRule& rule_;
  segments::SliceTraffic traffic_;
  std::int64_t batch_;
  std::vector<std::int64_t> weight_bits_;  // per unit
  std::vector<std::int64_t> bus_bits_;     // per unit, of its whole operator
};

}  // namespace

void evaluate(const UnitSequence& sequence, const Architecture& architecture,
              const ReplicationRule& rule, std::span<const UnitSpan> spans,
              std::span<SegmentCost> out) {
  IMBREX_ASSERT(spans.size() == out.size());
  const Estimate estimate(sequence, architecture, rule);
  Layers buffers;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    out[i] = estimate.cost(spans[i], buffers);
  }
}

void copies(const UnitSequence& sequence, const ReplicationRule& rule, UnitSpan span,
            std::span<std::int64_t> out) {
  IMBREX_ASSERT(static_cast<std::size_t>(span.end - span.begin) == out.size());
  Layers buffers;
  Estimate::replicate(sequence, rule, Estimate::batch_of(sequence), span, buffers);
  std::size_t layer = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto u = static_cast<std::size_t>(span.begin) + i;
    layer += i > 0 && sequence.units[u].op != sequence.units[u - 1].op ? 1 : 0;
    out[i] = buffers.copies[layer];
  }
}

}  // namespace imbrex::crossbar_cost
