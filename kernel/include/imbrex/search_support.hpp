// File: search_support.hpp
//
// What every mapping search needs: who feeds whom among the mapped operators, candidate mappings of
// one operator, and the bookkeeping of a search (best design, budget, convergence, cancellation).
// A strategy adds only its own idea. Source: specification fast-overlapim section 5.
#pragma once

#include <imbrex/error.hpp>
#include <imbrex/evaluator.hpp>
#include <imbrex/host.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace imbrex {

// The mapped operators of a design ("layers") and the data edges between them, through movement
// operators. Operators of different segments are not neighbours: a barrier separates them.
struct LayerGraph {
  std::vector<OperatorId> layers;                   // workload (topological) order
  std::vector<std::vector<std::size_t>> producers;  // positions in `layers`, ascending
  std::vector<std::vector<std::size_t>> consumers;  // the same edges seen from their sources
};
IMBREX_API LayerGraph layer_graph(const Design& design, const CostModel& cost);

// Which layer a middle-out search starts from (section 5.2). Ties: the position closest to half the
// number of layers, then the smaller one.
enum class StartLayer : std::uint8_t {
  largest_output,   // N G K P Q
  largest_overall,  // elements of inputs, constant weights and output
  largest_macs,
};
IMBREX_API std::size_t start_layer(const LayerGraph& graph, const Workload& workload,
                                   StartLayer metric);

// The bookkeeping of one search. Scoring goes through it, so that the best design is never lost,
// the budget is kept, and nothing outside the map spaces wins: a design competes when every
// operator that has a map space has a mapping of it, canonical ones included. [one thread]
class IMBREX_API SearchRun {
 public:
  ~SearchRun();
  // Scores `start`, if it may compete; otherwise the search begins from nothing. A budget of 0 is
  // no limit; otherwise at most that many designs, candidates and pairs are scored beyond what the
  // starting point itself needs (its design, one candidate per layer) and the final design. Warns
  // when no operator has a map space, as there is nothing to search then.
  SearchRun(const Design& start, Evaluator& evaluator, Host* host, std::int64_t budget);

  Evaluator& evaluator() noexcept { return evaluator_; }
  // Without jobs dealt anew, which another mapping would make illegal.
  const Design& start() const noexcept { return start_; }
  // Map space of an operator under its placement at the start; null when there is nothing to
  // choose. Operators with equal spaces share one. Errors: InfeasibleError when a constraint
  // empties it.
  const MapSpace* space_of(OperatorId op);
  // The mapping that the start gives an operator, searched or canonical, where it may compete;
  // empty when it lies outside the operator's map space, or there is none.
  std::optional<Mapping> start_mapping(OperatorId op) const;
  // How many of `wanted` evaluations the budget still allows.
  std::size_t room(std::size_t wanted) const noexcept;
  // Errors: CancelledError when the user asked to stop.
  void check_cancelled() const;
  void progress(double fraction, std::string_view what) const;

  // Scores whole designs; keeps the best (ties: the first ever seen).
  void score(std::span<const Design* const> designs, std::span<Score> out);
  // Objective of `base` with `op` mapped to each candidate, infinity where infeasible. Copies few
  // designs at a time.
  void score_variants(const Design& base, OperatorId op, std::span<const Mapping> candidates,
                      std::span<double> objectives);
  // Stand-alone costs and pairs, counted against the budget.
  void score_layer(OperatorId op, std::span<const Mapping> candidates, std::span<LayerCost> out);
  void score_pairs(const PairBatch& batch, std::span<PairResult> out);

  const std::optional<double>& best_objective() const noexcept { return best_objective_; }
  const Design& best() const noexcept { return best_; }
  // Leaves the best design in `result`, without a timeline, and reports "initial_objective",
  // "best_objective" and the note "convergence" ("evaluations:objective ..." per improvement);
  // search_facts.hpp declares them.
  // Errors: InfeasibleError when no design that was scored is feasible, saying what is lacking.
  void finish(Design& result);

 private:
  void say_nothing_to_search() const;
  void score_start();
  bool competes(const Design& design) const;
  void remember(const Design& design, const Score& score);

  struct Knowledge;
  std::unique_ptr<Knowledge> known_;
  Evaluator& evaluator_;
  Host* host_;
  Design start_;
  Design best_;
  std::optional<double> best_objective_;
  std::optional<double> initial_objective_;
  std::int64_t budget_;
  std::int64_t spent_ = 0;
  std::string convergence_;
};

