#include "segment_estimate.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/nests/hierarchy.hpp>
#include <imbrex/toolkit/segments/layer_sequence.hpp>
#include <imbrex/toolkit/spatial/pipeline_granularity.hpp>
#include <imbrex/toolkit/spatial/spatial_layout.hpp>
#include <imbrex/values/region.hpp>
#include <imbrex/values/work_order.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

namespace imbrex::loop_nest {
namespace {

// The layers of one span as stages of a pipeline.
class Pipeline {
 public:
  Pipeline(const Workload& workload, const segments::LayerSequence& sequence,
           const Architecture& array, UnitSpan span)
      : sequence_(sequence), array_(array), begin_(static_cast<std::size_t>(span.begin)) {
    for (std::int32_t i = span.begin; i < span.end; ++i) {
      stages_.push_back(&workload.at(sequence.operators[static_cast<std::size_t>(i)]));
    }
    const bool narrow = std::all_of(stages_.begin(), stages_.end(),
                                    [](const Operator* op) { return op->bounds[Dim::P] == 1; });
    along_ = narrow ? Dim::Q : Dim::P;
  }

  bool feasible() const {
    return stages_.size() == 1 || (static_cast<std::int64_t>(stages_.size()) <= columns() &&
                                   hands_over() && words_waiting() <= buffer_words());
  }

  // The array fills and drains in every interval.
  std::int64_t compute_ps(double fill_drain_steps) const {
    std::vector<std::int64_t> work;
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      work.push_back(layer(i).macs);
    }
    const std::vector<std::int64_t> shares = spatial::min_max_shares(work, columns());
    const ComputeUnit& unit = array_.units.front();
    const std::int64_t macs_per_column = unit.rows * unit.columns / columns();
    const std::int64_t count = stages_.size() == 1 ? 1 : intervals();
    std::vector<spatial::PipelineStage> pipeline;
    for (std::size_t i = 0; i < work.size(); ++i) {
      const std::int64_t cycles = ceil_div(work[i], shares[i] * macs_per_column);
      const std::int64_t interval_ps = whole_ps(
          static_cast<double>(ceil_div(cycles, count)) + fill_drain_steps, unit.exact_ps());
      pipeline.push_back({interval_ps, interval_ps, i == 0 ? 0 : halo(i)});
    }
    return spatial::pipeline_latency_ps(pipeline, count);
  }

  double compute_pj() const {
    double macs = 0;
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      macs += static_cast<double>(layer(i).macs);
    }
    return macs * array_.units.front().operation_energy_pj;
  }

 private:
  const segments::LayerWords& layer(std::size_t stage) const {
    return sequence_.layers[begin_ + stage];
  }
  std::int64_t columns() const { return array_.grid.columns; }
  std::int64_t positions(std::size_t stage) const { return stages_[stage]->bounds[along_]; }

