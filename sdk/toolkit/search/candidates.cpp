#include "search/candidate_collector.hpp"
#include "search/candidate_refiner.hpp"
#include "search/draw_round.hpp"
#include "search/front_pool.hpp"
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
// Candidates per mapping of the proved front.
constexpr std::size_t kOneProved = 4;

std::string operator_text(const Design& design, OperatorId op) {
  return "operator '" + design.workload().at(op).name + "'";
}

// The cost model's own mappings for jobs of several shapes, as far as they are in the space.
std::vector<Mapping> canonical_mappings(SearchRun& run, OperatorId op,
                                        const mapspace::MapSpace* space) {
  std::vector<JobShape> shapes = {run.evaluator().request().shape,
                                  {JobShape::Kind::layer},
                                  {JobShape::Kind::row},
                                  {JobShape::Kind::rows, 2},
                                  {JobShape::Kind::rows, 4}};
  std::vector<Mapping> mappings;
  for (const JobShape& shape : shapes) {
    if (space == nullptr) {
      break;
    }
    try {
      const Mapping mapping =
          run.evaluator().cost().canonical_mapping(op, run.start().placement(op), shape);
      if (space->contains(mapping)) {
        mappings.push_back(mapping);
      }
    } catch (const InfeasibleError&) {
      // Jobs of this shape do not fit; those of another one may.
    }
  }
  return mappings;
}

// Of the front of time and energy, what is worth most alone.
std::vector<Mapping> proved_best(SearchRun& run, OperatorId op, const CandidateOptions& options) {
  const std::size_t most = std::max<std::size_t>(1, options.count / kOneProved);
  const auto draws = static_cast<std::int64_t>(options.draws * options.count);
  std::vector<optimum::FrontPoint> points =
      run.front_of(op, options.front_states_per_draw * draws).points;
  const auto objective = [&](const optimum::FrontPoint& point) {
    return run.evaluator().layer_objective(point.cost);
  };
  std::stable_sort(points.begin(), points.end(),
                   [&](const auto& a, const auto& b) { return objective(a) < objective(b); });
  std::vector<Mapping> mappings;
  for (std::size_t i = 0; i < std::min(most, points.size()); ++i) {
    mappings.push_back(points[i].mapping);
  }
  return mappings;
}

// What is found goes on to whoever wants it, and to the refiner.
class Findings final : public CandidateSink {
 public:
  // `refiner`, `canonical`: may be null; kept.
  Findings(CandidateSink& sink, CandidateRefiner* refiner, const Mapping* canonical)
      : sink_(sink), refiner_(refiner), canonical_(canonical) {}

  void found(const FoundCandidate& candidate) override {
    if (canonical_ != nullptr && !place_ && candidate.mapping == *canonical_) {
      place_ = count_;
    }
    ++count_;
    if (refiner_ != nullptr) {
      refiner_->learn(candidate);
    }
    sink_.found(candidate);
  }
  void begin_round(const DrawRound& round) override {
    // A mapping that was offered before is not drawn again.
    canonical_ = round.kind == DrawRound::Kind::enumerated ? canonical_ : nullptr;
    sink_.begin_round(round);
  }

  std::optional<std::size_t> place_of_canonical() const noexcept { return place_; }

 private:
  CandidateSink& sink_;
  CandidateRefiner* refiner_;
  const Mapping* canonical_;
  std::size_t count_ = 0;
  std::optional<std::size_t> place_;
};

void offer_all(const std::vector<Mapping>& mappings, CandidateCollector& collector) {
  for (const Mapping& mapping : mappings) {
    if (!collector.full()) {
      collector.offer(mapping, -1);
    }
  }
  collector.flush();
}

