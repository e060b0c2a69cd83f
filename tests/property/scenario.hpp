// One random case: a network, copies and dealing of every layer, durations, delays, a granularity.
#pragma once

#include "analyzers.hpp"
#include "fakes/cost_model.hpp"
#include "problems.hpp"

#include <imbrex/values/work_graph.hpp>

#include <memory>
#include <string>

namespace imbrex::property {

inline constexpr std::uint64_t kSeed = 20240107;

struct ScenarioOptions {
  bool delays = false;
  bool unit_durations = false;  // one position takes 1 ps
  std::int64_t max_copies = 3;
  bool random_mappings = false;  // loop nests of any shape, servers possibly in lock-step
  bool even_banks = false;       // servers in lock-step over equal jobs, loop nests of any shape
  std::int64_t max_batch = 1;
  std::int64_t max_segments = 1;  // convex, with overheads of their own
  bool chains = false;            // rows of some layers wait for one another; batch 1
  bool dealt_orders = false;      // jobs of some layers are dealt anew
  bool floor_plans = false;       // on an array with links
};

struct Scenario {
  std::uint64_t number = 0;
  GraphSpec graph;
  std::shared_ptr<const Workload> workload;
  std::unique_ptr<test::FakeCostModel> cost;
  Architecture architecture;
  std::unique_ptr<Design> design;
  JobShape shape;
  std::size_t dealt = 0;  // layers whose jobs are dealt anew

  Machine machine() const { return {*workload, architecture, *cost}; }
  WorkGraph work_graph() const { return {*design, machine(), {shape}}; }
  AnalyzerOptions options() const { return {shape, "", -1, ""}; }
  Analysis simulate(std::int64_t buffer_bytes = -1) const;
  Analysis simulate_resources() const;
  // What a person needs to see the failure again.
  std::string description() const;
};

Scenario make_scenario(std::uint64_t number, const ScenarioOptions& options);

}  // namespace imbrex::property
