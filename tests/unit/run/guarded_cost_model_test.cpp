#include "run/guarded_cost_model.hpp"

#include "hand_made.hpp"
#include "run/architecture_check.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

constexpr OperatorId kA = operator_id(0);

std::string blamed(const std::function<void(const CostModel&)>& call) {
  return thrown<Error>([&] {
    plugin::HostServices services({1, LogLevel::warning, true});
    const auto workload = std::make_shared<const Workload>(two_layers());
    const run::BoundMachine machine(
        {plugin::ConfigHandle(kChip), "architecture (test.architecture.hand-made)"},
        {plugin::ConfigHandle(kCost), "cost (test.cost.hand-made)"}, workload, services, 1);
    call(machine.cost());
  });
}

void evaluate_one(const CostModel& cost) {
  const Mapping mapping = cost.canonical_mapping(kA, {}, {});
  LayerCost out;
  cost.evaluate(kA, {}, {&mapping, 1}, {&out, 1});
}
void clock_of(const CostModel& cost) {
  cost.job_clock(kA, {}, cost.canonical_mapping(kA, {}, {}));
}

class GuardedCosts : public ::testing::Test {
 protected:
  void SetUp() override { answers() = {}; }
  void TearDown() override { answers() = {}; }
};

TEST_F(GuardedCosts, PassWhatIsRight) {
  EXPECT_EQ(blamed(evaluate_one), "");
  EXPECT_EQ(blamed(clock_of), "");
}

TEST_F(GuardedCosts, NameModelMethodOperatorAndValue) {
  answers().clock.per_position_ps = -3;
  EXPECT_EQ(blamed(clock_of),
            "cost (test.cost.hand-made): job_clock of operator 'A' has per_position_ps = -3; times "
            "must be from 0 to below 2^53 ps");
}

TEST_F(GuardedCosts, RefuseTimesOutOfRange) {
  for (const std::int64_t ps : {std::int64_t{-1}, std::int64_t{1} << 53, INT64_MAX}) {
    answers() = {};
    answers().clock.fixed_ps = ps;
    EXPECT_NE(blamed(clock_of).find("fixed_ps = "), std::string::npos) << ps;
    answers() = {};
    answers().clock.completion_ps = ps;
    EXPECT_NE(blamed(clock_of).find("completion_ps = "), std::string::npos) << ps;
    answers() = {};
    answers().layer->latency_ps = ps;
    EXPECT_NE(blamed(evaluate_one).find("latency_ps = "), std::string::npos) << ps;
    answers() = {};
    answers().movement_delay_ps = ps;
    EXPECT_NE(blamed([](const CostModel& cost) { cost.movement_ps(kA); }).find("movement_ps = "),
              std::string::npos);
    answers() = {};
    answers().transfer_cost.latency_ps = ps;
    const Transfer transfer{kA, operator_id(1), 0, 0, 8};
    TransferCost out;
    EXPECT_NE(blamed([&](const CostModel& cost) {
                cost.transfer({&transfer, 1}, {&out, 1});
              }).find("transfer from 'A' to 'B' has latency_ps"),
              std::string::npos);
    answers() = {};
    answers().overhead.data_ps = ps;
    EXPECT_NE(blamed([](const CostModel& cost) {
                cost.segment_overhead(Design(std::make_shared<const Workload>(two_layers())), 7);
              }).find("segment_overhead of segment 7 has data_ps"),
              std::string::npos);
  }
}

