#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/segments/segment_memory.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

namespace imbrex::segments {
namespace {

constexpr std::int32_t kNoOrigin = -1;     // nothing but constants behind it
constexpr std::int32_t kManyOrigins = -2;  // more than one

// Does the operator hand on words of its input as they are?
bool only_selects(OperatorKind kind) noexcept {
  return kind == OperatorKind::slice || kind == OperatorKind::gather ||
         kind == OperatorKind::reshape || kind == OperatorKind::transpose ||
         kind == OperatorKind::expand || kind == OperatorKind::concat;
}

std::int64_t bits_of(const Tensor& tensor) noexcept {
  return tensor.shape.elements() * tensor.bits_per_element;
}

}  // namespace

// Follows operands back to the layers and inputs that they come from.
class CrossingTracer {
 public:
  CrossingTracer(const Workload& workload, std::span<const OperatorId> layers,
                 SegmentCrossings& result)
      : workload_(workload), result_(result), origin_(workload.tensors().size(), kNoOrigin) {
    const auto count = static_cast<std::int32_t>(layers.size());
    is_origin_.assign(workload.tensors().size(), false);
    for (std::size_t i = 0; i < layers.size(); ++i) {
      start(workload.at(layers[i]).output, static_cast<std::int32_t>(i));
    }
    for (std::size_t i = 0; i < workload.inputs().size(); ++i) {
      start(workload.inputs()[i], count + static_cast<std::int32_t>(i));
    }
    for (const Operator& op : workload.operators()) {
      if (!is_origin_[index(op.output)]) {
        origin_[index(op.output)] = common_origin(op);
      }
    }
  }

  void trace_operand(TensorId operand, std::int32_t consumer) {
    consumer_ = consumer;
    seen_.clear();
    follow(operand, operand, false);
  }

  // The last layer behind a tensor; -1: none.
  std::int32_t last_layer(TensorId tensor, std::int32_t layers) const {
    const std::int32_t only = origin_[index(tensor)];
    if (only != kManyOrigins) {
      return only < layers ? only : -1;
    }
    std::int32_t last = -1;
    for (const TensorId input : workload_.at(workload_.at(tensor).producer).inputs) {
      last = std::max(last, last_layer(input, layers));
    }
    return last;
  }

 private:
  void start(TensorId tensor, std::int32_t origin) {
    origin_[index(tensor)] = origin;
    is_origin_[index(tensor)] = true;
  }

  std::int32_t common_origin(const Operator& op) const {
    std::int32_t common = kNoOrigin;
    for (const TensorId input : op.inputs) {
      const std::int32_t origin = origin_[index(input)];
      if (origin != kNoOrigin && origin != common) {
        common = common == kNoOrigin ? origin : kManyOrigins;
      }
    }
    return common;
  }

  // `form`: the narrowest tensor since the last meeting of branches; `computed`: whether operators
  // between here and there do more than select words.
  void follow(TensorId here, TensorId form, bool computed) {
    if (bits_of(workload_.at(here)) <= bits_of(workload_.at(form))) {
      form = here;
      computed = false;
    }
    if (!seen_.emplace(here, form, computed).second) {
      return;
    }
    if (is_origin_[index(here)]) {
      record(origin_[index(here)], form, computed);
      return;
    }
    if (workload_.at(here).producer == OperatorId::none) {
      return;
    }
    const Operator& op = workload_.at(workload_.at(here).producer);
    if (op.inputs.size() == 1) {
      follow(op.inputs.front(), form, computed || !only_selects(op.kind));
      return;
    }
    const std::int32_t only = origin_[index(here)];
    if (only >= 0 &&
        bits_of(workload_.at(form)) <= result_.whole_bits_[static_cast<std::size_t>(only)]) {
      record(only, form, true);
      return;
    }
    for (const TensorId input : op.inputs) {
      follow(input, input, false);
    }
  }

  void record(std::int32_t origin, TensorId form, bool computed) {
    result_.crossings_.push_back({origin, consumer_, form, bits_of(workload_.at(form)), computed});
  }

