#include "segment_estimate.hpp"

#include "unit_figures.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/segments/replication.hpp>
#include <imbrex/values/region.hpp>
#include <imbrex/values/work_order.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace imbrex::crossbar_cost {
namespace {

using segments::ReplicatedLayer;

std::int64_t most_copies(const UnitSequence& sequence, const ReplicationRule& rule) noexcept {
  return sequence.most_copies > 0 && rule.most_copies > 0
             ? std::min(sequence.most_copies, rule.most_copies)
             : std::max(sequence.most_copies, rule.most_copies);
}

// When the layers of a segment end, in windows of one sample. A layer ends its last sample one
// window after the layer before it at the earliest, and takes its own windows at least. The first
// core holds the first layers.
struct Ends {
  std::int64_t last = 0;
  std::int64_t first_core = 0;
  std::int64_t placed = 0;

  void add(const ReplicatedLayer& layer, std::int64_t copies, std::int64_t per_core) noexcept {
    last = std::max(last + 1, ceil_div(layer.windows, copies));
    if (placed < per_core) {
      first_core = last;
    }
    placed += layer.units * copies;
  }
};

// A span that grows at its end. Sums grow with it; what depends on all copies is found again when
// they change.
class GrowingSpan {
 public:
  GrowingSpan(const UnitFigures& figures, const UnitSequence& sequence,
              const Architecture& architecture, const ReplicationRule& rule)
      : figures_(figures),
        architecture_(architecture),
        rule_(rule),
        capacity_(sequence.capacity),
        per_core_(sequence.per_core),
        most_copies_(most_copies(sequence, rule)),
        balance_(capacity_, most_copies_) {}

  SegmentCost cost(UnitSpan span) {
    if (span.begin != span_.begin || span.end < span_.end) {
      restart(span.begin);
    }
    while (span_.end < span.end) {
      grow();
    }
    SegmentCost cost;
    if (used_ > capacity_) {
      cost.verdict = Verdict::infeasible;
      return cost;
    }
    if (rule_.method == Replication::heap) {
      deal_by_heap();
    } else {
      follow_ends();
    }
    finish(cost);
    return cost;
  }

 private:
  void restart(std::int32_t begin) {
    span_ = {begin, begin};
    used_ = 0;
    volumes_ = {};
    layers_.clear();
    balance_.clear();
    products_before_ = 0;
    ends_of_ = -1;
  }

  void grow() {
    const UnitFigures::Unit& unit = figures_.at(span_.end++);
    used_ += unit.layer.units;
    volumes_.weight_bits += unit.weight_bits;
    volumes_.load_bits += figures_.traffic().load_growth(span_);
    volumes_.store_bits += figures_.traffic().store_growth(span_);
    if (unit.continues && !layers_.empty()) {
      layers_.back().units += unit.layer.units;
    } else {
      products_before_ += last_products();
      layers_.push_back(unit.layer);
      products_ = unit.products;
      volumes_.bus_bits += unit.bus_bits;
    }
    if (rule_.method == Replication::exact && used_ <= capacity_) {
      balance_.add(unit.layer);
    }
  }

  double last_products() const noexcept {
    return layers_.empty()
               ? 0
               : static_cast<double>(layers_.back().units) * static_cast<double>(products_);
  }

  void deal_by_heap() {
    copies_.resize(layers_.size());
    slowest_ = segments::heap_copies(layers_, capacity_, most_copies_, rule_.spare_margin, copies_);
    ends_ = {};
    volumes_.written_crossbars = 0;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      ends_.add(layers_[i], copies_[i], per_core_);
      volumes_.written_crossbars += layers_[i].units * copies_[i];
    }
  }

  // The last layer may still become larger, so what ends before it is kept apart.
  void follow_ends() {
    if (ends_of_ != balance_.slowest()) {
      ends_of_ = balance_.slowest();
      ends_before_ = {};
      followed_ = 0;
    }
    const auto copies = [&](const ReplicatedLayer& layer) {
      return ceil_div(layer.windows, ends_of_);
    };
    for (; followed_ + 1 < layers_.size(); ++followed_) {
      ends_before_.add(layers_[followed_], copies(layers_[followed_]), per_core_);
    }
    ends_ = ends_before_;
    ends_.add(layers_.back(), copies(layers_.back()), per_core_);
    slowest_ = balance_.slowest();
    volumes_.written_crossbars = balance_.used();
  }

