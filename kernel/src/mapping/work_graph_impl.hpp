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

  const Workload* workload;
  std::vector<OperatorId> mapped;
  std::vector<std::unique_ptr<const WorkOrder>> orders;  // per operator; null: movement
  std::vector<std::int64_t> movement_ps;                 // per operator
  std::vector<std::int64_t> completion_ps;               // per operator, JobClock::completion_ps
  std::vector<Link> links;                               // per consumer, producers ascending
  std::vector<std::size_t> first_link;                   // per operator, plus one
  bool free_movement = true;
};

}  // namespace imbrex
