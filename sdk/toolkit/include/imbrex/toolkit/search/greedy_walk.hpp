// One layer after another: each takes the candidate that goes best with the neighbours that are
// already fixed (specification fast-overlapim section 5.1).
#pragma once

#include <imbrex/toolkit/search/candidates.hpp>
#include <imbrex/toolkit/search/search_run.hpp>
#include <imbrex/values/work_graph.hpp>

#include <span>
#include <vector>

namespace imbrex::search {

// In the order of the names that the recipe uses.
enum class Order : std::uint8_t { forward, backward, middle_out };
enum class Scoring : std::uint8_t { original, overlap, transform };

// Positions of all layers in the order in which they are fixed.
std::vector<std::size_t> visiting_order(Order order, std::size_t layers, std::size_t start);

// Index of a candidate per layer.
using Choice = std::vector<std::size_t>;

// References must outlive the walk.
struct Candidates {
  const LayerGraph& graph;
  const std::vector<LayerCandidates>& layers;
};
// Of each layer the candidate with the least objective alone.
Choice best_alone(const Candidates& candidates);
Design design_of(const Design& start, const Candidates& candidates, const Choice& choice);

// Scores against several fixed neighbours: the largest over the edges, each of which is seen on its
// producer's clock. The producer of a pair is taken to run without stalls up to the end it was
// given, which is never earlier than it really is. A fixed consumer has no clock yet, so pairs with
// one start at time 0. Where the analyzer knows no pairs, whole designs are scored instead, with
// the layers that are not yet fixed as they were at the start, or as the best candidate has it
// where the start is not a candidate.
//
// What is compared is the recipe's objective of a layer that ends when its pairs say; where overlap
// cannot change that, each layer takes what is best alone.
//
// The end of a layer alone says nothing about the layers after it: a mapping that ends first may
// release all of its output at the very end. With `look_ahead`, neighbours that are not fixed count
// as well, taken to be as fast as their fastest candidate and to work evenly row by row.
class GreedyWalk {
 public:
  // `dealing`: what scoring `transform` charges; may be null otherwise.
  GreedyWalk(SearchRun& run, const Candidates& candidates, Scoring scoring, bool look_ahead,
             const DealingCosts* dealing = nullptr);

  void fix(std::size_t layer, std::size_t candidate, std::int64_t end_ps);
  // Fixes the layers of `order`, skipping those that are fixed. Stops early, leaving what is best
  // alone, when the budget is spent.
  void run(std::span<const std::size_t> order);
  const Choice& choice() const noexcept { return choice_; }
  // Empty until an edge was scored; then whether the analyzer knows pairs.
  std::optional<bool> scored_pairs() const noexcept { return scored_pairs_; }

 private:
  void choose(std::size_t layer);
  bool overlap_matters() const noexcept;
  void to_objective(std::size_t layer, std::span<double> scores) const;
  bool score_pairs(std::size_t layer, std::span<double> scores);
  std::vector<double> with_unfixed(std::size_t layer, std::span<const double> ends) const;
  bool score_edge(const PairBatch& edge, std::span<double> scores);
  void score_designs(std::size_t layer, std::span<double> scores);
  std::vector<std::size_t> neighbours(const std::vector<std::size_t>& layers, bool fixed) const;
  const Mapping& chosen(std::size_t layer) const;

  SearchRun& run_;
  Candidates candidates_;
  Scoring scoring_;
  bool look_ahead_;
  const DealingCosts* dealing_;
  Design design_;
  Choice choice_;
  std::vector<bool> fixed_;
  std::vector<std::int64_t> start_ps_;
  std::optional<bool> scored_pairs_;
};

}  // namespace imbrex::search
