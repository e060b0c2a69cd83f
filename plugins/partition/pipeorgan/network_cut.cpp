#include "network_cut.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/segments/segment_depth.hpp>
#include <imbrex/toolkit/segments/segment_search.hpp>
#include <imbrex/values/work_graph.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <span>
#include <utility>

namespace imbrex::pipeorgan {
namespace {

using segments::Ends;

std::int64_t floor_root(std::int64_t value) noexcept {
  std::int64_t root = 1;
  while ((root + 1) * (root + 1) <= value) {
    ++root;
  }
  return root;
}

std::int64_t most_layers(const Architecture& array, const CutOptions& options) noexcept {
  if (options.depth == Depth::one) {
    return 1;
  }
  return options.most_layers > 0 ? options.most_layers
                                 : floor_root(array.grid.rows * array.grid.columns);
}

// Operators of the largest segment, whether they are layers or not.
std::int64_t largest_given(const Design& design) {
  std::map<std::int32_t, std::int64_t> sizes;
  std::int64_t largest = 1;
  for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
    largest = std::max(largest, ++sizes[design.placement(operator_id(i)).segment]);
  }
  return largest;
}

// The level below the external memory is the global buffer; weights of the widest operator count.
segments::DepthLimits limits_of(const Design& design, const Architecture& array,
                                const CutOptions& options) {
  std::int64_t bits = 1;
  for (const Operator& op : design.workload().operators()) {
    bits = std::max<std::int64_t>(bits, op.has_macs() ? op.weight_bits_per_element : 1);
  }
  const bool bounded = array.levels.size() > 1 && array.levels[1].capacity_bits > 0;
  const std::int64_t elements = array.grid.rows * array.grid.columns;
  segments::DepthLimits limits;
  limits.words_per_weight = options.words_per_weight;
  limits.resident_weight_words = bounded ? options.resident_share *
                                               static_cast<double>(array.levels[1].capacity_bits) /
                                               static_cast<double>(bits)
                                         : segments::kUnboundedWords;
  limits.most_layers = static_cast<std::int32_t>(most_layers(array, options));
  limits.least_utilisation = 1 - options.utilisation_drop;
  limits.share_units = std::max<std::int64_t>(1, elements / options.share_unit);
  return limits;
}

Ends given_ends(const Design& design, const Evaluator& evaluator,
                const segments::LayerSequence& sequence) {
  Ends ends;
  std::int32_t latest = -1;
  for (std::size_t i = 0; i < sequence.operators.size(); ++i) {
    const std::int32_t segment = design.placement(sequence.operators[i]).segment;
    if (segment < latest) {
      throw InputError("operator '" + design.workload().at(sequence.operators[i]).name +
                       "' comes after layers of a later segment; depth = \"given\" needs "
                       "segments that follow one another");
    }
    if (segment > latest && i > 0) {
      ends.push_back(static_cast<std::int32_t>(i));
    }
    latest = segment;
  }
  ends.push_back(static_cast<std::int32_t>(sequence.operators.size()));
  IMBREX_ASSERT(segment_numbers(design, evaluator.cost()).size() == ends.size());
  return ends;
}

class Cutter {
 public:
  Cutter(const Design& design, const Evaluator& evaluator, const segments::LayerSequence& sequence,
         const CutOptions& options, SegmentPlanner& planner, const Host* host)
      : design_(design),
        evaluator_(evaluator),
        sequence_(sequence),
        options_(options),
        planner_(planner),
        host_(host),
        limits_(limits_of(design, evaluator.architecture(), options)) {}

  std::vector<PlannedSegment> run() {
    if (options_.depth == Depth::fastest) {
      add_fastest(0, sequence_.layers.size(), std::nullopt);
      return std::move(segments_);
    }
    for (const UnitSpan span : segments::spans_of(ends())) {
      const auto begin = static_cast<std::size_t>(span.begin);
      const auto end = static_cast<std::size_t>(span.end);
      std::string why;
      auto whole = plan(begin, end, why);
      if (!whole && (options_.depth == Depth::given || end - begin == 1)) {
        refuse(begin, end, why);
      }
      const bool may_undo = options_.undo_slower && options_.depth != Depth::given;
      if (end - begin == 1 || (whole && (!may_undo || whole->worth <= one_by_one(begin, end)))) {
        segments_.push_back({begin, end, std::move(*whole)});
      } else {
        add_fastest(begin, end, std::move(whole));
      }
    }
    return std::move(segments_);
  }

