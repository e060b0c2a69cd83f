// The value that flows through the stages of a recipe; each stage leaves it more determined.
// Value semantics; copies share the workload. [any thread for reading, one thread for writing]
#pragma once

#include <imbrex/values/floor_plan.hpp>
#include <imbrex/values/mapping.hpp>
#include <imbrex/values/workload.hpp>

#include <memory>
#include <optional>
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
  std::vector<TimedJob> jobs;
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
