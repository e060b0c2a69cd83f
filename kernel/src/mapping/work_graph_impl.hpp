// File: work_graph_impl.hpp
//
// Data behind WorkGraph, shared by its construction and its trace.
#pragma once

#include <imbrex/work_graph.hpp>

#include <memory>
#include <vector>

namespace imbrex {

struct WorkGraph::Impl {
  struct Link {
    OperatorId producer;
    std::int64_t delay_ps;
  };

  explicit Impl(const Workload& w) : workload(&w) {}
  void add_orders(const Design& design, const CostModel& cost, const JobShape& shape);
  void add_links(const Design& design, const Architecture& architecture, const CostModel& cost);
  bool is_there(OperatorId op) const noexcept { return !there.empty() && there[index(op)]; }

  const Workload* workload;
  std::vector<OperatorId> mapped;
  std::vector<std::unique_ptr<const WorkOrder>> orders;  // per operator; null: movement
  std::vector<std::int64_t> movement_ps;                 // per operator
  std::vector<std::int64_t> completion_ps;               // per operator, JobClock::completion_ps
  std::vector<Link> links;                               // per consumer, producers ascending
  std::vector<std::size_t> first_link;                   // per operator, plus one
  std::vector<bool> there;                               // per operator; empty: nothing
  std::vector<TensorId> outputs;
  bool free_movement = true;
};

}  // namespace imbrex
