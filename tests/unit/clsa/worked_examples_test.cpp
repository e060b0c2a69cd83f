// The two networks of specification clsa-cim section 11 whose schedules were worked out by hand.
#include "clsa_fixture.hpp"
#include "clsa_worked_examples.hpp"

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

// In the order of their starts, in cycles.
JobTimes times_of(const Detail& detail, OperatorId op) {
  JobTimes times;
  for (const TimedJob& job : detail.jobs) {
    if (job.id == op) {
      times.emplace_back(job.start_ps / kCyclePs, job.end_ps / kCyclePs);
    }
  }
  std::sort(times.begin(), times.end());
  return times;
}

std::shared_ptr<const Workload> shared(Workload workload) {
  return std::make_shared<const Workload>(std::move(workload));
}

// Both implementations have to give the same; the parameter says which one runs.
class WorkedExample : public testing::TestWithParam<const char*> {
 protected:
  std::int64_t run(const ClsaSystem& system, const Design& design, const char* granularity) {
    detail_ = Detail();
    const auto analyzer =
        system.clsa({{"granularity", granularity}, {"implementation", GetParam()}});
    return makespan_cycles(*analyzer, design, &detail_);
  }
  JobTimes times(const ClsaSystem& system, std::string_view name) const {
    return times_of(detail_, find(system.workload(), name));
  }
  bool counts_edges() const { return std::string_view(GetParam()) == "explicit"; }
  void expect_schedule(const ClsaSystem& system, const Design& design,
                       const WorkedSchedule& expected) {
    EXPECT_EQ(run(system, design, "row"), expected.makespan);
    for (const auto& [name, times_of_jobs] : expected.times) {
      EXPECT_EQ(times(system, name), times_of_jobs) << name;
    }
  }
  void expect_graph(std::int64_t sets, std::int64_t edges) const {
    EXPECT_EQ(detail_.at("sets"), sets);
    if (counts_edges()) {
      EXPECT_EQ(detail_.at("edges"), edges);
    }
  }
  Detail detail_;
};

INSTANTIATE_TEST_SUITE_P(BothImplementations, WorkedExample,
                         testing::Values("explicit", "availability"),
                         [](const auto& chosen) { return std::string(chosen.param); });

TEST_P(WorkedExample, ChainCostsWhatTheSpecificationSays) {
  const ClsaSystem system(shared(worked_chain()));
  EXPECT_EQ(system.minimum_pes(), 7);
  EXPECT_EQ(system.pes(), 7);
  EXPECT_EQ(system.work_cycles(), 112);
  EXPECT_DOUBLE_EQ(system.utilisation(32), 0.5);
}

TEST_P(WorkedExample, ChainByRowsOverlapsAsWorkedOut) {
  const ClsaSystem system(shared(worked_chain()));
  expect_schedule(system, system.design(), worked_chain_by_rows());
  expect_graph(8, 10);
  EXPECT_NEAR(system.utilisation(24), 0.6667, 5e-5);
}

TEST_P(WorkedExample, ChainWithTwoCopiesDealtInTurn) {
  const ClsaSystem system(shared(worked_chain()), 1);
  Design design = system.design();
  design.placement(find(system.workload(), "A")).copies = 2;
  expect_schedule(system, design, worked_chain_with_two_copies());
  EXPECT_DOUBLE_EQ(system.utilisation(20), 0.7);
  // Identity of section 7, as written out there.
  EXPECT_NEAR((0.7 / 0.5) * (8.0 / 7.0), 32.0 / 20.0, 1e-12);
}

TEST_P(WorkedExample, ChainByPixelsStartsAtTheSixthPixel) {
  const ClsaSystem system(shared(worked_chain()));
  EXPECT_EQ(run(system, system.design(), "pixel"), 22);
  EXPECT_EQ(times(system, "B").front(), (std::pair<std::int64_t, std::int64_t>{6, 7}));
  expect_graph(32, 100);
}

TEST_P(WorkedExample, ChainByLayersDoesNotOverlap) {
  const ClsaSystem system(shared(worked_chain()));
  EXPECT_EQ(run(system, system.design(), "layer"), 32);
  EXPECT_EQ(times(system, "B"), (JobTimes{{16, 32}}));
  expect_graph(2, 1);
}

TEST_P(WorkedExample, BranchesCostWhatTheSpecificationSays) {
  const ClsaSystem system(shared(worked_branches()));
  EXPECT_EQ(system.pes(), 6);
  EXPECT_EQ(system.work_cycles(), 144);
  EXPECT_NEAR(system.utilisation(112), 0.2143, 5e-5);
}

TEST_P(WorkedExample, BranchesByRowsOverlapAsWorkedOut) {
  const ClsaSystem system(shared(worked_branches()));
  expect_schedule(system, system.design(), worked_branches_by_rows());
  EXPECT_NEAR(system.utilisation(76), 0.3158, 5e-5);
}

TEST_P(WorkedExample, BranchesWithTwoCopiesDealtInTurn) {
  const ClsaSystem system(shared(worked_branches()), 1);
  Design design = system.design();
  design.placement(find(system.workload(), "A")).copies = 2;
  expect_schedule(system, design, worked_branches_with_two_copies());
  EXPECT_NEAR(system.utilisation(44), 0.4675, 5e-5);
}

TEST_P(WorkedExample, BranchesWithTwoCopiesOnHorizontalStrips) {
  const ClsaSystem system(shared(worked_branches()), 1);
  Design design = system.design();
  Placement& a = design.placement(find(system.workload(), "A"));
  a.copies = 2;
  a.dealing = Dealing::strip_h;
  expect_schedule(system, design, worked_branches_on_strips());
  EXPECT_NEAR(system.utilisation(52), 0.3956, 5e-5);
}

}  // namespace
}  // namespace imbrex::test
