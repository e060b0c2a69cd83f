// imbrex.partition.bank-slices as a component; its packing has tests of its own.
#include "dram_kit.hpp"
#include "fakes/evaluator.hpp"

#include <set>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::DramSystem;
using test::FakeEvaluator;
using test::Settings;
using test::thrown;

// The partitioner asks for the analyzer's request and for costs; slices need no timeline.
struct Judge {
  explicit Judge(const DramSystem& system)
      : analyzer(system.analyzer("imbrex.overlap.clsa-cim")),
        evaluator(system.cost(), system.architecture(), *analyzer) {}
  ~Judge() { EXPECT_EQ(evaluator.designs + evaluator.pairs, 0) << "a timeline was asked for"; }
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  std::int64_t fact(const std::string& name) const { return evaluator.integers.at(name); }

  plugin::Instance<OverlapAnalyzer> analyzer;
  FakeEvaluator evaluator;
};

void partition(const DramSystem& system, const std::string& policy, Design& design, Judge& judge) {
  plugin::make_instance<Partitioner>(
      test::configure("imbrex.partition.bank-slices", {{"policy", policy}}), system.context())
      ->partition(design, judge.evaluator);
}
Design partitioned(const DramSystem& system, const std::string& policy, Judge& judge) {
  Design design = system.design();
  partition(system, policy, design, judge);
  return design;
}
Design partitioned(const DramSystem& system, const std::string& policy) {
  Judge judge(system);
  return partitioned(system, policy, judge);
}

// One pointwise layer per entry: that many filters over 16 channels and 16 x 16 positions.
std::shared_ptr<const Workload> layers(std::initializer_list<std::int64_t> filters) {
  WorkloadBuilder builder("layers");
  const TensorId x = builder.input("x", Shape{4, {1, 16, 16, 16}});
  int i = 0;
  for (const std::int64_t k : filters) {
    ConvolutionParams params;
    params.output_channels = k;
    builder.convolution(std::string("l").append(std::to_string(i++)), x, params);
  }
  return std::make_shared<const Workload>(builder.finish());
}
std::vector<std::int64_t> units(const DramSystem& system, const Design& design) {
  std::vector<std::int64_t> result;
  for (const OperatorId id : system.mapped()) {
    result.push_back(design.placement(id).units);
  }
  return result;
}
using Units = std::vector<std::int64_t>;

