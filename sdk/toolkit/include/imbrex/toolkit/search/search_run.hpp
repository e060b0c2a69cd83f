// The bookkeeping of every mapping search: best design, budget, convergence, cancellation. A
// strategy adds only its own idea. Source: specification fast-overlapim section 5.
#pragma once

#include <imbrex/interfaces/evaluator.hpp>
#include <imbrex/plugin/error.hpp>
#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/toolkit/optimum/front.hpp>
#include <imbrex/values/work_graph.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace imbrex::search {

// Which layer a middle-out search starts from (section 5.2). Ties: the position closest to half the
// number of layers, then the smaller one.
enum class StartLayer : std::uint8_t {
  largest_output,   // N G K P Q
  largest_overall,  // elements of inputs, constant weights and output
  largest_macs,
};
std::size_t start_layer(const LayerGraph& graph, const Workload& workload, StartLayer metric);

// The bookkeeping of one search. Scoring goes through it, so that the best design is never lost,
// the budget is kept, and nothing outside the map spaces wins: a design competes when every
// operator that has a map space has a mapping of it, canonical ones included. [one thread]
class SearchRun {
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
  const mapspace::MapSpace* space_of(OperatorId op);
  // What an operator with a map space can have at best in time and energy; says why it is not
  // proved, and has no points where the cost model does not say how it counts. The first call finds
  // those of all operators, on all threads, and its limit holds: as `optimum::Limits::max_states`.
  // Errors: CancelledError; as `space_of`.
  const optimum::Front& front_of(OperatorId op, std::int64_t max_states);
  // The mapping that the start gives an operator, searched or canonical, where it may compete;
  // empty when it lies outside the operator's map space, or there is none.
  std::optional<Mapping> start_mapping(OperatorId op) const;
  // How many of `wanted` evaluations the budget still allows.
  std::size_t room(std::size_t wanted) const noexcept;
  // Errors: CancelledError when the user asked to stop.
  void check_cancelled() const;
  // "120 of 1000 designs"; a thousand times at most, however many there are.
  void progress(std::uint64_t done, std::uint64_t total, std::string_view what) const;

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
  // search_facts.hpp declares them; and what fronts there are, if anybody asked.
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

}  // namespace imbrex::search
