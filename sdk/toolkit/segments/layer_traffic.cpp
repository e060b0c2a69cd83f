#include "segments/movement_trace.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/segments/segment_traffic.hpp>

#include <algorithm>
#include <array>
#include <limits>
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
      : origins_(origins), result_(result), latest_(origins.workload().tensors().size(), -1) {}

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
  // Consumers come one after another, and those in a row that read the same form are one entry: a
  // residual stream, which all later layers read, stays as long as it is. A form has one origin. Of
  // two ways by which one consumer reads it, the first counts.
  void arrive(std::int32_t origin, const Form& form) {
    std::int32_t& latest = latest_[form.tensor];
    if (latest >= 0) {
      LayerTraffic::Crossing& before = result_.crossings_[static_cast<std::size_t>(latest)];
      IMBREX_ASSERT(before.origin == origin);
      if (before.last == consumer_) {
        return;
      }
      if (before.last + 1 == consumer_ && before.computed == form.computed) {
        before.last = consumer_;
        return;
      }
    }
    latest = static_cast<std::int32_t>(result_.crossings_.size());
    result_.crossings_.push_back(
        {origin, consumer_, consumer_, form.tensor, bits(form.tensor), form.computed});
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
  IndexVector<TensorId, std::int32_t> latest_;  // entry of each form; -1: none
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
  std::sort(crossings_.begin(), crossings_.end(), [](const Crossing& a, const Crossing& b) {
    return std::tie(a.origin, a.form, a.first) < std::tie(b.origin, b.form, b.first);
  });
}

// Adds up one segment.
class CrossingAccount {
 public:
  CrossingAccount(const LayerTraffic& traffic, std::span<const std::int32_t> segment_of,
                  std::int32_t segment, std::int64_t retained_bits)
      : traffic_(traffic),
        segment_of_(segment_of),
        segment_(segment),
        retained_bits_(retained_bits),
        next_(segment_of.size() + traffic.outputs_.size() + 1, kNobody) {
    for (std::size_t i = next_.size() - 1; i-- > 0;) {
      next_[i] = next_[i + 1];
      const std::size_t layer =
          i < layers() ? i : static_cast<std::size_t>(traffic.outputs_[i - layers()].layer);
      next_[i][is_mine(layer) ? 1 : 0] = static_cast<std::int32_t>(i);
    }
  }

  LayerBits run() {
    for (std::size_t i = 0; i < layers(); ++i) {
      bits_.weight_bits += is_mine(i) ? traffic_.weight_bits_[i] : 0;
    }
    for (const LayerTraffic::Output& output : traffic_.outputs_) {
      if (is_mine(static_cast<std::size_t>(output.layer)) && stored_.insert(output.tensor).second) {
        bits_.store_bits += output.bits;
      }
    }
    const std::span<const Crossing> all = traffic_.crossings_;
    for (std::size_t first = 0; first < all.size();) {
      std::size_t last = first + 1;
      while (last < all.size() && all[last].origin == all[first].origin) {
        ++last;
      }
      add_origin(all.subspan(first, last - first));
      first = last;
    }
    return bits_;
  }

 private:
  using Crossing = LayerTraffic::Crossing;
  static constexpr std::array<std::int32_t, 2> kNobody = {std::numeric_limits<std::int32_t>::max(),
                                                          std::numeric_limits<std::int32_t>::max()};

  std::size_t layers() const noexcept { return segment_of_.size(); }
  bool is_mine(std::size_t layer) const noexcept { return segment_of_[layer] == segment_; }

  void add_origin(std::span<const Crossing> crossings) {
    const auto origin = static_cast<std::size_t>(crossings.front().origin);
    const bool outside = origin >= layers();
    const bool mine = !outside && is_mine(origin);
    crossed_.clear();
    for (const Crossing& crossing : crossings) {
      const std::int32_t reader = next_[static_cast<std::size_t>(crossing.first)][mine ? 0 : 1];
      // Every form crosses once, as its first reader on the other side has it.
      const bool again = !crossed_.empty() && crossed_.back()->form == crossing.form;
      if (reader <= crossing.last && !again) {
        crossed_.push_back(&crossing);
      }
    }
    add_forms(traffic_.whole_bits_[origin], outside, mine);
  }

  // Selected words of one tensor are never more than all of it; whoever has all of it on the chip
  // computes the rest there.
  void add_forms(std::int64_t whole, bool outside, bool mine) {
    std::int64_t selected = 0;
    std::int64_t computed = 0;
    for (const Crossing* const crossing : crossed_) {
      if (!outside && crossing->bits <= retained_bits_) {
        (mine ? bits_.retained_out_bits : bits_.retained_in_bits) += crossing->bits;
      } else if (!mine || stored_.insert(crossing->form).second) {
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
  // From each consumer on, the first one outside the segment and the first one inside.
  std::vector<std::array<std::int32_t, 2>> next_;
  std::vector<const Crossing*> crossed_;  // of one origin
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