// Pairs of operators are left out because of what the model says of the slowest transfer.
TEST_F(GuardedCosts, RefuseTransfersAboveTheMostThatTheModelNames) {
  const Transfer transfer{kA, operator_id(1), 0, 0, 8};
  TransferCost out;
  const auto one = [&](const CostModel& cost) { cost.transfer({&transfer, 1}, {&out, 1}); };
  answers().transfer_cost = {7, 2.5};
  answers().named_most = {7, 2.5};
  EXPECT_EQ(blamed(one), "");
  answers().named_most = {6, 2.5};
  EXPECT_NE(blamed(one).find("takes 7 ps and 2.5 pJ for 8 bits, more than most_transfer says"),
            std::string::npos);
  answers().named_most = {7, 2};
  EXPECT_NE(blamed(one).find("more than most_transfer says"), std::string::npos);
  answers().named_most = {-1, 2};
  EXPECT_NE(blamed([](const CostModel& cost) {
              cost.most_transfer(1);
            }).find("most_transfer has latency_ps = -1"),
            std::string::npos);
}

// Each number below 2^53, but 4 positions of a row times 2^52.
TEST_F(GuardedCosts, RefuseJobsThatTakeTooLong) {
  answers().clock.per_position_ps = std::int64_t{1} << 52;
  EXPECT_NE(blamed(clock_of).find("2^53 ps (2.5 hours) or more"), std::string::npos);
}

TEST_F(GuardedCosts, RefuseEnergiesThatAreNone) {
  for (const double pj : {-1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    answers().layer->energy_pj = pj;
    EXPECT_NE(blamed(evaluate_one).find("energy_pj = "), std::string::npos) << pj;
  }
}

TEST_F(GuardedCosts, RefuseNegativeDemands) {
  answers().one_copy.units = -5;
  EXPECT_NE(blamed([](const CostModel&) {}).find("demand of operator 'A' has units = -5"),
            std::string::npos);
}

TEST_F(GuardedCosts, RefuseCostsThatWereNotWritten) {
  answers().writes_costs = false;
  EXPECT_NE(blamed(evaluate_one).find("was not given a cost"), std::string::npos);
}

TEST_F(GuardedCosts, BlameTheModelForWhatItThrows) {
  answers().when_evaluated = [] { throw std::runtime_error("out of ideas"); };
  EXPECT_EQ(blamed(evaluate_one),
            "cost (test.cost.hand-made): plugin threw std::runtime_error: \"out of ideas\"");
  // Through the guard of a stage that called it, the culprit stays the same.
  EXPECT_EQ(blamed([](const CostModel& cost) {
              plugin::guard("stage 1 (x)", "search", [&] { evaluate_one(cost); });
            }),
            "cost (test.cost.hand-made): plugin threw std::runtime_error: \"out of ideas\"");
}

TEST_F(GuardedCosts, LeaveErrorsThatAreMeant) {
  HandMade system;
  answers().when_evaluated = [] { throw InfeasibleError("needs 3, has 2"); };
  EXPECT_EQ(thrown<InfeasibleError>([&] { evaluate_one(system.machine().cost()); }),
            "cost (test.cost.hand-made): needs 3, has 2");
  answers().when_evaluated = [] { throw CancelledError(); };
  EXPECT_THROW(evaluate_one(system.machine().cost()), CancelledError);
}

// A stage asks about an operator that does not exist: its fault, not the cost model's.
TEST_F(GuardedCosts, BlameTheCallerForWhatItAsks) {
  EXPECT_EQ(blamed([](const CostModel& cost) {
              plugin::guard("stage 1 (x)", "search", [&] { cost.demand(operator_id(9)); });
            }),
            "stage 1 (x): asked the cost model about operator 9; the workload has 2");
}

TEST_F(GuardedCosts, RefuseArchitecturesWithNegativeCounts) {
  answers().cells = -1;
  EXPECT_EQ(blamed([](const CostModel&) {}),
            "architecture (test.architecture.hand-made): resource pool 'cell' has count = -1; it "
            "must be at least 0");
  Architecture architecture;
  architecture.links.words_per_ps = std::nan("");
  EXPECT_NE(thrown<BlamedError>([&] {
              run::check_architecture("x", architecture);
            }).find("words_per_ps = nan"),
            std::string::npos);
}

}  // namespace
}  // namespace imbrex::test
