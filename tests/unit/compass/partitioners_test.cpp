// The four partitioners as recipes use them (specification compass sections 9 to 11 and 15).
#include "compass_kit.hpp"
#include "fakes/cost_model.hpp"
#include "plugin/host_services.hpp"

#include <imbrex/toolkit/segments/crossbar.hpp>

#include <algorithm>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

// Crossbars that each segment owns, copies counted.
std::vector<std::int64_t> crossbars(const Design& design, const ComputeUnit& unit) {
  std::vector<std::int64_t> used;
  for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
    const Operator& op = design.workload().operators()[i];
    const Placement& placement = design.placement(operator_id(i));
    if (segments::runs_on_crossbars(op)) {
      used.resize(
          std::max<std::size_t>(used.size(), static_cast<std::size_t>(placement.segment) + 1));
      used[static_cast<std::size_t>(placement.segment)] +=
          placement.copies * segments::crossbars_of_one_copy(op, unit);
    }
  }
  return used;
}

TEST(Greedy, FillsTheChipAsInFigure7) {
  const CompassChip chip(network("resnet18-full"), "compass-m");
  Design design = chip.design;
  const FakeEvaluator said = partition(chip, "greedy", {}, Objective::throughput, &design);
  EXPECT_EQ(said.notes.at("ends"), "33 47 60");
  EXPECT_EQ(said.integers.at("segments"), 3);
  EXPECT_EQ(said.notes.at("ways_to_cut"), "576196871927812096");
  EXPECT_EQ(crossbars(design, chip.architecture().units.front()),
            (std::vector<std::int64_t>{254, 243, 230}));
}

TEST(Greedy, MakesCopiesOnlyWhenAskedTo) {
  const CompassChip chip(network("squeezenet1.1"), "compass-l");
  Design design = chip.design;
  partition(chip, "greedy", {}, Objective::throughput, &design);
  EXPECT_EQ(crossbars(design, chip.architecture().units.front()), (std::vector<std::int64_t>{110}));
  partition(chip, "greedy", {{"replication", true}}, Objective::throughput, &design);
  EXPECT_EQ(design.placement(operator_id(0)).copies, 4);
}

TEST(Greedy, LeavesANetworkThatFitsWhole) {
  const CompassChip chip(network("squeezenet1.1"), "compass-s");
  Design design = chip.design;
  partition(chip, "greedy", {}, Objective::throughput, &design);
  EXPECT_EQ(&design.workload(), &chip.workload());
}

TEST(Layerwise, HasTheTablesNumbersOfSegments) {
  const std::tuple<const char*, const char*, std::int64_t> table[] = {
      {"squeezenet1.1", "compass-s", 26}, {"squeezenet1.1", "compass-l", 26},
      {"resnet18-full", "compass-s", 21}, {"resnet18-full", "compass-m", 21},
      {"vgg16-full", "compass-s", 87},    {"vgg16-full", "compass-m", 50},
      {"vgg16-full", "compass-l", 29}};
  for (const auto& [name, preset, segments] : table) {
    const CompassChip chip(network(name), preset);
    EXPECT_EQ(partition(chip, "layerwise").integers.at("segments"), segments) << name << preset;
  }
}

class EveryPartitioner : public ::testing::TestWithParam<const char*> {};

TEST_P(EveryPartitioner, LeavesSegmentsThatFitAndFollowOneAnother) {
  const CompassChip chip(network("vgg16-full"), "compass-s");
  Design design = chip.design;
  const FakeEvaluator said = partition(chip, GetParam(), {}, Objective::throughput, &design);
  const auto used = crossbars(design, chip.architecture().units.front());
  EXPECT_EQ(static_cast<std::int64_t>(used.size()), said.integers.at("segments"));
  for (const std::int64_t one : used) {
    EXPECT_GT(one, 0);
    EXPECT_LE(one, 144);
  }
  std::int32_t last = 0;
  for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
    if (segments::runs_on_crossbars(design.workload().operators()[i])) {
      const std::int32_t segment = design.placement(operator_id(i)).segment;
      EXPECT_GE(segment, last);
      last = segment;
    }
  }
}

