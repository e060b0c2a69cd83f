// File: layer.hpp
//
// One operator's jobs with their times, in the mapping's order or dealt anew
// (specification fast-overlapim, sections 3.5 and 4).
#pragma once

#include <imbrex/overlap_math.hpp>
#include <imbrex/work_order.hpp>
#include <imbrex/workload.hpp>

#include <cstdint>
#include <vector>

namespace imbrex::overlapim {

struct TimedWork {
  std::int64_t step = 0;
  std::int64_t server = 0;
  std::int64_t arrival_ps = kNoNeed;  // of everything it needs
  std::int64_t duration_ps = 0;
  std::int64_t start_ps = 0;
  std::int64_t end_ps = 0;
  bool has_work = false;
};

// All jobs of one operator, by server, then step.
struct Layer {
  const WorkOrder* order = nullptr;
  std::vector<TimedWork> jobs;
  std::int64_t end_ps = 0;

  explicit Layer(const WorkOrder& work_order);
  // Fills starts and ends: every job waits for its arrival and for its server, in lock-step for all
  // servers of its step. Arrivals must be known.
  void run_in_order();
};

// What it costs to run a job on another server than the mapping's (section 4.2).
struct MoveCosts {
  bool whole_tiles = false;       // jobs of one output tile stay together
  bool move_weights = true;       // weights are not replicated
  double bits_per_ps = 0;         // between servers; 0: free
  std::int64_t merge_add_ps = 0;  // one addition of two partial sums
};

// Per job of a layer, what moving it carries along, and which output tile it contributes to.
struct JobLoad {
  std::int64_t input_bits = 0;
  std::int64_t weight_bits = 0;
  std::int64_t sum_bits = 0;
  std::size_t tile = 0;
};

JobLoad job_load(const Workload& workload, OperatorId op, const DimBox& box) noexcept;
// What a move adds to a job.
std::int64_t move_ps(const JobLoad& load, const MoveCosts& costs) noexcept;
// Adding up the partial sums of one output tile that sit on `apart` servers.
std::int64_t merge_ps(const JobLoad& load, std::int64_t apart, const MoveCosts& costs) noexcept;

// The layer with its jobs with work dealt earliest-ready-first, moves paid. Jobs are listed by new
// server, then new step.
struct Dealt {
  std::vector<TimedWork> jobs;
  std::vector<std::size_t> old_number;  // of each job
  std::vector<std::int64_t> tile_end_ps;
  std::int64_t end_ps = 0;
};
// O(jobs log jobs). `tiles`: one more than the largest tile number.
Dealt deal_earliest_first(const Layer& layer, const std::vector<JobLoad>& loads, std::size_t tiles,
                          const MoveCosts& costs);

}  // namespace imbrex::overlapim
