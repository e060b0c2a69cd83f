// Data behind WorkGraph, shared by its construction and its trace.
#pragma once

#include "language/gathering.hpp"
#include "language/operator_range.hpp"

#include <imbrex/values/work_graph.hpp>

#include <memory>
#include <vector>

namespace imbrex {

struct WorkGraph::Impl {
  struct Link {
    OperatorId producer;
    std::int64_t delay_ps;
  };

  Impl(const Design& d, const Machine& m, const AnalysisRequest& r)
      : design(&d), workload(&d.workload()), machine(m), request(r) {}
  void add_orders();
  void add_ways();
  void add_link_rates();
  bool is_there(OperatorId op) const noexcept { return !span.holds(op) || there[op]; }
  bool is_mapped(OperatorId op) const noexcept { return span.holds(op) && orders[op] != nullptr; }
  std::span<const Link> links_to(OperatorId consumer) const noexcept;

  const Design* design;
  const Workload* workload;
  Machine machine;
  AnalysisRequest request;
  std::vector<OperatorId> mapped;
  OperatorSpan span;  // of the operators that are not all there; what follows is per operator of it
  OperatorRange<std::unique_ptr<const WorkOrder>> orders;  // null: movement
  IndexVector<std::ptrdiff_t, Mapping> mappings;           // per position in `mapped`
  OperatorRange<JobClock> clocks;                          // links are in least_ps
  OperatorRange<std::int64_t> movement_ps;
  std::vector<Link> links;                    // per consumer, producers ascending
  std::vector<std::size_t> first_link;        // by place in the span, plus one
  OperatorRange<std::vector<bool>> left_out;  // as in `Gathering`
  OperatorRange<bool> there;
  std::vector<TensorId> outputs;
  bool free_movement = true;
  bool link_rates = false;
  bool dealt_orders = false;
  bool chains = false;

  // Walks need not go behind the operand of a movement operator.
  bool leaves_out(OperatorId op, std::size_t operand) const noexcept {
    return !left_out[op].empty() && left_out[op][operand];
  }

 private:
  void add_order(OperatorId id);
  // As the mapping has it, or as a stage dealt its jobs anew.
  std::unique_ptr<const WorkOrder> make_order(OperatorId id, const Mapping& mapping) const;
  bool has_limited_links() const noexcept;
  OperatorRange<Maker> makers() const;
  void add_hand_over(OperatorId producer, OperatorId consumer, double busiest_ps,
                     std::int64_t first_word_ps);
  void lengthen_jobs(OperatorId id, double busiest_ps);
};

}  // namespace imbrex
