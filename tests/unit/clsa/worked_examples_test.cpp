// The two networks of specification clsa-cim section 11 whose schedules were worked out by hand.
#include "clsa_fixture.hpp"

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

using Times = std::vector<std::pair<std::int64_t, std::int64_t>>;

ConvolutionParams same_convolution(std::int64_t kernel, std::int64_t channels) {
  ConvolutionParams params;
  params.output_channels = channels;
  params.window.kernel = {kernel, kernel};
  params.window.pad_begin = {kernel / 2, kernel / 2};
  params.window.pad_end = {kernel / 2, kernel / 2};
  return params;
}

// Section 11.2: A and B, both 3x3 same on 4x4; c = (1, 6).
std::shared_ptr<const Workload> chain() {
  WorkloadBuilder builder("chain");
  const TensorId input = builder.input("x", Shape{4, {1, 16, 4, 4}});
  const TensorId a = builder.convolution("A", input, same_convolution(3, 64));
  builder.output(builder.convolution("B", a, same_convolution(3, 300)));
  return std::make_shared<const Workload>(builder.finish());
}

// Section 11.3: A 3x3, 2x2 pool, B 3x3 and C 1x1 beside each other, D 1x1 on their sum; channels
// chosen so that c = (1, 3, 1, 1) as given there.
std::shared_ptr<const Workload> branches() {
  WorkloadBuilder builder("branches");
  const TensorId input = builder.input("x", Shape{4, {1, 16, 8, 8}});
  const TensorId a = builder.convolution("A", input, same_convolution(3, 64));
  Window window;
  window.kernel = {2, 2};
  window.stride = {2, 2};
  const TensorId pooled = builder.pool("P", a, window);
  const TensorId b = builder.convolution("B", pooled, same_convolution(3, 64));
  const TensorId c = builder.convolution("C", pooled, same_convolution(1, 64));
  const TensorId operands[] = {b, c};
  const TensorId sum = builder.elementwise("sum", operands);
  builder.output(builder.convolution("D", sum, same_convolution(1, 64)));
  return std::make_shared<const Workload>(builder.finish());
}

OperatorId operator_named(const Workload& workload, std::string_view name) {
  for (std::size_t i = 0; i < workload.operators().size(); ++i) {
    if (workload.operators()[i].name == name) {
      return operator_id(i);
    }
  }
  throw std::out_of_range(std::string(name));
}

// In the order of their starts, in cycles.
Times times_of(const Detail& detail, OperatorId op) {
  Times times;
  for (const TimedJob& job : detail.jobs) {
    if (job.id == op) {
      times.emplace_back(job.start_ps / kCyclePs, job.end_ps / kCyclePs);
    }
  }
  std::sort(times.begin(), times.end());
  return times;
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
  Times times(const ClsaSystem& system, std::string_view name) const {
    return times_of(detail_, operator_named(system.workload(), name));
  }
  bool counts_edges() const { return std::string_view(GetParam()) == "explicit"; }
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
  const ClsaSystem system(chain());
  EXPECT_EQ(system.minimum_pes(), 7);
  EXPECT_EQ(system.pes(), 7);
  EXPECT_EQ(system.work_cycles(), 112);
  EXPECT_DOUBLE_EQ(system.utilisation(32), 0.5);
}

TEST_P(WorkedExample, ChainByRowsOverlapsAsWorkedOut) {
  const ClsaSystem system(chain());
  EXPECT_EQ(run(system, system.design(), "row"), 24);
  EXPECT_EQ(times(system, "A"), (Times{{0, 4}, {4, 8}, {8, 12}, {12, 16}}));
  EXPECT_EQ(times(system, "B"), (Times{{8, 12}, {12, 16}, {16, 20}, {20, 24}}));
  expect_graph(8, 10);
  EXPECT_NEAR(system.utilisation(24), 0.6667, 5e-5);
}