TEST_P(EveryPartitioner, SplitsNoWeights) {
  const CompassChip chip(network("vgg16-full"), "compass-m");
  Design design = chip.design;
  partition(chip, GetParam(), {}, Objective::throughput, &design);
  EXPECT_EQ(design.workload().weight_bits(), chip.workload().weight_bits());
  EXPECT_EQ(design.workload().macs(), chip.workload().macs());
}

TEST_P(EveryPartitioner, RefusesADesignThatIsCutAlready) {
  const CompassChip chip(network("resnet18-full"), "compass-m");
  CompassChip cut(chip.shared_workload(), "compass-m");
  cut.design.placement(operator_id(5)).segment = 1;
  EXPECT_EQ(thrown<InputError>([&] { partition(cut, GetParam()); }),
            "an earlier stage has already cut the network into segments; use one such partitioner");
}

TEST_P(EveryPartitioner, RefusesUnitsLargerThanACoreWhenAskedTo) {
  const CompassChip chip(network("resnet18-full"), "compass-m");
  EXPECT_EQ(
      thrown<InfeasibleError>([&] {
        partition(chip, GetParam(), {{"fit_core", true}});
      }),
      "channels [0, 64) of 'stage3.basic1.second' need 18 crossbars, the smallest part that can "
      "be placed, but a core has 16: 2 too few");
}

TEST_P(EveryPartitioner, NamesAUnitLargerThanTheChip) {
  const CompassChip chip(network("vgg16-full"), {{"cores", 6}, {"crossbars_per_core", 16}});
  EXPECT_EQ(thrown<InfeasibleError>([&] { partition(chip, GetParam()); }),
            "channels [0, 64) of 'dense1' need 98 crossbars, the smallest part that can be placed, "
            "but the chip has 96: 2 too few");
}

INSTANTIATE_TEST_SUITE_P(Compass, EveryPartitioner,
                         ::testing::Values("greedy", "layerwise", "compass", "optimal"),
                         [](const auto& instance) { return std::string(instance.param); });

TEST(Partitioners, SayWhenTheCostModelCannotEstimateSegments) {
  const CompassChip chip(network("squeezenet1.1"), "compass-s");
  FakeCostModel silent(chip.workload());
  silent.demand_of = [&](OperatorId op) { return chip.cost().demand(op); };
  FakeEvaluator evaluator(silent, chip.architecture());
  const auto partitioner = make<Partitioner>("imbrex.partition.optimal", {}, chip.context());
  Design design = chip.design;
  EXPECT_EQ(
      thrown<InputError>([&] { partitioner->partition(design, evaluator); }),
      "the cost model does not estimate segments; use one of crossbars, or on an array one of "
      "loop nests with memories = \"segments\"");
}

// Estimated time and energy of the whole batch.
std::pair<double, double> sums(const FakeEvaluator& said) {
  return {static_cast<double>(said.integers.at("estimated_batch_ps")),
          said.reals.at("estimated_batch_energy_pj")};
}

TEST(Optimal, FollowsTheObjective) {
  const CompassChip chip(network("resnet18-full", 4), "compass-s");
  const auto fast = sums(partition(chip, "optimal", {}, Objective::throughput));
  const auto frugal = sums(partition(chip, "optimal", {}, Objective::energy));
  const auto both = sums(partition(chip, "optimal", {}, Objective::edp));
  EXPECT_LT(fast.first, frugal.first);
  EXPECT_LT(frugal.second, fast.second);
  EXPECT_LE(both.first * both.second, fast.first * fast.second);
  EXPECT_LE(both.first * both.second, frugal.first * frugal.second);
  EXPECT_EQ(sums(partition(chip, "optimal", {}, Objective::latency)), fast);
}

TEST(Optimal, HidesWeightLoadsBehindDraining) {
  const CompassChip chip(network("resnet18-full"), "compass-s");
  const FakeEvaluator plain = partition(chip, "optimal");
  const FakeEvaluator hiding = partition(chip, "optimal", {{"hide_weight_loads", true}});
  const std::int64_t hidden = hiding.integers.at("hidden_weight_load_ps");
  EXPECT_GT(hidden, 0);
  EXPECT_LE(hiding.integers.at("estimated_batch_ps") - hidden,
            plain.integers.at("estimated_batch_ps"));
}