  void finish(SegmentCost& cost) const {
    const ComputeUnit& unit = architecture_.units.front();
    const SegmentOverhead around = overhead(volumes_, architecture_);
    cost.weight_load_ps = around.weight_load_ps;
    cost.latency_ps = around.weight_load_ps + around.weight_write_ps + around.data_ps +
                      bounded_ps(figures_.batch() * slowest_, unit.operation_ps);
    cost.energy_pj =
        around.energy_pj + (products_before_ + last_products()) * unit.operation_energy_pj +
        architecture_.replacement.static_power_pj_per_ps * static_cast<double>(cost.latency_ps);
    cost.drain_ps = (ends_.last - ends_.first_core) * unit.operation_ps;
  }

  const UnitFigures& figures_;
  const Architecture& architecture_;
  const ReplicationRule& rule_;
  const std::int64_t capacity_;
  const std::int64_t per_core_;
  const std::int64_t most_copies_;

  UnitSpan span_{-1, -1};
  std::int64_t used_ = 0;  // one copy of everything
  Surroundings volumes_;
  std::vector<ReplicatedLayer> layers_;
  std::int64_t products_ = 0;   // of the last layer
  double products_before_ = 0;  // of crossbars, in all layers before it
  segments::GrowingBalance balance_;
  std::vector<std::int64_t> copies_;  // by the heap
  std::int64_t slowest_ = 1;
  Ends ends_;
  Ends ends_before_;           // of the first `followed_` layers,
  std::size_t followed_ = 0;   // when the slowest takes
  std::int64_t ends_of_ = -1;  // so many windows
};

}  // namespace

std::shared_ptr<const UnitFigures> SegmentEstimates::figures(const UnitSequence& sequence) const {
  // Another workload may be gone by the next call, and a new one stand where it stood.
  const bool is_own = sequence.workload == &workload_;
  if (is_own) {
    const std::lock_guard lock(mutex_);
    if (last_ && last_->are_of(sequence.units)) {
      return last_;
    }
  }
  auto fresh = std::make_shared<const UnitFigures>(sequence);
  if (is_own) {
    const std::lock_guard lock(mutex_);
    last_ = fresh;
  }
  return fresh;
}

void SegmentEstimates::evaluate(const UnitSequence& sequence, std::span<const UnitSpan> spans,
                                std::span<SegmentCost> out) const {
  IMBREX_ASSERT(spans.size() == out.size());
  const std::shared_ptr<const UnitFigures> all = figures(sequence);
  GrowingSpan growing(*all, sequence, architecture_, rule_);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    out[i] = growing.cost(spans[i]);
  }
}

void copies(const UnitSequence& sequence, const ReplicationRule& rule, UnitSpan span,
            std::span<std::int64_t> out) {
  IMBREX_ASSERT(static_cast<std::size_t>(span.end - span.begin) == out.size());
  const std::int64_t batch = batch_of(sequence);
  std::vector<ReplicatedLayer> layers;
  std::vector<std::size_t> layer_of_unit;
  for (std::int32_t i = span.begin; i < span.end; ++i) {
    const WeightUnit& unit = sequence.units[static_cast<std::size_t>(i)];
    if (i > span.begin && unit.op == sequence.units[static_cast<std::size_t>(i) - 1].op) {
      layers.back().units += unit.size;
    } else {
      layers.push_back(layer_of(unit, sequence.workload->at(unit.op), batch));
    }
    layer_of_unit.push_back(layers.size() - 1);
  }
  std::vector<std::int64_t> found(layers.size());
  const std::int64_t most = most_copies(sequence, rule);
  if (rule.method == Replication::exact) {
    segments::balance_copies(layers, sequence.capacity, most, found);
  } else {
    segments::heap_copies(layers, sequence.capacity, most, rule.spare_margin, found);
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = found[layer_of_unit[i]];
  }
}

}  // namespace imbrex::crossbar_cost
