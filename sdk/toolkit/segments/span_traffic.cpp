#include "segments/form_account.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/segments/segment_traffic.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace imbrex::segments {

// Adds up one span from the crossings of single origins.
class SpanAccount {
 public:
  SpanAccount(const SpanTraffic& spans, UnitSpan span)
      : spans_(spans),
        traffic_(spans.traffic_),
        span_(span),
        layers_(static_cast<std::int32_t>(traffic_.weight_bits_.size())),
        forms_(spans.retained_bits_),
        next_output_(traffic_.outputs_.size() + 1, kNobody) {
    for (std::size_t k = traffic_.outputs_.size(); k-- > 0;) {
      next_output_[k] = next_output_[k + 1];
      next_output_[k][holds(traffic_.outputs_[k].layer) ? 1 : 0] =
          layers_ + static_cast<std::int32_t>(k);
    }
  }

  LayerBits run() {
    for (const LayerTraffic::Output& output : traffic_.outputs_) {
      if (holds(output.layer)) {
        forms_.store(output.tensor, output.bits);
      }
    }
    for (std::int32_t origin = span_.begin; origin < span_.end; ++origin) {
      add(origin, true);
    }
    for (const std::int32_t origin : spans_.others_) {
      if (!holds(origin)) {
        add(origin, false);
      }
    }
    return forms_.bits;
  }

 private:
  static constexpr std::array<std::int32_t, 2> kNobody = {std::numeric_limits<std::int32_t>::max(),
                                                          std::numeric_limits<std::int32_t>::max()};

  bool holds(std::int32_t layer) const noexcept {
    return layer >= span_.begin && layer < span_.end;
  }

  // From a consumer on, the first one inside the span, or the first one outside.
  std::int32_t next(std::int32_t from, bool inside) const noexcept {
    if (from < layers_ && from < span_.end && inside) {
      return std::max(from, span_.begin);
    }
    if (!inside) {
      from = holds(from) ? span_.end : from;
      if (from < layers_) {
        return from;
      }
    }
    return next_output_[static_cast<std::size_t>(std::max(from, layers_) - layers_)]
                       [inside ? 1 : 0];
  }

  void add(std::int32_t origin, bool mine) {
    const auto o = static_cast<std::size_t>(origin);
    crossed_.clear();
    for (std::size_t i = spans_.first_[o]; i < spans_.first_[o + 1]; ++i) {
      const LayerTraffic::Crossing& crossing = traffic_.crossings_[i];
      // Every form crosses once, as its first reader on the other side has it.
      const bool again = !crossed_.empty() && crossed_.back()->form == crossing.form;
      if (!again && next(crossing.first, !mine) <= crossing.last) {
        crossed_.push_back(&crossing);
      }
    }
    forms_.add(crossed_, traffic_.whole_bits_[o], origin >= layers_, mine);
  }

  const SpanTraffic& spans_;
  const LayerTraffic& traffic_;
  const UnitSpan span_;
  const std::int32_t layers_;
  FormAccount forms_;
  // From each output on, the first one outside the span and the first one inside, as consumers.
  std::vector<std::array<std::int32_t, 2>> next_output_;
  std::vector<const LayerTraffic::Crossing*> crossed_;  // of one origin
};

SpanTraffic::SpanTraffic(const LayerTraffic& traffic, std::int64_t retained_bits)
    : traffic_(traffic),
      retained_bits_(retained_bits),
      first_(traffic.whole_bits_.size() + 1),
      begun_(traffic.weight_bits_.size() + 1),
      over_(traffic.weight_bits_.size() + 1) {
  for (const LayerTraffic::Crossing& crossing : traffic.crossings_) {
    ++first_[static_cast<std::size_t>(crossing.origin) + 1];
  }
  for (std::size_t origin = 0; origin + 1 < first_.size(); ++origin) {
    first_[origin + 1] += first_[origin];
  }
  for (const LayerTraffic::Output& output : traffic.outputs_) {
    least_layer_.push_back(least_layer_.empty() ? output.layer
                                                : std::min(least_layer_.back(), output.layer));
  }
  weights_before_.push_back(0);
  for (const std::int64_t bits : traffic.weight_bits_) {
    weights_before_.push_back(weights_before_.back() + bits);
  }
  sum_up();
}

// Its readers are a row of layers; an output of the network that is among them is made by one.
bool SpanTraffic::is_plain(std::size_t origin) const noexcept {
  if (first_[origin] + 1 != first_[origin + 1]) {
    return false;
  }
  const LayerTraffic::Crossing& crossing = traffic_.crossings_[first_[origin]];
  const auto layers = static_cast<std::int32_t>(traffic_.weight_bits_.size());
  return crossing.first < layers &&
         (crossing.last < layers ||
          least_layer_[static_cast<std::size_t>(crossing.last - layers)] >= crossing.first);
}

// Into any segment that reads a plain origin.
SpanTraffic::Entering SpanTraffic::entering(std::size_t origin) const {
  const LayerTraffic::Crossing* const crossing = &traffic_.crossings_[first_[origin]];
  FormAccount forms(retained_bits_);
  forms.add({&crossing, 1}, traffic_.whole_bits_[origin], origin >= traffic_.weight_bits_.size(),
            false);
  return {forms.bits.load_bits, forms.bits.retained_in_bits};
}

void SpanTraffic::sum_up() {
  const std::size_t layers = traffic_.weight_bits_.size();
  for (std::size_t origin = 0; origin < traffic_.whole_bits_.size(); ++origin) {
    if (first_[origin] == first_[origin + 1]) {
      continue;
    }
    if (!is_plain(origin)) {
      others_.push_back(static_cast<std::int32_t>(origin));
      continue;
    }
    const LayerTraffic::Crossing& crossing = traffic_.crossings_[first_[origin]];
    const Entering bits = entering(origin);
    begun_[static_cast<std::size_t>(crossing.first) + 1] += bits;
    over_[std::min(layers, static_cast<std::size_t>(crossing.last) + 1)] += bits;
  }
  for (std::size_t i = 0; i < layers; ++i) {
    begun_[i + 1] += begun_[i];
    over_[i + 1] += over_[i];
  }
}

// Read in the span is what began to be read before its end and was not over before it began. Layers
// of the span make part of that themselves.
LayerBits SpanTraffic::of(UnitSpan span) const {
  IMBREX_ASSERT(span.begin >= 0 && span.begin < span.end &&
                static_cast<std::size_t>(span.end) < begun_.size());
  const auto begin = static_cast<std::size_t>(span.begin);
  const auto end = static_cast<std::size_t>(span.end);
  Entering bits = begun_[end];
  bits -= over_[begin];
  for (std::size_t origin = begin; origin < end; ++origin) {
    if (first_[origin] != first_[origin + 1] && is_plain(origin) &&
        traffic_.crossings_[first_[origin]].first < span.end) {
      bits -= entering(origin);
    }
  }
  LayerBits result = SpanAccount(*this, span).run();
  result.weight_bits = weights_before_[end] - weights_before_[begin];
  result.load_bits += bits.load_bits;
  result.retained_in_bits += bits.retained_bits;
  return result;
}

}  // namespace imbrex::segments
