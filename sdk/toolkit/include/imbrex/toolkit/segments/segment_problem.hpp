// What the partitioners that cut networks into segments share: from a design to spans and their
// costs, and from chosen ends back to a design.
#pragma once

#include <imbrex/interfaces/evaluator.hpp>
#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/segments/segment_search.hpp>
#include <imbrex/values/segments.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace imbrex::segments {

// What every partitioner that applies its cut through a Problem states.
inline constexpr std::array<FactSpec, 8> kSegmentFacts = {{
    {"units", "unit", "Pieces of layers that can be cut apart"},
    {"spans", "span", "Runs of neighbouring pieces that fit the chip together"},
    {"ways_to_cut", "", "How many ways there are to cut the network, all digits"},
    {"feasible_spans", "span", "Spans that the cost model can run, where that is not all of them"},
    {"segments", "segment", "Segments of the cut that was chosen"},
    {"estimated_batch_ps", "ps", "What the cost model estimates for the whole batch"},
    {"estimated_batch_energy_pj", "pJ", "The same in energy, where that is modelled"},
    {"ends", "", "Number of the piece behind each segment"},
}};
template <std::size_t Count>
consteval std::array<FactSpec, Count + kSegmentFacts.size()> with_segment_facts(
    const FactSpec (&own)[Count]) {
  std::array<FactSpec, Count + kSegmentFacts.size()> all;
  std::copy(kSegmentFacts.begin(), kSegmentFacts.end(), all.begin());
  std::copy(std::begin(own), std::end(own), all.begin() + kSegmentFacts.size());
  return all;
}

struct ProblemOptions {
  bool fit_core = false;         // no unit may be larger than a core
  std::int64_t most_copies = 0;  // 0: as the cost model likes
};

// A network as a sequence of units on one chip. Errors: InputError when the design has more than
// one segment already; those of `decompose` and `largest_ends`.
class Problem {
 public:
  Problem(const Design& design, Evaluator& evaluator, const ProblemOptions& options);

  const Spans& spans() const noexcept { return spans_; }
  const UnitSequence& sequence() const noexcept { return sequence_; }

  // Estimates every span that fits, once. Errors: InputError when the cost model cannot, or when
  // the objective needs energies and it knows none; CancelledError when `host`, which may be null,
  // says so.
  void evaluate_all(const Host* host);
  // By number of the span; empty before `evaluate_all`. Spans that the cost model calls infeasible
  // take infinite time and energy.
  std::span<const SegmentCost> costs() const noexcept { return costs_; }
  std::span<const double> time() const noexcept { return time_; }
  std::span<const double> energy() const noexcept { return energy_; }
  // What to make small: time, or energy; for `edp`, the product of both sums.
  bool is_product() const noexcept { return objective_ == Objective::edp; }
  std::span<const double> single() const noexcept {
    return objective_ == Objective::energy ? energy() : time();
  }

  // Cuts the design, gives every operator the copies that the estimates assume (on an array its
  // elements), and records what the estimates say. All spans must be feasible. Returns the estimate
  // of the whole batch.
  SegmentCost apply(const Ends& ends, Design& design);

 private:
  std::vector<SegmentCost> estimate(std::span<const UnitSpan> spans) const;
  bool on_array() const noexcept;
  void set_copies(const Ends& ends, Design& design) const;
  void share_array(const Ends& ends, Design& design) const;
  void record(const Ends& ends, const SegmentCost& total) const;
  std::string ways_to_cut() const;

  Evaluator& evaluator_;
  UnitSequence sequence_;
  Spans spans_;
  std::size_t feasible_spans_;  // all of them before `evaluate_all`
  Objective objective_;
  std::vector<SegmentCost> costs_;
  std::vector<double> time_;
  std::vector<double> energy_;
};

}  // namespace imbrex::segments
