// Data behind WorkGraph, shared by its construction and its trace.
#pragma once

#include "language/gathering.hpp"

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
  bool is_there(OperatorId op) const noexcept { return !there.empty() && there[op]; }

  const Design* design;
  const Workload* workload;
  Machine machine;
  AnalysisRequest request;
  std::vector<OperatorId> mapped;
  IndexVector<OperatorId, std::unique_ptr<const WorkOrder>> orders;  // per operator; null: movement
  IndexVector<std::ptrdiff_t, Mapping> mappings;                     // per position in `mapped`
  IndexVector<OperatorId, JobClock> clocks;             // per operator; links are in least_ps
  IndexVector<OperatorId, std::int64_t> movement_ps;    // per operator
  std::vector<Link> links;                              // per consumer, producers ascending
  std::vector<std::size_t> first_link;                  // per operator, plus one
  IndexVector<OperatorId, std::vector<bool>> left_out;  // as in `Gathering`
  IndexVector<OperatorId, bool> there;                  // per operator; empty: nothing
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
  IndexVector<OperatorId, Maker> makers() const;
  void add_hand_over(OperatorId producer, OperatorId consumer, double busiest_ps,
                     std::int64_t first_word_ps);
  void lengthen_jobs(OperatorId id, double busiest_ps);
};

}  // namespace imbrex
