#include "segments/movement_trace.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/segments/segment_traffic.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

namespace imbrex::segments {
namespace {

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

// Records what a consumer reads of each origin.
class CrossingRules {
 public:
  // The narrowest tensor since the last meeting of branches, and whether operators between here and
  // there do more than select words.
  struct Form {
    TensorId tensor = TensorId::none;
    bool computed = false;
  };

  CrossingRules(const Origins& origins, LayerTraffic& result)
      : origins_(origins), result_(result) {}

  void trace_operand(TensorId operand, std::int32_t consumer) {
    consumer_ = consumer;
    seen_.clear();
    trace_back(origins_, operand, Form{operand, false}, *this);
  }

  // For `trace_back`.
  bool enter(TensorId here, Form& form) {
    if (bits(here) <= bits(form.tensor)) {
      form = {here, false};
    }
    return seen_.emplace(here, form.tensor, form.computed).second;
  }
  void arrive(std::int32_t origin, const Form& form) {
    result_.crossings_.push_back(
        {origin, consumer_, form.tensor, bits(form.tensor), form.computed});
  }
  // Where branches of one origin meet, what they make together is read, unless all of the origin's
  // words are fewer.
  bool ends_at(TensorId here, const Operator& maker, const Form& form) {
    const std::int32_t only = origins_.only(here);
    const bool meets = maker.inputs.size() != 1 && only >= 0 &&
                       bits(form.tensor) <= result_.whole_bits_[static_cast<std::size_t>(only)];
    if (meets) {
      arrive(only, {form.tensor, true});
    }
    return meets;
  }
  static Form before(const Operator& op, TensorId operand, const Form& form) noexcept {
    return op.inputs.size() == 1 ? Form{form.tensor, form.computed || !only_selects(op.kind)}
                                 : Form{operand, false};
  }

 private:
  std::int64_t bits(TensorId tensor) const { return bits_of(origins_.workload().at(tensor)); }

  const Origins& origins_;
  LayerTraffic& result_;
  std::int32_t consumer_ = 0;
  std::set<std::tuple<TensorId, TensorId, bool>> seen_;
};

LayerTraffic::LayerTraffic(const Workload& workload, std::span<const OperatorId> layers) {
  for (const OperatorId id : layers) {
    weight_bits_.push_back(workload.at(id).weight_bits());
    whole_bits_.push_back(bits_of(workload.at(workload.at(id).output)));
  }
  for (const TensorId input : workload.inputs()) {
    whole_bits_.push_back(bits_of(workload.at(input)));
  }
  const Origins origins(workload, layers);
  CrossingRules rules(origins, *this);
  const auto count = static_cast<std::int32_t>(layers.size());
  for (std::int32_t i = 0; i < count; ++i) {
    for (const TensorId input : workload.at(layers[static_cast<std::size_t>(i)]).inputs) {
      rules.trace_operand(input, i);
    }
  }
  for (const TensorId output : workload.outputs()) {
    const std::int32_t layer = origins.last_layer(output);
    if (layer >= 0) {
      rules.trace_operand(output, count + static_cast<std::int32_t>(outputs_.size()));
      outputs_.push_back({layer, output, bits_of(workload.at(output))});
    }
  }
  std::stable_sort(crossings_.begin(), crossings_.end(),
                   [](const Crossing& a, const Crossing& b) { return a.origin < b.origin; });
}

// Adds up one segment.
class CrossingAccount {
 public:
  CrossingAccount(const LayerTraffic& traffic, std::span<const std::int32_t> segment_of,
                  std::int32_t segment, std::int64_t retained_bits)
      : traffic_(traffic),
        segment_of_(segment_of),
        segment_(segment),
        retained_bits_(retained_bits) {}

  LayerBits run() {
    for (std::size_t i = 0; i < segment_of_.size(); ++i) {
      bits_.weight_bits += segment_of_[i] == segment_ ? traffic_.weight_bits_[i] : 0;
    }
    for (const LayerTraffic::Output& output : traffic_.outputs_) {
      if (segment_of_[static_cast<std::size_t>(output.layer)] == segment_ &&
          stored_.insert(output.tensor).second) {
        bits_.store_bits += output.bits;
      }
    }
    const auto& all = traffic_.crossings_;
    for (auto first = all.begin(); first != all.end();) {
      const auto last = std::find_if(
          first, all.end(), [&](const auto& crossing) { return crossing.origin != first->origin; });
      add_origin({first, last});
      first = last;
    }
    return bits_;
  }

 private:
  using Crossing = LayerTraffic::Crossing;

  std::size_t layers() const noexcept { return segment_of_.size(); }
  bool is_layer(std::int32_t index) const noexcept {
    return static_cast<std::size_t>(index) < layers();
  }
  std::int32_t segment_of_consumer(const Crossing& crossing) const {
    const auto consumer = static_cast<std::size_t>(crossing.consumer);
    const auto layer = consumer < layers()
                           ? consumer
                           : static_cast<std::size_t>(traffic_.outputs_[consumer - layers()].layer);
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
    const std::int64_t whole = traffic_.whole_bits_[static_cast<std::size_t>(origin)];
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
        (mine ? bits_.retained_out_bits : bits_.retained_in_bits) += crossing->bits;
      } else if (!mine || stored_.insert(form).second) {
        (crossing->computed ? computed : selected) += crossing->bits;
      }
    }
    if (outside) {
      bits_.load_bits += computed > 0 ? whole : std::min(whole, selected);
    } else if (mine) {
      bits_.store_bits += std::min(whole, selected) + computed;
    } else {
      bits_.load_bits += selected >= whole ? whole : selected + computed;
    }
  }

  const LayerTraffic& traffic_;
  std::span<const std::int32_t> segment_of_;
  std::int32_t segment_;
  std::int64_t retained_bits_;
  std::set<TensorId> stored_;
  LayerBits bits_;
};

LayerBits LayerTraffic::of(std::span<const std::int32_t> segment_of, std::int32_t segment,
                           std::int64_t retained_bits) const {
  IMBREX_ASSERT(segment_of.size() == weight_bits_.size());
  return CrossingAccount(*this, segment_of, segment, retained_bits).run();
}

LayerBits LayerTraffic::of(UnitSpan span, std::int64_t retained_bits) const {
  std::vector<std::int32_t> segment_of(weight_bits_.size(), 0);
  std::fill(segment_of.begin() + span.begin, segment_of.begin() + span.end, 1);
  return of(segment_of, 1, retained_bits);
}

}  // namespace imbrex::segments
