// File: design_pass.hpp
//
// A whole design in one pass over its operators, with real (stalled) clocks: arrivals of every job
// from the completions of its producers, then the recurrence of specification fast-overlapim,
// section 3.5, then this operator's completion.
#pragma once

#include "completion.hpp"
#include "layer.hpp"

#include <imbrex/edge_path.hpp>
#include <imbrex/work_graph.hpp>

#include <map>
#include <optional>
#include <vector>

namespace imbrex::overlapim {

enum class Method : std::uint8_t { automatic, digit_walk, tables, separable };
enum class Holes : std::uint8_t { box, exact };

struct PassOptions {
  Method method = Method::automatic;
  Holes holes = Holes::box;
  bool transform = false;
  MoveCosts moves;
};

struct Outcome {
  std::int64_t makespan_ps = 0;
  std::int64_t data_spaces = 0;  // jobs with work
  std::int64_t transformed = 0;  // operators that were dealt anew
  bool conservative = false;     // some completion may be later than the truth
  std::vector<TimedJob> jobs;    // by operator, server, step; only when asked for
};

class DesignPass {
 public:
  // All must outlive the pass. [one thread]
  DesignPass(const WorkGraph& graph, const Design& design, const CostModel& cost,
             const JobShape& shape, const PassOptions& options);
  Outcome run(bool keep_jobs);

 private:
  void run_operator(OperatorId op, bool keep_jobs);
  Mapping mapping_of(OperatorId op) const;
  std::int64_t arrival_ps(OperatorId op, const DimBox& box);
  std::int64_t ready_ps(const Source& source, OperatorId consumer, const DimBox& box);
  bool deal_anew(OperatorId op, const Mapping& mapping, const Layer& layer, bool keep_jobs);
  void publish(OperatorId op, const Mapping& mapping, const Layer& layer);
  void keep(OperatorId op, const std::vector<TimedWork>& jobs);
  void wait_for_outputs();

  const WorkGraph& graph_;
  const Design& design_;
  const CostModel& cost_;
  const JobShape& shape_;
  const PassOptions& options_;
  std::vector<std::optional<Completion>> completions_;  // per operator
  // holes = exact: the axis-wise ways of each edge met so far; no value: only boxes are known.
  struct Way {
    std::size_t input;
    std::vector<AxisChain> chains;
  };
  const std::optional<std::vector<Way>>& ways(OperatorId producer, OperatorId consumer);
  std::map<std::pair<OperatorId, OperatorId>, std::optional<std::vector<Way>>> ways_;
  WorkGraph::Scratch scratch_;
  std::vector<Source> sources_;
  Outcome outcome_;
};

// Calls visit(Region) for every box of the product of the axes' interval sets.
template <class Visit>
void for_each_box(const std::vector<std::vector<Interval>>& sets, Region& region, std::size_t axis,
                  Visit& visit) {
  if (axis == sets.size()) {
    visit(region);
    return;
  }
  for (const Interval& interval : sets[axis]) {
    region.axis[axis] = interval;
    for_each_box(sets, region, axis + 1, visit);
  }
}

// The coordinates a job needs along every axis of the producer's output. False: nothing is needed.
bool touched_sets(const Workload& workload, OperatorId consumer, std::size_t input,
                  const std::vector<AxisChain>& chains, const DimBox& box,
                  std::vector<std::vector<Interval>>& sets);

}  // namespace imbrex::overlapim
