#include "network_cut.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/values/work_graph.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>

namespace imbrex::pipeorgan {
namespace {

using Ends = std::vector<std::int32_t>;

std::int64_t floor_root(std::int64_t value) noexcept {
  std::int64_t root = 1;
  while ((root + 1) * (root + 1) <= value) {
    ++root;
  }
  return root;
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
  const std::int64_t deepest = options.most_layers > 0 ? options.most_layers : floor_root(elements);
  segments::DepthLimits limits;
  limits.words_per_weight = options.words_per_weight;
  limits.resident_weight_words = bounded ? options.resident_share *
                                               static_cast<double>(array.levels[1].capacity_bits) /
                                               static_cast<double>(bits)
                                         : segments::kUnboundedWords;
  limits.most_layers = static_cast<std::int32_t>(options.depth == Depth::one ? 1 : deepest);
  limits.least_utilisation = 1 - options.utilisation_drop;
  limits.share_units = std::max<std::int64_t>(1, elements / options.share_unit);
  return limits;
}

Ends given_ends(const Design& design, const Evaluator& evaluator,
                const segments::PipelineProblem& problem) {
  Ends ends;
  std::int32_t latest = -1;
  for (std::size_t i = 0; i < problem.operators.size(); ++i) {
    const std::int32_t segment = design.placement(problem.operators[i]).segment;
    if (segment < latest) {
      throw InputError("operator '" + design.workload().at(problem.operators[i]).name +
                       "' comes after layers of a later segment; depth = \"given\" needs "
                       "segments that follow one another");
    }
    if (segment > latest && i > 0) {
      ends.push_back(static_cast<std::int32_t>(i));
    }
    latest = segment;
  }
  ends.push_back(static_cast<std::int32_t>(problem.operators.size()));
  IMBREX_ASSERT(segment_numbers(design, evaluator.cost()).size() == ends.size());
  return ends;
}

class Cutter {
 public:
  Cutter(const Design& design, const Evaluator& evaluator, const segments::PipelineProblem& problem,
         const CutOptions& options, SegmentPlanner& planner, const Host* host)
      : design_(design),
        evaluator_(evaluator),
        problem_(problem),
        options_(options),
        planner_(planner),
        host_(host),
        limits_(limits_of(design, evaluator.architecture(), options)) {}

  std::vector<PlannedSegment> run() {
    if (options_.depth == Depth::fastest) {
      add_fastest(0, problem_.layers.size(), std::nullopt);
      return std::move(segments_);
    }
    std::size_t begin = 0;
    for (const std::int32_t last : ends()) {
      const auto end = static_cast<std::size_t>(last);
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
      begin = end;
    }
    return std::move(segments_);
  }

 private:
  Ends ends() const {
    switch (options_.depth) {
      case Depth::given:
        return given_ends(design_, evaluator_, problem_);
      case Depth::exact:
        return segments::optimal_segments(problem_.layers, problem_.skips, limits_,
                                          retained_words(evaluator_.architecture()));
      default:
        return segments::greedy_segments(problem_.layers, problem_.skips, limits_);
    }
  }

  [[noreturn]] void refuse(std::size_t begin, std::size_t end, const std::string& why) const {
    const auto name = [&](std::size_t layer) {
      return "'" + design_.workload().at(problem_.operators[layer]).name + "'";
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

  // As the heuristic's limits have it, but for the ratio of words to weights.
  std::size_t furthest(std::size_t begin, std::size_t end) const {
    auto weights = static_cast<double>(problem_.layers[begin].weight_words);
    std::size_t last = begin + 1;
    while (last < end && last - begin < static_cast<std::size_t>(limits_.most_layers) &&
           problem_.layers[last - 1].joins_next) {
      weights += static_cast<double>(problem_.layers[last].weight_words);
      if (weights > limits_.resident_weight_words) {
        break;
      }
      ++last;
    }
    return last;
  }

  // The cuts of layers [begin, end) with the least sum in the objective: a shortest path over
  // spans, each planned once. `whole`: the plan of all of them together, where that is known.
  void add_fastest(std::size_t begin, std::size_t end, std::optional<SegmentChoice> whole) {
    struct Best {
      double total = INFINITY;
      std::size_t from = 0;
      SegmentChoice last;
    };
    std::vector<Best> best(end - begin + 1);
    best[0].total = 0;
    for (std::size_t from = begin; from < end; ++from) {
      for (std::size_t to = from + 1; to <= furthest(from, end); ++to) {
        const double before = best[from - begin].total;
        if (before + planner_.lower_bound(from, to) >= best[to - begin].total) {
          continue;
        }
        std::string why;
        std::optional<SegmentChoice> span;
        if (to - from == 1) {
          span = single(from);
        } else if (from == begin && to == end && whole) {
          span = whole;
        } else {
          span = plan(from, to, why, best[to - begin].total - before);
        }
        if (span && before + span->worth < best[to - begin].total) {
          const double total = before + span->worth;
          best[to - begin] = {total, from, std::move(*span)};
        }
      }
    }
    std::vector<PlannedSegment> reversed;
    for (std::size_t to = end; to > begin; to = best[to - begin].from) {
      reversed.push_back({best[to - begin].from, to, std::move(best[to - begin].last)});
    }
    std::move(reversed.rbegin(), reversed.rend(), std::back_inserter(segments_));
  }

  const Design& design_;
  const Evaluator& evaluator_;
  const segments::PipelineProblem& problem_;
  const CutOptions& options_;
  SegmentPlanner& planner_;
  const Host* host_;
  const segments::DepthLimits limits_;
  std::vector<PlannedSegment> segments_;
};

}  // namespace

std::vector<PlannedSegment> cut_network(const Design& design, const Evaluator& evaluator,
                                        const segments::PipelineProblem& problem,
                                        const CutOptions& options, SegmentPlanner& planner,
                                        const Host* host) {
  return Cutter(design, evaluator, problem, options, planner, host).run();
}

std::int64_t retained_words(const Architecture& array) noexcept {
  return array.replacement.retained_bits / array.links.word_bits;
}

}  // namespace imbrex::pipeorgan
