// What must hold for every design whatever the numbers are (specification clsa-cim sections 7
// and 11.1, O4).
#include "boxes.hpp"
#include "scenario.hpp"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

namespace imbrex::property {
namespace {

std::int64_t makespan(const Scenario& scenario, JobShape::Kind kind) {
  AnalyzerOptions options = scenario.options();
  options.shape.kind = kind;
  return analyze("imbrex.overlap.simulator", options, *scenario.design, scenario.architecture,
                 *scenario.cost)
      .result.makespan_ps;
}

std::int64_t work_of(const Scenario& scenario, OperatorId op) {
  return scenario.cost->clock_of(op).duration_ps(scenario.workload->at(op).bounds.whole());
}

TEST(Invariants, WorkIsConservedAndNoServerWorksTwiceAtOnce) {
  for (std::uint64_t number = 60000; number < 60400; ++number) {
    const Scenario scenario = make_scenario(number, {});
    SCOPED_TRACE(scenario.description());
    const Analysis analysis = scenario.simulate();
    std::map<OperatorId, std::int64_t> work;
    std::map<std::pair<OperatorId, std::int32_t>, std::int64_t> server_work;
    const TimedJob* previous = nullptr;
    for (const TimedJob& job : analysis.jobs) {
      work[job.id] += job.end_ps - job.start_ps;
      server_work[{job.id, job.server}] += job.end_ps - job.start_ps;
      if (previous != nullptr && previous->id == job.id && previous->server == job.server) {
        ASSERT_LT(previous->step, job.step);
        ASSERT_LE(previous->end_ps, job.start_ps);
      }
      previous = &job;
    }
    ASSERT_EQ(work.size(), scenario.work_graph().mapped().size());
    for (const auto& [op, busy_ps] : work) {
      ASSERT_EQ(busy_ps, work_of(scenario, op));
    }
    for (const auto& [server, busy_ps] : server_work) {
      ASSERT_GE(analysis.result.makespan_ps, busy_ps);
    }
  }
}

TEST(Invariants, JobsTileEveryOutputExactly) {
  for (std::uint64_t number = 61000; number < 61400; ++number) {
    const Scenario scenario = make_scenario(number, {});
    SCOPED_TRACE(scenario.description());
    const WorkGraph graph = scenario.work_graph();
    for (const OperatorId op : graph.mapped()) {
      const LoopBounds& bounds = scenario.workload->at(op).bounds;
      std::vector<int> painted(static_cast<std::size_t>(bounds[Dim::P] * bounds[Dim::Q]), 0);
      for (std::int64_t server = 0; server < graph.order(op).server_count(); ++server) {
        for (std::int64_t step = 0; step < graph.order(op).step_count(server); ++step) {
          const DimBox box = graph.order(op).job(step, server).box;
          test::for_each_position(box, [&](std::int64_t y, std::int64_t x) {
            ++painted[static_cast<std::size_t>(y * bounds[Dim::Q] + x)];
          });
        }
      }
      ASSERT_EQ(std::count(painted.begin(), painted.end(), 1),
                static_cast<std::ptrdiff_t>(painted.size()));
    }
  }
}

TEST(Invariants, FinerNestedJobsAreNeverSlowerWithoutDuplication) {
  ScenarioOptions options;
  options.max_copies = 1;
  for (std::uint64_t number = 62000; number < 62400; ++number) {
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    std::int64_t layer_by_layer_ps = 0;
    for (std::size_t i = 0; i < scenario.workload->operators().size(); ++i) {
      if (scenario.workload->operators()[i].has_macs()) {
        layer_by_layer_ps += work_of(scenario, operator_id(i));
      }
    }
    const std::int64_t pixel_ps = makespan(scenario, JobShape::Kind::pixel);
    const std::int64_t row_ps = makespan(scenario, JobShape::Kind::row);
    const std::int64_t layer_ps = makespan(scenario, JobShape::Kind::layer);
    ASSERT_LE(pixel_ps, row_ps);
    ASSERT_LE(row_ps, layer_ps);
    ASSERT_LE(layer_ps, layer_by_layer_ps);
  }
}

TEST(Invariants, OneCopyIsTheSameHoweverItsWorkIsDealt) {
  ScenarioOptions options;
  options.max_copies = 1;
  for (std::uint64_t number = 63000; number < 63200; ++number) {
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    const Analysis dealt = scenario.simulate();
    for (std::size_t i = 0; i < scenario.workload->operators().size(); ++i) {
      scenario.design->placement(operator_id(i)) = Placement{};
    }
    const Analysis plain = scenario.simulate();
    ASSERT_EQ(dealt.result.makespan_ps, plain.result.makespan_ps);
  }
}

// S = (Ut / Ut_lbl) * (F / P), section 7, from the busy times that the simulation reports.
TEST(Invariants, SpeedUpIsUtilisationGainTimesChipGrowth) {
  for (std::uint64_t number = 64000; number < 64400; ++number) {
    const Scenario scenario = make_scenario(number, {});
    SCOPED_TRACE(scenario.description());
    Random random(kSeed, number + 2000000);
    const Analysis analysis = scenario.simulate();
    std::map<OperatorId, std::int64_t> busy_ps;
    for (const TimedJob& job : analysis.jobs) {
      busy_ps[job.id] += job.end_ps - job.start_ps;
    }
    double work = 0;
    double chip = static_cast<double>(random.below(4));  // idle spares
    double minimum = 0;
    double layer_by_layer_ps = 0;
    double layer_by_layer_work = 0;
    for (const auto& [op, busy] : busy_ps) {
      const double units = static_cast<double>(random.between(1, 20));
      work += units * static_cast<double>(busy);
      chip += units * static_cast<double>(scenario.design->placement(op).copies);
      minimum += units;
      layer_by_layer_ps += static_cast<double>(work_of(scenario, op));
      layer_by_layer_work += units * static_cast<double>(work_of(scenario, op));
    }
    const double makespan_ps = static_cast<double>(analysis.result.makespan_ps);
    const double utilisation = work / (chip * makespan_ps);
    const double utilisation_before = layer_by_layer_work / (minimum * layer_by_layer_ps);
    ASSERT_LE(utilisation, 1.0);
    ASSERT_NEAR(layer_by_layer_ps / makespan_ps, utilisation / utilisation_before * chip / minimum,
                1e-9);
  }
}

}  // namespace
}  // namespace imbrex::property
