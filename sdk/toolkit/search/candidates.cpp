#include "search/candidate_collector.hpp"
#include "search/candidate_refiner.hpp"
#include "search/shortfall_text.hpp"
#include "search/smallest_mapping.hpp"

#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/toolkit/search/candidates.hpp>
#include <imbrex/toolkit/search/search_run.hpp>
#include <imbrex/values/work_graph.hpp>

#include <algorithm>

namespace imbrex::search {
namespace {

// Draws before giving up on a space whose mappings are mostly infeasible or already drawn.
constexpr std::size_t kDrawsPerCandidate = 16;
constexpr std::size_t kExtraDraws = 4096;

std::string operator_text(const Design& design, OperatorId op) {
  return "operator '" + design.workload().at(op).name + "'";
}

void enumerate(const mapspace::MapSpace& space, CandidateCollector& collector) {
  for (mapspace::MapSpace::Index i = 0; i < space.size() && !collector.full(); ++i) {
    collector.offer(space.at(i));
  }
  collector.flush();
}

// The cost model's own mappings for jobs of several shapes, as far as they are in the space.
std::vector<Mapping> canonical_mappings(const Design& design, OperatorId op, const CostModel& cost,
                                        const JobShape& first, const mapspace::MapSpace& space) {
  std::vector<JobShape> shapes = {first,
                                  {JobShape::Kind::layer},
                                  {JobShape::Kind::row},
                                  {JobShape::Kind::rows, 2},
                                  {JobShape::Kind::rows, 4}};
  std::vector<Mapping> mappings;
  for (const JobShape& shape : shapes) {
    try {
      const Mapping mapping = cost.canonical_mapping(op, design.placement(op), shape);
      if (space.contains(mapping)) {
        mappings.push_back(mapping);
      }
    } catch (const InfeasibleError&) {
      // Jobs of this shape do not fit; those of another one may.
    }
  }
  return mappings;
}

void draw(const Evaluator& evaluator, const mapspace::MapSpace& space, const Operator& op,
          const CandidateOptions& options, Random& random, CandidateCollector& collector) {
  const std::size_t most = kDrawsPerCandidate * options.count + kExtraDraws;
  if (options.from == CandidateSource::uniform) {
    for (std::size_t i = 0; i < most && !collector.full(); ++i) {
      collector.offer(space.sample(random));
    }
    collector.flush();
    return;
  }
  CandidateRefiner refiner(evaluator, space, op, random);
  for (std::size_t i = 0; i < most && !collector.full(); i += CandidateRefiner::kRound) {
    refiner.learn(collector.result());
    for (const Mapping& mapping : refiner.propose()) {
      if (!collector.full()) {
        collector.offer(mapping);
      }
    }
    collector.flush();
  }
}

// Errors: InfeasibleError when no mapping of the space can fit. Asked as long as none that fits is
// known.
void require_room(const Design& design, OperatorId op, const CostModel& cost,
                  const mapspace::MapSpace& space, const LayerCandidates& found) {
  if (!found.mappings.empty()) {
    return;
  }
  const auto lacking = inevitable_shortfall(cost, op, design.placement(op), space.spec());
  if (lacking) {
    throw InfeasibleError("no mapping of " + operator_text(design, op) + " fits: level '" +
                          std::string(lacking->level) + "' holds " +
                          counted(lacking->available, lacking->unit) +
                          ", its smallest tile needs " + std::to_string(lacking->needed) + ": " +
                          std::to_string(lacking->needed - lacking->available) + " more");
  }
}

// Errors: InfeasibleError when none was found.
void require_any(const Design& design, OperatorId op, const mapspace::MapSpace* space,
                 CandidateCollector& collector) {
  if (collector.result().mappings.empty()) {
    throw InfeasibleError("no feasible mapping of " + operator_text(design, op) + " was found" +
                          (space ? " among those tried of its " + mapspace::decimal(space->size()) +
                                       " legal loop nests"
                                 : std::string(": the cost model refuses the only one it offers")) +
                          "; " + collector.least_shortfall().text());
  }
}

}  // namespace

std::size_t LayerCandidates::fastest() const noexcept {
  return static_cast<std::size_t>(std::min_element(latency_ps.begin(), latency_ps.end()) -
                                  latency_ps.begin());
}

std::size_t LayerCandidates::best() const noexcept {
  return static_cast<std::size_t>(std::min_element(objective.begin(), objective.end()) -
                                  objective.begin());
}

std::optional<Mapping> present_mapping(const Design& design, OperatorId op,
                                       const Evaluator& evaluator) {
  if (design.mapping(op)) {
    return design.mapping(op);
  }
  try {
    return evaluator.cost().canonical_mapping(op, design.placement(op), evaluator.request().shape);
  } catch (const InfeasibleError&) {
    return std::nullopt;
  }
}

LayerCandidates sample_candidates(SearchRun& run, OperatorId op, const CandidateOptions& options,
                                  Random random) {
  const Design& design = run.start();
  const CostModel& cost = run.evaluator().cost();
  CandidateCollector collector(run, op, options.count);
  collector.add_start(run.start_mapping(op));
  const mapspace::MapSpace* const space = run.space_of(op);
  collector.result().has_space = space != nullptr;
  std::vector<Mapping> canonical;
  if (space) {
    canonical = canonical_mappings(design, op, cost, run.evaluator().request().shape, *space);
  }
  if (!space || space->size() <= options.count) {
    if (space) {
      enumerate(*space, collector);
      require_room(design, op, cost, *space, collector.result());
    }
    collector.result().complete = !collector.out_of_budget();
  } else {
    for (const Mapping& mapping : canonical) {
      if (!collector.full()) {
        collector.offer(mapping);
      }
    }
    collector.flush();
    require_room(design, op, cost, *space, collector.result());
    draw(run.evaluator(), *space, design.workload().at(op), options, random, collector);
  }
  LayerCandidates& result = collector.result();
  require_any(design, op, space, collector);
  if (!canonical.empty()) {
    const auto found = std::find(result.mappings.begin(), result.mappings.end(), canonical.front());
    if (found != result.mappings.end()) {
      result.canonical = static_cast<std::size_t>(found - result.mappings.begin());
    }
  }
  return std::move(result);
}

std::vector<LayerCandidates> sample_all(SearchRun& run, const LayerGraph& graph,
                                        const CandidateOptions& options, const Host& host) {
  std::vector<LayerCandidates> all;
  for (const OperatorId op : graph.layers) {
    all.push_back(sample_candidates(run, op, options, host.random(index(op))));
  }
  return all;
}

}  // namespace imbrex::search
