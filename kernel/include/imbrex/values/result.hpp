// What a run found out; the input of every reporter and of result.json. Holds nothing that differs
// between equal runs (no clock, no host, no thread count). [any thread]
#pragma once

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/values/design.hpp>
#include <imbrex/values/topology.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace imbrex {

// A metric that does not apply is absent. Names carry their unit: latency_ps, energy_pj, ...
using MetricValue = std::variant<std::int64_t, double>;
struct IMBREX_API Metrics {
  std::vector<std::pair<std::string, MetricValue>> values;  // in order of presentation
  void set(std::string_view name, MetricValue value);
  const MetricValue* find(std::string_view name) const noexcept;
};

using Fact = std::pair<std::string, std::variant<std::int64_t, double, std::string>>;

struct OperatorResult {
  OperatorId id = OperatorId::none;
  std::string name;
  std::string kind;
  std::int64_t units_per_copy = 0;
  std::int64_t copies = 0;
  Dealing dealing = Dealing::round_robin;
  std::int64_t idle_copies = 0;  // copies that got no job
  OperatorTimes times;
  // Multiply-accumulates over those that the units it owns could do while it worked; 0: not
  // counted.
  double mac_utilisation = 0;
  std::optional<LayerAccount> account;  // where the cost model has one
  // What was decided about it, as texts that can be given back (sdk/docs/results.md). The loop
  // nest, outermost loop first, "OPERATOR LEVEL temporal|spatial DIMENSION BOUND".
  std::vector<std::string> loops;
  std::vector<std::string> outer;        // "OPERATOR COUNT": loops of the jobs; none: the default
  std::vector<std::string> job_extents;  // "OPERATOR DIMENSION EXTENT", where loops do not say it
  std::vector<std::string> placement;    // "OPERATOR PROPERTY VALUE"
  bool chosen = false;                   // a stage chose another nest than the cost model's own
  bool dealt_anew = false;  // a stage dealt the nest's jobs to its servers in another order
  bool is_part = false;     // a part of a layer of the recipe's workload that a stage split
};

// One piece of the chain that bounds the makespan, earliest first: `op` was busy on it from start
// to end, having waited for `cause` (none: started at time 0, or bound by its own previous job).
struct CriticalStep {
  OperatorId op = OperatorId::none;
  OperatorId cause = OperatorId::none;
  std::int64_t start_ps = 0;
  std::int64_t end_ps = 0;
  std::int64_t jobs = 0;
  Wait waited_for = Wait::nothing;  // at its start
  // Operators that bounded the start as late as `cause`, beside it; ascending.
  std::vector<OperatorId> ties;
};

// Most bytes of `producer`'s output that were produced and still needed by `consumer` at any time.
struct EdgeTraffic {
  OperatorId producer = OperatorId::none;
  OperatorId consumer = OperatorId::none;
  std::int64_t total_bytes = 0;
  std::int64_t peak_live_bytes = 0;
};

// Where the operators of a segment sit, and what its links carry.
struct FloorPlanResult {
  SpatialLayout layout;              // stage i is stages[i]
  std::vector<std::string> stages;   // operators
  std::vector<HandOver> hand_overs;  // ids of the run's workload
  std::string topology;
  struct Load {
    Link link;
    double words = 0;  // of the whole segment
  };
  std::vector<Load> links;  // those that carry anything, by id; ends beyond the elements are ports
  double word_links = 0;    // sum of words over links
  double word_pitches = 0;  // the same, weighted with the lengths of the wires
};

// Operators resident together, and what surrounds their work.
struct SegmentResult {
  SegmentTimes times;
  SegmentOverhead overhead;
  std::vector<std::string> operators;  // mapped ones, workload order
  std::int64_t units = 0;              // resources[0] owned, copies counted
  std::optional<FloorPlanResult> floor_plan;
};

struct StageResult {
  std::string use;
  std::vector<Fact> facts;
};

struct PluginRecord {
  std::string id;
  std::string version;
  std::string sha256;
};

struct Result {
  std::string name;
  std::string plan_sha256;
  std::uint64_t seed = 0;
  std::string workload_name;
  std::string workload_sha256;
  std::int64_t workload_operators = 0;
  std::int64_t workload_macs = 0;
  std::int64_t workload_weight_bits = 0;         // what several layers share counts once
  std::int64_t workload_mapped_weight_bits = 0;  // and here as often as it is used
  std::int64_t workload_unmapped = 0;            // operators whose work is in no figure
  std::string objective;
  Exactness exactness = Exactness::exact;
  std::vector<std::string> exactness_reasons;  // none when exact
  bool partial = false;                        // interrupted before the last stage ended
  Metrics metrics;
  bool has_baseline = false;
  Metrics baseline;
  double speedup = 0;  // baseline latency over latency, when has_baseline
  // Baseline over this run in the recipe's objective, when has_baseline; 0: not known.
  double improvement = 0;
  std::vector<StageResult> stages;
  std::vector<OperatorResult> operators;  // mapped operators, workload order
  // Empty when everything is resident and free, and nobody made a floor plan.
  std::vector<SegmentResult> segments;
  std::vector<CriticalStep> critical_path;
  std::vector<EdgeTraffic> edges;
  JobList jobs;
  std::vector<PluginRecord> plugins;  // those that took part, by id
};

}  // namespace imbrex
