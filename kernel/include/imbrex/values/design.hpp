// The value that flows through the stages of a recipe; each stage leaves it more determined.
// Value semantics; copies share the workload. [any thread for reading, one thread for writing]
#pragma once

#include <imbrex/values/floor_plan.hpp>
#include <imbrex/values/mapping.hpp>
#include <imbrex/values/workload.hpp>

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace imbrex {

// The resources one operator owns inside its segment.
struct Placement {
  std::int32_t segment = 0;
  std::int64_t copies = 1;
  std::int64_t units = 0;  // resources[0] owned; 0: copies times the demand of one copy
  Dealing dealing = Dealing::round_robin;
  std::int64_t first_unit = -1;  // index of the first resource; -1: consecutive in operator order
  friend constexpr bool operator==(const Placement&, const Placement&) = default;
};

// Start and end of one operator on its servers.
struct OperatorTimes {
  OperatorId id = OperatorId::none;
  std::int64_t start_ps = 0;
  std::int64_t end_ps = 0;
  std::int64_t busy_ps = 0;            // sum of job durations over all servers
  std::int64_t longest_server_ps = 0;  // busy time of the busiest server
  std::int64_t servers = 0;
  std::int64_t jobs = 0;  // jobs with work
};

// What kept a job from starting earlier. Bits: several when they let it go at the same instant;
// none when it started as early as its segment could, or when the analyzer does not say.
enum class Wait : std::uint8_t {
  nothing = 0,
  source = 1u << 0,    // what it reads was not there
  server = 1u << 1,    // its server, or in lock-step any server of its operator, was busy
  buffer = 1u << 2,    // its output had no room
  link = 1u << 3,      // what it reads was held up on links
  sequence = 1u << 4,  // the analyzer delays operators on purpose
};
constexpr Wait operator|(Wait a, Wait b) noexcept {
  return static_cast<Wait>(static_cast<std::uint8_t>(a) | static_cast<std::uint8_t>(b));
}
constexpr bool has(Wait set, Wait wanted) noexcept {
  return (static_cast<std::uint8_t>(set) & static_cast<std::uint8_t>(wanted)) != 0;
}

struct TimedJob {
  OperatorId id = OperatorId::none;
  std::int32_t server = 0;
  std::int64_t step = 0;
  std::int64_t start_ps = 0;
  std::int64_t end_ps = 0;
  Wait waited_for = Wait::nothing;
  friend constexpr bool operator==(const TimedJob&, const TimedJob&) = default;
};

// Jobs of one server in steps that follow one another, each `period_ps` behind the one before.
struct JobRun {
  TimedJob first;
  std::int64_t period_ps = 0;
  std::int64_t count = 1;
  constexpr TimedJob operator[](std::int64_t i) const noexcept {
    // Both ends are times; what lies between is modular, so that no product can overflow.
    const auto shift = static_cast<std::uint64_t>(i) * static_cast<std::uint64_t>(period_ps);
    TimedJob job = first;
    job.step += i;
    job.start_ps = static_cast<std::int64_t>(static_cast<std::uint64_t>(job.start_ps) + shift);
    job.end_ps = static_cast<std::int64_t>(static_cast<std::uint64_t>(job.end_ps) + shift);
    return job;
  }
  // True when the job is the next one of the run, which then has it.
  bool IMBREX_API extend(const TimedJob& job) noexcept;
};

// Over the jobs of runs, one after another.
class JobIterator {
 public:
  explicit JobIterator(const JobRun* run) noexcept : run_(run) {}
  TimedJob operator*() const noexcept { return (*run_)[at_]; }
  JobIterator& operator++() noexcept {
    if (++at_ == run_->count) {
      ++run_;
      at_ = 0;
    }
    return *this;
  }
  bool operator==(const JobIterator&) const noexcept = default;

 private:
  const JobRun* run_;
  std::int64_t at_ = 0;
};

// Jobs by operator, server and step, kept as runs: orders are regular, so that millions of jobs are
// thousands of runs. Keys never descend, but may repeat. [any thread for reading]
class IMBREX_API JobList {
 public:
  // Preconditions: no key of the list is above that of the job; the run is not empty. Amortised
  // O(1).
  void add(const TimedJob& job);
  void add(const JobRun& run);
  std::size_t size() const noexcept { return begins_.back(); }
  bool empty() const noexcept { return runs_.empty(); }
  // The i-th job, and the run that holds it; O(log runs).
  TimedJob operator[](std::size_t i) const noexcept;
  std::size_t run_of(std::size_t i) const noexcept;
  JobIterator begin() const noexcept { return JobIterator(runs_.data()); }
  JobIterator end() const noexcept { return JobIterator(runs_.data() + runs_.size()); }
  std::span<const JobRun> runs() const noexcept { return runs_; }
  // Position of the first job of a run; `size()` of the one behind the last.
  std::size_t begin_of(std::size_t run) const noexcept { return begins_[run]; }
  // The runs of one operator; O(log runs).
  std::span<const JobRun> runs_of(OperatorId id) const noexcept;

 private:
  std::vector<JobRun> runs_;
  std::vector<std::size_t> begins_{0};  // per run, and behind the last one
};

// The jobs of some runs, to loop over.
class IMBREX_API JobRuns {
 public:
  constexpr JobRuns() = default;
  explicit JobRuns(std::span<const JobRun> runs) noexcept : runs_(runs) {}
  JobIterator begin() const noexcept { return JobIterator(runs_.data()); }
  JobIterator end() const noexcept { return JobIterator(runs_.data() + runs_.size()); }
  std::span<const JobRun> runs() const noexcept { return runs_; }
  std::int64_t count() const noexcept;  // O(runs)

 private:
  std::span<const JobRun> runs_;
};

// One segment: its weights are loaded and written, then its operators work.
struct SegmentTimes {
  std::int32_t segment = 0;
  std::int64_t start_ps = 0;       // its first weights are on their way
  std::int64_t work_start_ps = 0;  // its first job may start
  std::int64_t end_ps = 0;         // its results are where the next segment finds them
};

// When everything happens. `jobs` is filled only when detail was asked for, ordered by operator,
// server, step.
struct Timeline {
  std::int64_t makespan_ps = 0;
  std::vector<OperatorTimes> operators;  // mapped operators in workload order
  JobList jobs;
  std::vector<SegmentTimes> segments;  // ascending; one when everything is resident
};

class IMBREX_API Design {
 public:
  explicit Design(std::shared_ptr<const Workload> workload);
  Design(const Design&);
  Design(Design&&) noexcept;
  Design& operator=(const Design&);
  Design& operator=(Design&&) noexcept;
  ~Design();

  const Workload& workload() const noexcept { return *workload_; }
  const std::shared_ptr<const Workload>& shared_workload() const noexcept { return workload_; }
  Placement& placement(OperatorId id) noexcept { return placements_[id]; }
  const Placement& placement(OperatorId id) const noexcept { return placements_[id]; }
  // Searched mapping; empty means the cost model's canonical one.
  std::optional<Mapping>& mapping(OperatorId id) noexcept { return mappings_[id]; }
  const std::optional<Mapping>& mapping(OperatorId id) const noexcept { return mappings_[id]; }
  // The operator's jobs dealt anew; null: they run as the mapping says. Made for the mapping that
  // it names; a design whose mapping has changed since is not admitted.
  const std::shared_ptr<const DealtOrder>& dealt_order(OperatorId id) const noexcept;
  void set_dealt_order(OperatorId id, std::shared_ptr<const DealtOrder> order);
  bool has_dealt_orders() const noexcept;
  // Who moves operators to other resources starts from the mappings' own orders.
  void forget_dealt_orders() noexcept { dealt_orders_.clear(); }
  // Where the operators of segments sit on an array, ascending by segment; none where nobody said.
  const FloorPlans& floor_plans() const noexcept;
  void set_floor_plans(FloorPlans plans);
  // Set by the last analyzer that ran; empty before.
  std::optional<Timeline>& timeline() noexcept { return timeline_; }
  const std::optional<Timeline>& timeline() const noexcept { return timeline_; }

 private:
  std::shared_ptr<const Workload> workload_;
  IndexVector<OperatorId, Placement> placements_;
  IndexVector<OperatorId, std::optional<Mapping>> mappings_;
  IndexVector<OperatorId, std::shared_ptr<const DealtOrder>> dealt_orders_;  // empty: none at all
  std::shared_ptr<const FloorPlans> floor_plans_;                            // null: none
  std::optional<Timeline> timeline_;
};

}  // namespace imbrex
