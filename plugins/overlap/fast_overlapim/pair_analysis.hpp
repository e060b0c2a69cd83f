// One edge with an affine producer clock: overlapped end, transformed end and no-stall offset,
// without listing data spaces where the edge separates (specification fast-overlapim, sections 3.5
// and 4.1).
#pragma once

#include "options.hpp"

#include <imbrex/toolkit/analysis/edge_path.hpp>
#include <imbrex/toolkit/analysis/overlap_math.hpp>
#include <imbrex/values/completion.hpp>

#include <optional>
#include <vector>

namespace imbrex::overlapim {

class PairAnalysis {
 public:
  // `batch` must outlive it. [any thread]
  PairAnalysis(const PairBatch& batch, const Machine& machine, const Options& options);
  PairResult analyze(const Mapping& candidate) const;

 private:
  // What one way asks of the producer, cut into groups of consumer dimensions that move together.
  struct Group {
    std::vector<std::size_t> axes;  // of the producer's output
    std::uint8_t dims = 0;          // bit index(d)
  };
  struct Way {
    std::vector<analysis::AxisChain> chains;
    std::vector<Group> groups;
    std::uint8_t dims = 0;  // of all groups
  };
  struct Ends {
    const FinishIndex& producer;
    const LoopNest& consumer;
    analysis::PairEdge::Clocks clocks;
    std::int64_t start_ps;
  };

  static std::vector<Group> groups_of(const Operator& consumer, std::size_t input,
                                      const std::vector<analysis::AxisChain>& chains);
  PairResult separable(const Ends& ends) const;
  PairResult by_listing(const Ends& ends) const;
  std::int64_t arrival_ps(const Ends& ends, const DimBox& box) const;
  bool group_value(const Ends& ends, std::size_t way, const Group& group, const DimBox& box,
                   std::int64_t& value) const;
  std::int64_t ready_step(const Ends& ends, const DimBox& box, std::size_t path) const;
  analysis::ReadyHistogram arrivals(const Ends& ends, const Way& way, std::int64_t delay_ps,
                                    std::vector<analysis::ReadyHistogram> groups) const;
  std::int64_t transformed_end_ps(const Ends& ends, const analysis::ReadyHistogram& arrivals) const;
  PairResult result(const Ends& ends, std::int64_t latest_ps,
                    const analysis::ReadyHistogram& arrivals) const;

  const PairBatch& batch_;
  Options options_;
  analysis::PairEdge edge_;
  const Operator& producer_;
  const Operator& consumer_;
  std::uint8_t listed_dims_ = 0;  // of the consumer's loops that change what a job needs
  std::vector<Way> ways_;         // empty: some way does not separate
  std::optional<FinishIndex> fixed_producer_;
};

}  // namespace imbrex::overlapim