TEST_P(WorkedExample, ChainWithTwoCopiesDealtInTurn) {
  const ClsaSystem system(chain(), 1);
  Design design = system.design();
  design.placement(operator_named(system.workload(), "A")).copies = 2;
  EXPECT_EQ(run(system, design, "row"), 20);
  EXPECT_EQ(times(system, "A"), (Times{{0, 4}, {0, 4}, {4, 8}, {4, 8}}));
  EXPECT_EQ(times(system, "B"), (Times{{4, 8}, {8, 12}, {12, 16}, {16, 20}}));
  EXPECT_DOUBLE_EQ(system.utilisation(20), 0.7);
  // Identity of section 7, as written out there.
  EXPECT_NEAR((0.7 / 0.5) * (8.0 / 7.0), 32.0 / 20.0, 1e-12);
}

TEST_P(WorkedExample, ChainByPixelsStartsAtTheSixthPixel) {
  const ClsaSystem system(chain());
  EXPECT_EQ(run(system, system.design(), "pixel"), 22);
  EXPECT_EQ(times(system, "B").front(), (std::pair<std::int64_t, std::int64_t>{6, 7}));
  expect_graph(32, 100);
}

TEST_P(WorkedExample, ChainByLayersDoesNotOverlap) {
  const ClsaSystem system(chain());
  EXPECT_EQ(run(system, system.design(), "layer"), 32);
  EXPECT_EQ(times(system, "B"), (Times{{16, 32}}));
  expect_graph(2, 1);
}

TEST_P(WorkedExample, BranchesCostWhatTheSpecificationSays) {
  const ClsaSystem system(branches());
  EXPECT_EQ(system.pes(), 6);
  EXPECT_EQ(system.work_cycles(), 144);
  EXPECT_NEAR(system.utilisation(112), 0.2143, 5e-5);
}

TEST_P(WorkedExample, BranchesByRowsOverlapAsWorkedOut) {
  const ClsaSystem system(branches());
  EXPECT_EQ(run(system, system.design(), "row"), 76);
  EXPECT_EQ(times(system, "C"), (Times{{16, 20}, {32, 36}, {48, 52}, {64, 68}}));
  EXPECT_EQ(times(system, "B"), (Times{{32, 36}, {48, 52}, {64, 68}, {68, 72}}));
  EXPECT_EQ(times(system, "D"), (Times{{36, 40}, {52, 56}, {68, 72}, {72, 76}}));
  EXPECT_NEAR(system.utilisation(76), 0.3158, 5e-5);
}

TEST_P(WorkedExample, BranchesWithTwoCopiesDealtInTurn) {
  const ClsaSystem system(branches(), 1);
  Design design = system.design();
  design.placement(operator_named(system.workload(), "A")).copies = 2;
  EXPECT_EQ(run(system, design, "row"), 44);
  EXPECT_EQ(times(system, "C"), (Times{{8, 12}, {16, 20}, {24, 28}, {32, 36}}));
  EXPECT_EQ(times(system, "B"), (Times{{16, 20}, {24, 28}, {32, 36}, {36, 40}}));
  EXPECT_EQ(times(system, "D"), (Times{{20, 24}, {28, 32}, {36, 40}, {40, 44}}));
  EXPECT_NEAR(system.utilisation(44), 0.4675, 5e-5);
}

TEST_P(WorkedExample, BranchesWithTwoCopiesOnHorizontalStrips) {
  const ClsaSystem system(branches(), 1);
  Design design = system.design();
  Placement& a = design.placement(operator_named(system.workload(), "A"));
  a.copies = 2;
  a.dealing = Dealing::strip_h;
  EXPECT_EQ(run(system, design, "row"), 52);
  EXPECT_EQ(times(system, "C"), (Times{{16, 20}, {32, 36}, {36, 40}, {40, 44}}));
  EXPECT_EQ(times(system, "B"), (Times{{32, 36}, {36, 40}, {40, 44}, {44, 48}}));
  EXPECT_EQ(times(system, "D"), (Times{{36, 40}, {40, 44}, {44, 48}, {48, 52}}));
  EXPECT_NEAR(system.utilisation(52), 0.3956, 5e-5);
}

}  // namespace
}  // namespace imbrex::test