TEST(BankSlices, AreDisjointAndInsideTheMemory) {
  for (const char* network : {"resnet18", "bert-base-encoder", "vgg16-full"}) {
    const DramSystem system(test::load_workload(network));
    for (const char* policy : {"equal", "macs", "latency"}) {
      const Design design = partitioned(system, policy);
      std::set<std::int64_t> taken;
      for (const OperatorId id : system.mapped()) {
        const Placement& p = design.placement(id);
        ASSERT_GE(p.units, system.cost().demand(id).units) << network << " " << policy;
        for (std::int64_t bank = 0; bank < p.units; ++bank) {
          ASSERT_TRUE(taken.insert(p.first_unit + bank).second) << network << " " << policy;
        }
      }
      EXPECT_GE(*taken.begin(), 0);
      EXPECT_LT(*taken.rbegin(), 128);
    }
  }
}
TEST(BankSlices, AreEqualWhenAsked) {
  const DramSystem system(layers({64, 8, 8}));
  // 8 x 16 banks for three: two whole channels each.
  EXPECT_EQ(units(system, partitioned(system, "equal")), (Units{32, 32, 32}));
}
TEST(BankSlices, FollowTheMacs) {
  // 48 : 16 on one channel of 4 banks: 1 each, then 3 of 4 for the larger.
  const DramSystem system(layers({48, 16}),
                          {{"channels", std::int64_t{1}}, {"banks", std::int64_t{4}}});
  EXPECT_EQ(units(system, partitioned(system, "macs")), (Units{3, 1}));
}
TEST(BankSlices, BalanceLatencyBetterThanEqualSlices) {
  const DramSystem system(test::load_workload("resnet18"));
  Judge equal(system);
  Judge balanced(system);
  partitioned(system, "equal", equal);
  partitioned(system, "latency", balanced);
  EXPECT_LT(balanced.fact("slowest_operator_ps"), equal.fact("slowest_operator_ps"));
  EXPECT_LE(balanced.fact("units_used"), 128);
}
TEST(BankSlices, ReportWhatTheOperatorsTake) {
  const DramSystem system(layers({64, 8}));
  Judge judge(system);
  const Design design = partitioned(system, "latency", judge);
  std::int64_t slowest = 0;
  for (const OperatorId id : system.mapped()) {
    const Mapping m =
        system.cost().canonical_mapping(id, design.placement(id), judge.evaluator.request().shape);
    slowest = std::max(slowest, system.evaluate(id, design.placement(id), m).latency_ps);
  }
  EXPECT_EQ(judge.fact("slowest_operator_ps"), slowest);
}
TEST(BankSlices, QuoteTheConstraintThatNoSizeCanMeet) {
  const std::vector<std::string> constraints{"*: bank spatial K = 7"};
  const DramSystem system(layers({8, 8}), {}, {{"constraints", constraints}});
  for (const char* policy : {"equal", "macs", "latency"}) {
    const std::string message = thrown<InfeasibleError>([&] { partitioned(system, policy); });
    EXPECT_NE(message.find("no mapping satisfies constraint \"*: bank spatial K = 7\"; with K = 8 "
                           "there are "),
              std::string::npos)
        << policy << ": " << message;
    EXPECT_NE(message.find("; all of the memory is not enough"), std::string::npos) << message;
  }
}
TEST(BankSlices, SayHowManyBanksAreMissing) {
  const DramSystem system(layers({8, 8, 8, 8, 8}),
                          {{"channels", std::int64_t{1}}, {"banks", std::int64_t{3}}});
  for (const char* policy : {"equal", "macs", "latency"}) {
    EXPECT_EQ(thrown<InfeasibleError>([&] { partitioned(system, policy); }),
              "5 operators need banks of their own, 5 at least; the memory has 3: 2 too few; add "
              "stacks, channels or banks, or cut the network into segments");
  }
}
TEST(BankSlices, SayWhichOperatorFitsNowhere) {
  const DramSystem system(
      layers({8}),
      {{"channels", std::int64_t{1}}, {"banks", std::int64_t{2}}, {"rows", std::int64_t{40}}});
  const std::string message = thrown<InfeasibleError>([&] { partitioned(system, "latency"); });
  EXPECT_NE(message.find("operator 'l0' needs "), std::string::npos) << message;
  EXPECT_NE(message.find("a bank has 40: "), std::string::npos) << message;
  EXPECT_NE(message.find("all of the memory is not enough"), std::string::npos) << message;
}
TEST(BankSlices, PackEverySegmentAnew) {
  const DramSystem system(layers({8, 8}),
                          {{"channels", std::int64_t{1}}, {"banks", std::int64_t{1}}});
  Design design = system.design();
  design.placement(system.id("l1")).segment = 1;
  Judge judge(system);
  partition(system, "latency", design, judge);
  EXPECT_EQ(design.placement(system.id("l0")).first_unit, 0);
  EXPECT_EQ(design.placement(system.id("l1")).first_unit, 0);
  EXPECT_EQ(judge.fact("units_used"), 1);
}
TEST(BankSlices, DoNothingTwice) {
  const DramSystem system(test::load_workload("resnet18"));
  const Design once = partitioned(system, "latency");
  Design twice = once;
  Judge judge(system);
  partition(system, "latency", twice, judge);
  ASSERT_FALSE(system.mapped().empty());
  for (const OperatorId id : system.mapped()) {
    EXPECT_EQ(once.placement(id), twice.placement(id));
  }
}

}  // namespace
}  // namespace imbrex