// Rounds until enough is found, of at most so many draws. What is refined learns from every round
// before the next one.
void draw(const mapspace::MapSpace& space, DrawRound::Kind kind, mapspace::MapSpace::Index most,
          Random random, const CandidateRefiner* refiner, CandidateCollector& collector,
          Findings& findings) {
  const bool refined = kind == DrawRound::Kind::refined;
  DrawRound round{kind, space, 0, random};
  mapspace::MapSpace::Index drawn = 0;
  for (; drawn < most && !collector.full(); ++round.number) {
    if (refined) {
      round.rankings = &refiner->rankings();
      round.changes = refiner->changes();
    }
    findings.begin_round(round);
    for (const Mapping& mapping : round.mappings(random)) {
      if (!collector.full() && (refined || drawn < most)) {
        collector.offer(mapping, static_cast<std::int64_t>(drawn));
      }
      ++drawn;
    }
    round.random = random;
    if (refined) {
      collector.flush();
    }
  }
  collector.flush();
}

// Errors: InfeasibleError when no mapping of the space can fit. Asked as long as none that fits is
// known.
void require_room(SearchRun& run, OperatorId op, const mapspace::MapSpace& space,
                  const CandidateCollector& collector) {
  if (collector.found() > 0) {
    return;
  }
  const Design& design = run.start();
  const auto lacking =
      inevitable_shortfall(run.evaluator().cost(), op, design.placement(op), space.spec());
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
                 const CandidateCollector& collector) {
  if (collector.found() == 0) {
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

CandidateSummary sample_candidates(SearchRun& run, OperatorId op, const CandidateOptions& options,
                                   Random random, CandidateSink& sink) {
  const mapspace::MapSpace* const space = run.space_of(op);
  const bool all = !space || space->size() <= options.count;
  const bool from_front = !all && options.from == CandidateSource::front;
  const std::size_t count = from_front ? options.draws * options.count : options.count;
  const bool enumerated = !space || space->size() <= count;
  const bool refined = !enumerated && options.from != CandidateSource::uniform;
  const std::vector<Mapping> canonical = canonical_mappings(run, op, space);
  CandidateRefiner refiner(run.evaluator(), run.start().workload().at(op));
  FrontPool pool(run.evaluator(), run.start().workload().at(op), options.count);
  Findings findings(from_front ? pool : sink, refined ? &refiner : nullptr,
                    canonical.empty() ? nullptr : &canonical.front());
  CandidateCollector collector(run, op, count, findings);
  collector.add_start(run.start_mapping(op));
  if (!all) {
    offer_all(canonical, collector);
  }
  if (from_front) {
    offer_all(proved_best(run, op, options), collector);
  }
  if (space && enumerated) {
    draw(*space, DrawRound::Kind::enumerated, space->size(), random, nullptr, collector, findings);
    require_room(run, op, *space, collector);
  } else if (space) {
    require_room(run, op, *space, collector);
    draw(*space, refined ? DrawRound::Kind::refined : DrawRound::Kind::uniform,
         kDrawsPerCandidate * count + kExtraDraws, random, &refiner, collector, findings);
  }
  require_any(run.start(), op, space, collector);
  const bool has_start = collector.has_start();
  const std::size_t found = from_front ? pool.hand_on(has_start, sink) : collector.found();
  sink.finish();
  return {found, findings.place_of_canonical(), has_start, space != nullptr,
          all && !collector.out_of_budget()};
}

LayerCandidates sample_candidates(SearchRun& run, OperatorId op, const CandidateOptions& options,
                                  Random random) {
  class Keep final : public CandidateSink {
   public:
    LayerCandidates all;
    void found(const FoundCandidate& candidate) override {
      all.mappings.push_back(candidate.mapping);
      all.latency_ps.push_back(candidate.cost.latency_ps);
      all.energy_pj.push_back(candidate.cost.energy_pj);
      all.objective.push_back(candidate.objective);
    }
  };
  Keep kept;
  const CandidateSummary summary = sample_candidates(run, op, options, random, kept);
  kept.all.canonical = summary.canonical;
  kept.all.has_start = summary.has_start;
  kept.all.has_space = summary.has_space;
  kept.all.complete = summary.complete;
  return std::move(kept.all);
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