  const Workload& workload_;
  SegmentCrossings& result_;
  std::vector<std::int32_t> origin_;  // by tensor
  std::vector<bool> is_origin_;
  std::int32_t consumer_ = 0;
  std::set<std::tuple<TensorId, TensorId, bool>> seen_;
};

SegmentCrossings::SegmentCrossings(const Workload& workload, std::span<const OperatorId> layers) {
  for (const OperatorId id : layers) {
    weight_bits_.push_back(workload.at(id).weight_bits());
    whole_bits_.push_back(bits_of(workload.at(workload.at(id).output)));
  }
  for (const TensorId input : workload.inputs()) {
    whole_bits_.push_back(bits_of(workload.at(input)));
  }
  CrossingTracer tracer(workload, layers, *this);
  const auto count = static_cast<std::int32_t>(layers.size());
  for (std::int32_t i = 0; i < count; ++i) {
    for (const TensorId input : workload.at(layers[static_cast<std::size_t>(i)]).inputs) {
      tracer.trace_operand(input, i);
    }
  }
  for (const TensorId output : workload.outputs()) {
    const std::int32_t layer = tracer.last_layer(output, count);
    if (layer >= 0) {
      tracer.trace_operand(output, count + static_cast<std::int32_t>(outputs_.size()));
      outputs_.push_back({layer, output, bits_of(workload.at(output))});
    }
  }
  std::stable_sort(crossings_.begin(), crossings_.end(),
                   [](const Crossing& a, const Crossing& b) { return a.origin < b.origin; });
}

// Adds up one segment.
class CrossingAccount {
 public:
  CrossingAccount(const SegmentCrossings& crossings, std::span<const std::int32_t> segment_of,
                  std::int32_t segment, std::int64_t retained_bits)
      : crossings_(crossings),
        segment_of_(segment_of),
        segment_(segment),
        retained_bits_(retained_bits) {}

  SegmentMemory run() {
    for (std::size_t i = 0; i < segment_of_.size(); ++i) {
      memory_.weight_bits += segment_of_[i] == segment_ ? crossings_.weight_bits_[i] : 0;
    }
    for (const SegmentCrossings::Output& output : crossings_.outputs_) {
      if (segment_of_[static_cast<std::size_t>(output.layer)] == segment_ &&
          stored_.insert(output.tensor).second) {
        memory_.store_bits += output.bits;
      }
    }
    const auto& all = crossings_.crossings_;
    for (auto first = all.begin(); first != all.end();) {
      const auto last = std::find_if(
          first, all.end(), [&](const auto& crossing) { return crossing.origin != first->origin; });
      add_origin({first, last});
      first = last;
    }
    return memory_;
  }

 private:
  using Crossing = SegmentCrossings::Crossing;

  std::size_t layers() const noexcept { return segment_of_.size(); }
  bool is_layer(std::int32_t index) const noexcept {
    return static_cast<std::size_t>(index) < layers();
  }
  std::int32_t segment_of_consumer(const Crossing& crossing) const {
    const auto consumer = static_cast<std::size_t>(crossing.consumer);
    const auto layer =
        consumer < layers()
            ? consumer
            : static_cast<std::size_t>(crossings_.outputs_[consumer - layers()].layer);
    return segment_of_[layer];
  }

  void add_origin(std::span<const Crossing> crossings) {
    const std::int32_t origin = crossings.front().origin;
    const bool outside = !is_layer(origin);
    const bool mine = !outside && segment_of_[static_cast<std::size_t>(origin)] == segment_;
    std::map<TensorId, const Crossing*> forms;  // that cross this segment's border
    for (const Crossing& crossing : crossings) {
      const std::int32_t to = segment_of_consumer(crossing);
      const bool crosses = mine ? to != segment_ : to == segment_;
      if (crosses) {
        forms.emplace(crossing.form, &crossing);
      }
    }
    const std::int64_t whole = crossings_.whole_bits_[static_cast<std::size_t>(origin)];
    add_forms(forms, whole, outside, mine);
  }

  // Selected words of one tensor are never more than all of it; whoever has all of it on the chip
  // computes the rest there.
  void add_forms(const std::map<TensorId, const Crossing*>& forms, std::int64_t whole, bool outside,
                 bool mine) {
    std::int64_t selected = 0;
    std::int64_t computed = 0;
    for (const auto& [form, crossing] : forms) {
      if (!outside && crossing->bits <= retained_bits_) {
        (mine ? memory_.retained_out_bits : memory_.retained_in_bits) += crossing->bits;
      } else if (!mine || stored_.insert(form).second) {
        (crossing->computed ? computed : selected) += crossing->bits;
      }
    }
    if (outside) {
      memory_.load_bits += computed > 0 ? whole : std::min(whole, selected);
    } else if (mine) {
      memory_.store_bits += std::min(whole, selected) + computed;
    } else {
      memory_.load_bits += selected >= whole ? whole : selected + computed;
    }
  }

  const SegmentCrossings& crossings_;
  std::span<const std::int32_t> segment_of_;
  std::int32_t segment_;
  std::int64_t retained_bits_;
  std::set<TensorId> stored_;
  SegmentMemory memory_;
};

SegmentMemory SegmentCrossings::memory(std::span<const std::int32_t> segment_of,
                                       std::int32_t segment, std::int64_t retained_bits) const {
  IMBREX_ASSERT(segment_of.size() == weight_bits_.size());
  return CrossingAccount(*this, segment_of, segment, retained_bits).run();
}

}  // namespace imbrex::segments
