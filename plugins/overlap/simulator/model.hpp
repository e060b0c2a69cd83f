// File: model.hpp
//
// The system that is simulated, as flat tables:
//   job    one (step, server) of one operator;
//   batch  jobs that start together: one job, or one step of servers in lock-step;
//   lane   what runs its batches one after another: a server, or all servers in lock-step;
//   gate   data some batches wait for: opens `delay_ps` after the last of its writers ended.
#pragma once

#include <imbrex/work_graph.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace imbrex::simulator {

using Index = std::uint32_t;

// Lists of indices, one after another: list i is values[begin[i]] .. values[begin[i + 1] - 1].
struct Lists {
  std::vector<Index> begin{0};
  std::vector<Index> values;

  std::size_t size() const noexcept { return begin.size() - 1; }
  std::span<const Index> operator[](std::size_t i) const noexcept {
    return {values.data() + begin[i], values.data() + begin[i + 1]};
  }
  void close_list() { begin.push_back(static_cast<Index>(values.size())); }
  // For every j in [0, count): the i whose list holds j, ascending.
  Lists transposed(std::size_t count) const;
};

struct JobEntry {
  Index batch = 0;
  std::int32_t server = 0;
  std::int64_t step = 0;
  std::int64_t duration_ps = 0;
  std::int64_t output_bytes = 0;
  bool has_work = false;
};

struct BatchEntry {
  Index lane = 0;
  Index first_job = 0;
  Index end_job = 0;
};

struct LaneEntry {
  Index op = 0;  // position in Model::operators
  Index first_batch = 0;
  Index end_batch = 0;
};

struct OperatorEntry {
  OperatorId id = OperatorId::none;
  Index first_lane = 0;
  Index end_lane = 0;
  Index first_job = 0;
  Index end_job = 0;
};

struct Model {
  std::vector<OperatorEntry> operators;  // mapped operators, workload order
  std::vector<LaneEntry> lanes;
  std::vector<BatchEntry> batches;
  std::vector<JobEntry> jobs;
  std::vector<std::int64_t> gate_delay_ps;
  Lists gate_writers;  // gate -> jobs
  Lists job_gates;     // its transpose
  Lists batch_gates;   // batch -> gates it waits for
  Lists gate_readers;  // its transpose; gates of network outputs have no readers

  Index operator_of(Index batch) const noexcept { return lanes[batches[batch].lane].op; }
  // Distinct (writer, reader) pairs of jobs, without the order within a lane.
  std::int64_t dependencies() const;
};

// Errors: InfeasibleError when there are 2^32 jobs or more. O(jobs * traced elements).
Model build_model(const WorkGraph& graph);

}  // namespace imbrex::simulator
