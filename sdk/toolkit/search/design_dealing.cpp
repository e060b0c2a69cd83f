#include <imbrex/toolkit/analysis/order_completions.hpp>
#include <imbrex/toolkit/analysis/segment_pass.hpp>
#include <imbrex/toolkit/search/dealer.hpp>
#include <imbrex/toolkit/search/design_dealing.hpp>

#include <algorithm>

namespace imbrex::search {
namespace {

// An order of the graph, to be dealt anew without owning it.
class BorrowedOrder final : public WorkOrder {
 public:
  explicit BorrowedOrder(const WorkOrder& order) : order_(order) {}
  std::int64_t server_count() const noexcept override { return order_.server_count(); }
  std::int64_t step_count(std::int64_t server) const noexcept override {
    return order_.step_count(server);
  }
  bool lock_step() const noexcept override { return order_.lock_step(); }
  Job job(std::int64_t step, std::int64_t server) const noexcept override {
    return order_.job(step, server);
  }

 private:
  const WorkOrder& order_;
};

// When everything that the operator makes is usable.
std::int64_t usable_ps(const analysis::OperatorPass& pass) noexcept {
  std::int64_t latest_ps = 0;
  for (const analysis::PassJob& job : pass.jobs) {
    latest_ps = job.has_work ? std::max(latest_ps, job.end_ps + job.completion_ps) : latest_ps;
  }
  return latest_ps;
}

bool may_deal(const WorkGraph& graph, OperatorId op) noexcept {
  return graph.design().placement(op).copies == 1 && !graph.workload().at(op).chain.has_value() &&
         !graph.order(op).dealt_anew();
}

// One segment from its first operator to its last.
class SegmentDealer {
 public:
  SegmentDealer(const WorkGraph& graph, const DealingCosts& costs)
      : graph_(graph), costs_(costs), completions_(graph, {}), forward_(graph, completions_) {}

  DealtSegment run() {
    for (const OperatorId op : graph_.mapped()) {
      analysis::OperatorPass in_order = forward_.arrivals(op, graph_.order(op));
      forward_.run_in_order(in_order);
      if (!may_deal(graph_, op) || !deal(op, in_order)) {
        forward_.publish(in_order);
      }
    }
    return std::move(dealt_);
  }

 private:
  // False, and nothing published, when the operator would not end earlier.
  bool deal(OperatorId op, const analysis::OperatorPass& in_order) {
    auto dealt = std::make_shared<const DealtOrder>(
        deal_earliest_first(graph_.workload(), graph_.mapping(op), in_order, costs_));
    auto order = make_dealt_order(graph_.workload().at(op),
                                  std::make_unique<BorrowedOrder>(graph_.order(op)), dealt);
    analysis::OperatorPass pass = forward_.arrivals(op, *order);
    forward_.run_in_order(pass);
    if (usable_ps(pass) >= usable_ps(in_order)) {
      return false;
    }
    forward_.publish(pass);
    dealt_.emplace_back(op, std::move(dealt));
    return true;
  }

  const WorkGraph& graph_;
  const DealingCosts& costs_;
  analysis::OrderCompletions completions_;
  analysis::ForwardPass forward_;
  DealtSegment dealt_;
};

}  // namespace

std::vector<DealtSegment> deal_design(const Design& design, const Machine& machine,
                                      const AnalysisRequest& request, const DealingCosts& costs) {
  std::vector<DealtSegment> segments;
  const auto one_segment = [&](const WorkGraph& graph, TimelineSink*) -> OverlapResult {
    DealtSegment dealt = SegmentDealer(graph, costs).run();
    if (!dealt.empty()) {
      segments.push_back(std::move(dealt));
    }
    return {};
  };
  const OverlapResult result =
      analysis::analyze_segments(design, machine, request, nullptr, one_segment);
  if (result.verdict != Verdict::feasible) {
    segments.clear();
  }
  return segments;
}

Design with_dealt(const Design& design, const DealtSegment& orders) {
  Design result = design;
  result.timeline().reset();
  for (const auto& [op, order] : orders) {
    result.set_dealt_order(op, order);
  }
  return result;
}

Design without_dealt(const Design& design) {
  Design result = design;
  result.timeline().reset();
  for (std::size_t i = 0; i < result.workload().operators().size(); ++i) {
    result.set_dealt_order(operator_id(i), nullptr);
  }
  return result;
}

}  // namespace imbrex::search