TEST(Optimal, RefusesToHideLoadsForEnergy) {
  const CompassChip chip(network("squeezenet1.1"), "compass-s");
  for (const Objective objective : {Objective::energy, Objective::edp}) {
    EXPECT_EQ(thrown<InputError>([&] {
                partition(chip, "optimal", {{"hide_weight_loads", true}}, objective);
              }),
              "hide_weight_loads = true saves time and no energy: use it with objective latency or "
              "throughput");
  }
}

TEST(Optimal, SaysWhenThereAreNoEnergies) {
  const CompassChip chip(network("squeezenet1.1"), {{"preset", std::string("compass-s")},
                                                    {"mvm_energy_pj", 0.0},
                                                    {"external_energy_pj_per_byte", 0.0},
                                                    {"crossbar_write_energy_pj", 0.0}});
  EXPECT_EQ(thrown<InputError>([&] { partition(chip, "optimal", {}, Objective::energy); }),
            "the objective needs energies, but the architecture 'SRAM CIM' "
            "models none");
}

FakeEvaluator genetic(const CompassChip& chip, std::uint64_t seed, Objective objective,
                      const Settings& settings = {}) {
  plugin::HostServices services(plugin::HostOptions{});
  return partition(chip, "compass", settings, objective, nullptr,
                   &services.host_for("imbrex.partition.compass", seed, 0));
}

TEST(Compass, RepeatsItselfForTheSameSeed) {
  const CompassChip chip(network("resnet18-full"), "compass-s");
  const FakeEvaluator first = genetic(chip, 7, Objective::throughput);
  const FakeEvaluator second = genetic(chip, 7, Objective::throughput);
  EXPECT_EQ(first.reals, second.reals);
  EXPECT_EQ(first.integers, second.integers);
  EXPECT_EQ(first.notes, second.notes);
}

TEST(Compass, RecordsATraceThatNeverRisesAndItsGap) {
  const CompassChip chip(network("vgg16-full"), "compass-s");
  const FakeEvaluator said = genetic(chip, 1, Objective::throughput, {{"patience", 0}});
  EXPECT_EQ(said.integers.at("generations"), 30);
  for (int i = 1; i <= 30; ++i) {
    EXPECT_LE(said.reals.at("best_after_" + std::to_string(i)),
              said.reals.at("best_after_" + std::to_string(i - 1)));
  }
  const auto optimum = partition(chip, "optimal").integers.at("estimated_batch_ps");
  const double found = said.reals.at("best_after_30");
  EXPECT_EQ(found, static_cast<double>(said.integers.at("estimated_batch_ps")));
  EXPECT_DOUBLE_EQ(said.reals.at("gap_to_optimum"), found / static_cast<double>(optimum) - 1);
}

TEST(Compass, NeverBeatsTheOptimumForAnyObjective) {
  const CompassChip chip(network("resnet18-full"), "compass-s");
  for (const Objective objective :
       {Objective::latency, Objective::throughput, Objective::energy, Objective::edp}) {
    const FakeEvaluator said = genetic(chip, 3, objective);
    EXPECT_GE(said.reals.at("gap_to_optimum"), -1e-12);
    EXPECT_LT(said.reals.at("gap_to_optimum"), 0.2);
  }
}

TEST(Compass, RefusesToSelectMoreThanItsPopulation) {
  const CompassChip chip(network("squeezenet1.1"), "compass-s");
  EXPECT_EQ(thrown<InputError>([&] {
              genetic(chip, 1, Objective::throughput, {{"population", 10}, {"selected", 11}});
            }),
            "imbrex.partition.compass: selected = 11 of a population of 10: cannot select more "
            "than there are");
}

TEST(Optimal, CutsNetworksLargerThanThePapers) {
  for (const char* name : {"resnet152", "bert-large-encoder", "llama-7b-decoder"}) {
    const CompassChip chip(network(name), "compass-l");
    Design design = chip.design;
    const FakeEvaluator said = partition(chip, "optimal", {}, Objective::throughput, &design);
    std::int64_t needed = 0;
    for (std::size_t i = 0; i < chip.workload().operators().size(); ++i) {
      needed += chip.cost().demand(operator_id(i)).units;
    }
    EXPECT_GT(needed, 5 * 576) << name;
    EXPECT_GE(said.integers.at("segments"), ceil_div(needed, 576)) << name;
    for (const std::int64_t used : crossbars(design, chip.architecture().units.front())) {
      EXPECT_LE(used, 576) << name;
    }
  }
}

}  // namespace
}  // namespace imbrex::test