// Where the candidates of a layer come from.
enum class CandidateSource : std::uint8_t {
  uniform,  // every mapping of the space is as likely
  // A quarter uniform; the rest climbs by small steps from the cost model's canonical mappings and
  // the best found so far, judged alone and by `streaming_latency_ps`.
  refined,
};
inline constexpr std::string_view kCandidateSources[] = {"uniform", "refined"};
inline constexpr std::string_view kCandidateSourceHelp =
    "uniform: every legal mapping is as likely; refined: a quarter of them, the others are steps "
    "from the canonical mappings and from the best ones so far, by latency alone and by how evenly "
    "a mapping streams rows";

struct CandidateOptions {
  std::size_t count = 0;
  CandidateSource from = CandidateSource::refined;
};

// How a mapping overlaps with neighbours that are not known yet, taken to work evenly, one output
// row of this operator after another, and never to stall.
struct StreamingLags {
  std::int64_t start_ps = 0;     // earliest start behind a producer that started at 0
  std::int64_t consumer_ps = 0;  // earliest start of a consumer when the mapping started at 0
};
// latency_ps >= 0: of the mapping alone; the other two: of the neighbours.
// O(rows * loops), at most 1024 rows looked at.
IMBREX_API StreamingLags streaming_lags(const Operator& op, const Mapping& mapping,
                                        std::int64_t latency_ps, std::int64_t producer_ps,
                                        std::int64_t consumer_ps) noexcept;
// When the last of three such layers ends that all take `latency_ps`, this one in the middle: from
// little more than `latency_ps` (everything streams) to three times that (nothing overlaps).
IMBREX_API std::int64_t streaming_latency_ps(const Operator& op, const Mapping& mapping,
                                             std::int64_t latency_ps) noexcept;

// Feasible mappings of one operator, with what each takes alone.
struct LayerCandidates {
  std::vector<Mapping> mappings;  // never empty
  std::vector<std::int64_t> latency_ps;
  std::vector<double> energy_pj;
  std::vector<double> objective;  // alone, as `Evaluator::layer_objective`
  // Which one is canonical for the shape of the analyzer's jobs, where it is one of them.
  std::optional<std::size_t> canonical;
  // [0] is the mapping that the search started from; never one outside the map space, where there
  // is one.
  bool has_start = false;
  bool has_space = false;  // false: the hardware computes one way, and designs need not say so
  bool complete = false;   // every feasible mapping of the space is there
  IMBREX_API std::size_t fastest() const noexcept;  // ties: the first
  IMBREX_API std::size_t best() const noexcept;     // least objective; ties: the first
  std::size_t size() const noexcept { return mappings.size(); }
  // What a candidate costs when it ends at `end_ps` instead of its own latency; for
  // `Evaluator::layer_objective`.
  LayerCost ending(std::size_t candidate, std::int64_t end_ps) const noexcept {
    return {Verdict::feasible, end_ps, energy_pj[candidate]};
  }
};

// The mapping a design gives an operator, searched or canonical; empty when there is no legal one.
IMBREX_API std::optional<Mapping> present_mapping(const Design& design, OperatorId op,
                                                  const Evaluator& evaluator);

// The present mapping and up to `count` others: the whole space when it is no larger than that,
// otherwise distinct ones from the given source; the cost model's canonical mappings come first
// where the space holds them. Those of a smaller count are a prefix of those of a larger one.
// Operators without a map space have their present mapping only.
// Errors: InfeasibleError when a constraint empties the space (names it) or nothing drawn is
// feasible; CancelledError.
IMBREX_API LayerCandidates sample_candidates(SearchRun& run, OperatorId op,
                                             const CandidateOptions& options, Random random);
IMBREX_API std::vector<LayerCandidates> sample_all(SearchRun& run, const LayerGraph& graph,
                                                   const CandidateOptions& options,
                                                   const Host& host);

// Of mappings that the cost model refuses, the one that exceeds a capacity by the least factor.
// [one thread]
class IMBREX_API LeastShortfall {
 public:
  void add(const CostModel& cost, OperatorId op, const Placement& placement,
           const Mapping& mapping);
  // For a message: "the least bad needs 1312 rows of a lane, which has 1024: 288 too few; ...";
  // that the placement is too small when the cost model does not say more.
  std::string text() const;

 private:
  std::optional<Shortfall> least_;
};

// Map space of an operator under its present placement; empty optional when there is nothing to
// choose. Errors: InfeasibleError when a constraint empties it.
IMBREX_API std::optional<MapSpace> map_space_of(const Design& design, OperatorId op,
                                                const CostModel& cost);
// Decimal digits of a count that may exceed 64 bits.
IMBREX_API std::string decimal(MapSpace::Index value);

}  // namespace imbrex