  bool hands_over() const {
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      if (positions(i) < 2 ||
          (i + 1 < stages_.size() && (!layer(i).joins_next || !hands_over_rows(i)))) {
        return false;
      }
    }
    return true;
  }

  // In two intervals or more, as whoever lays out the segment asks.
  bool hands_over_rows(std::size_t stage) const {
    const Operator& producer = *stages_[stage];
    const Operator& consumer = *stages_[stage + 1];
    spatial::Cut cut;
    cut.extent = producer.bounds.bound;
    cut.extent[index(Dim::K)] *= producer.bounds[Dim::G];
    for (const auto& [axis, dim] : {std::pair(std::size_t{0}, Dim::P), {1, Dim::Q}}) {
      cut.stride[axis] = std::max<std::int64_t>(
          1, producer.bounds[dim] / std::max<std::int64_t>(1, consumer.bounds[dim]));
    }
    return spatial::finest_granularity(cut, row_loops(stage), row_loops(stage + 1)).intervals > 1;
  }
  std::array<spatial::TileLoop, 4> row_loops(std::size_t stage) const {
    const LoopBounds& bounds = stages_[stage]->bounds;
    const Dim across = along_ == Dim::P ? Dim::Q : Dim::P;
    return {{{along_, std::min(positions(stage), rows(stage))},
             {across, bounds[across]},
             {Dim::K, bounds[Dim::K]},
             {Dim::C, bounds[Dim::C]}}};
  }

  // Rows of a stage in one interval, when the last one makes a row per interval.
  std::int64_t rows(std::size_t stage) const {
    return ceil_div(positions(stage), positions(stages_.size() - 1));
  }
  std::int64_t row_words(std::size_t stage) const {
    const LoopBounds& bounds = stages_[stage]->bounds;
    const Dim across = along_ == Dim::P ? Dim::Q : Dim::P;
    return bounds[across] * bounds[Dim::K] * bounds[Dim::G];
  }

  std::int64_t words_waiting() const {
    const std::size_t axis = along_ == Dim::P ? 0 : 1;
    const Dim kernel = along_ == Dim::P ? Dim::R : Dim::S;
    std::int64_t words = layer(0).weight_words;
    std::vector<std::int64_t> lag{0};  // intervals behind the first stage
    for (std::size_t i = 1; i < stages_.size(); ++i) {
      const Operator& op = *stages_[i];
      words += layer(i).weight_words;
      words += spatial::cut_buffer_words(
          rows(i - 1) * row_words(i - 1),
          std::max<std::int64_t>(0, op.bounds[kernel] - op.stride[axis]) * row_words(i - 1));
      lag.push_back(lag.back() + 1 + halo(i));
    }
    return words + skips_waiting(lag);
  }

  // By which a stage stays behind the one before it.
  std::int64_t halo(std::size_t stage) const {
    const Operator& op = *stages_[stage];
    const std::size_t axis = along_ == Dim::P ? 0 : 1;
    return spatial::halo_intervals(op.bounds[along_ == Dim::P ? Dim::R : Dim::S], op.stride[axis],
                                   op.pad_begin[axis], rows(stage - 1));
  }
  std::int64_t intervals() const {
    std::int64_t count = positions(stages_.size() - 1);
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      count = std::min(count, ceil_div(positions(i), rows(i)));
    }
    return count;
  }

  std::int64_t skips_waiting(const std::vector<std::int64_t>& lag) const {
    std::int64_t words = 0;
    const std::int64_t count = intervals();
    const auto behind = [&](std::int32_t layer) {
      return lag[static_cast<std::size_t>(layer) - begin_];
    };
    segments::for_each_skip_inside(
        sequence_.skips, static_cast<std::int32_t>(begin_),
        static_cast<std::int32_t>(begin_ + stages_.size()), [&](const segments::SkipTensor& skip) {
          const std::int64_t piece = ceil_div(skip.words, count);
          words += spatial::cut_buffer_words(piece, 0,
                                             behind(skip.consumer) - behind(skip.producer), piece);
        });
    return words;
  }

  std::int64_t buffer_words() const {
    const bool bounded = array_.levels.size() > 1 && array_.levels[1].capacity_bits > 0;
    return bounded ? array_.levels[1].capacity_bits / array_.links.word_bits
                   : std::numeric_limits<std::int64_t>::max();
  }

  const segments::LayerSequence& sequence_;
  const Architecture& array_;
  std::size_t begin_;
  std::vector<const Operator*> stages_;
  Dim along_ = Dim::P;
};

}  // namespace

void evaluate_segments(const SegmentMemoryModel& memory, const Architecture& architecture,
                       const UnitSequence& units, std::span<const UnitSpan> spans,
                       std::span<SegmentCost> out) {
  const segments::LayerSequence& sequence = memory.layers();
  IMBREX_ASSERT(units.units.size() == sequence.operators.size());
  for (std::size_t i = 0; i < spans.size(); ++i) {
    out[i] = {};
    const Pipeline pipeline(*units.workload, sequence, architecture, spans[i]);
    if (!pipeline.feasible()) {
      out[i].verdict = Verdict::infeasible;
      continue;
    }
    const SegmentOverhead around = memory.estimate(spans[i]);
    out[i].latency_ps = around.weight_load_ps + around.weight_write_ps +
                        around.work_ps(pipeline.compute_ps(memory.fill_drain_steps())) +
                        around.data_ps;
    out[i].energy_pj = pipeline.compute_pj() + around.energy_pj;
    out[i].weight_load_ps = around.weight_load_ps;
  }
}

}  // namespace imbrex::loop_nest
