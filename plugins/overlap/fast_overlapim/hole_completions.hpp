// Completions that answer for the coordinates a job needs instead of for their hull: strides larger
// than the kernel and dilations leave holes that nobody waits for.
#pragma once

#include <imbrex/toolkit/analysis/edge_path.hpp>
#include <imbrex/toolkit/analysis/order_completions.hpp>

#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace imbrex::overlapim {

class HoleCompletions final : public analysis::OrderCompletions {
 public:
  using analysis::OrderCompletions::OrderCompletions;
  std::int64_t ready_ps(const Source& source, OperatorId consumer, const DimBox& box) override;
  // It depends on the coordinates of the job, of which a larger box may have fewer holes.
  bool asks_one_server() const noexcept override { return false; }

 private:
  struct Way {
    std::size_t input;
    std::vector<analysis::AxisChain> chains;
  };
  // The axis-wise ways of an edge; no value: only boxes are known.
  const std::optional<std::vector<Way>>& ways(OperatorId producer, OperatorId consumer);

  std::map<std::pair<OperatorId, OperatorId>, std::optional<std::vector<Way>>> ways_;
};

}  // namespace imbrex::overlapim
