// The system that is simulated, as flat tables:
//   job    one (step, server) of one operator;
//   batch  jobs that start together: one job, or one step of servers in lock-step;
//   lane   what runs its batches one after another: a server, or all servers in lock-step;
//   gate   data some batches wait for: opens `delay_ps` after what the last of its writers made is
//          usable (or arrived, where links carry it). Its writers are jobs of one operator, its
//          readers batches of one operator, or phases;
//   phase  work of a segment that no operator does: weights and data on their way. One job, one
//          batch and one lane of its own; phases of one resource run one at a time, in the order in
//          which they become ready.
#pragma once

#include <imbrex/values/work_graph.hpp>

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
  std::int64_t completion_ps = 0;  // from its end until what it made is usable
  std::int64_t output_bytes = 0;
  bool has_work = false;
};

// What phases share. Independent ones run whenever they are ready.
enum class Resource : std::uint8_t { none, memory, bus, buffer };
inline constexpr std::size_t kResources = 4;

struct BatchEntry {
  Resource resource = Resource::none;
  Index lane = 0;
  Index first_job = 0;
  Index end_job = 0;
  Index last_sample = 0;  // of the batch of the network that it works on
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
  bool reads_outside = false;  // of its segment: inputs of the network, results of older segments
};

// Operators whose weights are resident together.
struct SegmentEntry {
  Index first_operator = 0;
  Index end_operator = 0;
  // Per sample: gates that are open when what leaves the segment is made.
  std::vector<std::vector<Index>> exits;
  // Batches that are phases.
  std::vector<Index> loads;
  std::vector<Index> rest;
};

struct Model {
  std::vector<OperatorEntry> operators;  // mapped operators, segment by segment in workload order
  std::vector<SegmentEntry> segments;
  Index samples = 1;
  std::vector<LaneEntry> lanes;
  std::vector<BatchEntry> batches;
  std::vector<JobEntry> jobs;
  // Of its operator's output, per job that is no phase; 0: none, or partial sums that a later job
  // completes.
  std::vector<double> job_share;
  std::vector<std::int64_t> gate_delay_ps;
  Lists gate_writers;           // gate -> jobs
  Lists job_gates;              // its transpose
  Lists batch_gates;            // batch -> gates it waits for
  Lists gate_readers;           // its transpose; gates of what leaves have no readers but phases
  Index first_phase_batch = 0;  // phases come behind everything else
  Index first_phase_job = 0;
  // Gates from here on wait until jobs end, not until what they made is usable: they say when lanes
  // have run to their ends.
  Index first_phase_gate = 0;

  // Of a batch that is no phase.
  Index operator_of(Index batch) const noexcept { return lanes[batches[batch].lane].op; }
  bool is_phase(Index batch) const noexcept { return batch >= first_phase_batch; }
  // Distinct (writer, reader) pairs of operators' jobs, without the order within a lane.
  std::int64_t dependencies() const;
  // Brings the transposes up to date.
  void transpose();
};

// What each job of an operator completes of its output, given what it computes; nothing where a
// later job in the order (step, server) adds to the same elements. The shares add up to 1.
// O(jobs log jobs).
std::vector<double> job_shares(std::span<const JobEntry> jobs, std::span<const DimBox> boxes);

// Without phases: everything is there from the start, and one segment knows nothing of another.
// Errors: InfeasibleError when there are 2^32 jobs or more. O(jobs * traced elements).
Model build_model(std::span<const WorkGraph> segments);
inline Model build_model(const WorkGraph& graph) {
  return build_model({&graph, 1});
}

}  // namespace imbrex::simulator