 private:
  Ends ends() const {
    switch (options_.depth) {
      case Depth::given:
        return given_ends(design_, evaluator_, sequence_);
      case Depth::exact:
        return segments::optimal_segments(sequence_, limits_,
                                          retained_words(evaluator_.architecture()));
      default:
        return segments::greedy_segments(sequence_, limits_);
    }
  }

  [[noreturn]] void refuse(std::size_t begin, std::size_t end, const std::string& why) const {
    const auto name = [&](std::size_t layer) {
      return "'" + design_.workload().at(sequence_.operators[layer]).name + "'";
    };
    if (end - begin == 1) {
      throw InfeasibleError("layer " + name(begin) + " does not fit the array: " + why);
    }
    throw InfeasibleError("layers " + name(begin) + " to " + name(end - 1) + " (" +
                          std::to_string(end - begin) +
                          ") of one segment cannot be pipelined: " + why);
  }

  std::optional<SegmentChoice> plan(std::size_t begin, std::size_t end, std::string& why,
                                    double limit = INFINITY) {
    const bool interrupted = host_ != nullptr && host_->cancelled();
    if (interrupted && end - begin > 1 && options_.depth != Depth::given) {
      return std::nullopt;  // layers one by one are a result, too
    }
    return planner_.plan(begin, end, why, limit);
  }

  SegmentChoice single(std::size_t layer) {
    std::string why;
    auto choice = plan(layer, layer + 1, why);
    if (!choice) {
      refuse(layer, layer + 1, why);
    }
    return std::move(*choice);
  }

  double one_by_one(std::size_t begin, std::size_t end) {
    double total = 0;
    for (std::size_t i = begin; i < end; ++i) {
      total += single(i).worth;
    }
    return total;
  }

  // The cuts of layers [begin, end) with the least sum in the objective: a shortest path over
  // spans, each planned once. `whole`: the plan of all of them together, where that is known.
  void add_fastest(std::size_t begin, std::size_t end, std::optional<SegmentChoice> whole) {
    std::vector<SegmentChoice> last(end - begin + 1);  // of the best cuts up to each layer
    const auto worth = [&](UnitSpan span, double before, double least) -> double {
      const std::size_t from = begin + static_cast<std::size_t>(span.begin);
      const std::size_t to = begin + static_cast<std::size_t>(span.end);
      if (before + planner_.lower_bound(from, to) >= least) {
        return INFINITY;
      }
      std::string why;
      std::optional<SegmentChoice> choice;
      if (to - from == 1) {
        choice = single(from);
      } else if (from == begin && to == end && whole) {
        choice = whole;
      } else {
        choice = plan(from, to, why, least - before);
      }
      if (!choice) {
        return INFINITY;
      }
      const double found = choice->worth;
      if (before + found < least) {
        last[static_cast<std::size_t>(span.end)] = std::move(*choice);
      }
      return found;
    };
    const auto layers = std::span(sequence_.layers).subspan(begin, end - begin);
    const Ends cuts = segments::shortest_path(segments::joining_spans(layers, limits_), worth);
    for (const UnitSpan span : segments::spans_of(cuts)) {
      segments_.push_back({begin + static_cast<std::size_t>(span.begin),
                           begin + static_cast<std::size_t>(span.end),
                           std::move(last[static_cast<std::size_t>(span.end)])});
    }
  }

  const Design& design_;
  const Evaluator& evaluator_;
  const segments::LayerSequence& sequence_;
  const CutOptions& options_;
  SegmentPlanner& planner_;
  const Host* host_;
  const segments::DepthLimits limits_;
  std::vector<PlannedSegment> segments_;
};

}  // namespace

std::int64_t longest_reach(const Design& design, const Architecture& array,
                           const CutOptions& options) {
  switch (options.depth) {
    case Depth::exact:
      return segments::kAnyReach;
    case Depth::given:
      return largest_given(design);
    default:
      return most_layers(array, options);
  }
}

std::vector<PlannedSegment> cut_network(const Design& design, const Evaluator& evaluator,
                                        const segments::LayerSequence& sequence,
                                        const CutOptions& options, SegmentPlanner& planner,
                                        const Host* host) {
  return Cutter(design, evaluator, sequence, options, planner, host).run();
}

std::int64_t retained_words(const Architecture& array) noexcept {
  return array.replacement.retained_bits / array.links.word_bits;
}

}  // namespace imbrex::pipeorgan
