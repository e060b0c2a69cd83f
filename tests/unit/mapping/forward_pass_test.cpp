// The forward pass: cases by hand, and random orders against the constraints themselves, applied
// until nothing moves any more.
#include "pass_kit.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/analysis/overlap_math.hpp>

#include <functional>
#include <optional>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::convolution;
using test::image;
using test::nest;
using test::Passed;
using test::PassRig;
using test::random_nest;
using test::run;
using test::spatial;
using test::temporal;
using test::two_layers;

constexpr std::uint64_t kSeed = 57;

TEST(ForwardPass, ServersThatRunApartWaitForTheirOwnDataOnly) {
  // A: rows 0, 1 on server 0 and rows 2, 3 on server 1, 10 ps each. B: one row after the other.
  PassRig rig(two_layers(4));
  rig.map("A", {spatial(Dim::P, 2), temporal(Dim::P, 2)});
  rig.map("B", {temporal(Dim::P, 4)});
  const Passed passed = run(rig);
  EXPECT_EQ(passed.jobs_of(rig.id("A")), "0.0 0-10, 0.1 10-20 server, 1.0 0-10, 1.1 10-20 server");
  // Row 0 is there at 10, row 1 at 20, when B has just ended row 0; rows 2 and 3 wait for nobody.
  EXPECT_EQ(passed.jobs_of(rig.id("B")),
            "0.0 10-20 source, 0.1 20-30 source server, 0.2 30-40 server, 0.3 40-50 server");
  EXPECT_EQ(passed.makespan_ps, 50);
}

TEST(ForwardPass, StepsInLockStepStartTogetherAndElapseWithoutWork) {
  // A, 7 ps per row on one server: rows at 7, 14, 21, 28. B, 2 columns outside of 3 x 2 rows of
  // which the last two do not exist: steps of rows {0, 1}, {2, 3}, {} for each column. A job of one
  // position takes 3 + 2 ps, a step without work 3.
  PassRig rig(two_layers(4, 2));
  rig.cost.servers_in_lock_step = true;
  rig.cost.clocks = {{rig.id("A"), {7, 0}}, {rig.id("B"), {3, 2}}};
  rig.map("A", {temporal(Dim::P, 4)});
  Mapping b = nest({temporal(Dim::Q, 2), temporal(Dim::P, 3), spatial(Dim::P, 2)}, {});
  b.job_extent = rig.bounds("B").bound;
  b.job_extent[index(Dim::P)] = b.job_extent[index(Dim::Q)] = 1;
  rig.design.mapping(rig.id("B")) = b;
  const Passed passed = run(rig);
  // Row 1 is there at 14, which holds up row 0 as well; row 3 at 28. The idle step is 33 to 36.
  EXPECT_EQ(passed.jobs_of(rig.id("B")),
            "0.0 14-19 source, 0.1 28-33 source, 0.3 36-41 server, 0.4 41-46 server, "
            "1.0 14-19 source, 1.1 28-33 source, 1.3 36-41 server, 1.4 41-46 server");
  EXPECT_EQ(passed.makespan_ps, 49);  // the last idle step elapses, too
}

TEST(ForwardPass, JobsOfAChainWaitForAllBeforeThem) {
  // Three rows in order; of their three columns server 0 has two and server 1 one, 5 ps each. The
  // state of a row takes 4 ps until it is complete.
  WorkloadBuilder builder("chain");
  const TensorId a =
      builder.convolution("A", builder.input("x", image(2, 3, 3)), convolution(2, 1));
  builder.chain(a, Dim::P);
  PassRig rig(builder.finish());
  rig.cost.clocks = {{rig.id("A"), {0, 5, 4}}};
  rig.map("A", {temporal(Dim::P, 3), spatial(Dim::Q, 2)});
  const Passed passed = run(rig);
  // Server 0 has two columns: 10 ps. Server 1 has one, is free early, and waits for the state.
  EXPECT_EQ(passed.jobs_of(rig.id("A")),
            "0.0 0-10, 0.1 14-24 source, 0.2 28-38 source, "
            "1.0 0-5, 1.1 14-19 source, 1.2 28-33 source");
  EXPECT_EQ(passed.makespan_ps, 42);  // the output is complete 4 ps later
}

TEST(ForwardPass, JobsDealtAnewPayTheirMovesAndMergeBehindTheirEnds) {
  // A: two rows, each in two halves of the input channels on two servers, 10 ps. Dealt row by row:
  // server 0 takes both halves of row 0, server 1 those of row 1, whose sums merge 4 ps later.
  PassRig rig(two_layers(2));
  rig.cost.clocks = {{rig.id("B"), {2, 0}}};
  rig.map("A", {temporal(Dim::P, 2), spatial(Dim::C, 2)});
  rig.map("B", {temporal(Dim::P, 2)});
  auto dealt = std::make_shared<DealtOrder>();
  dealt->mapping = *rig.design.mapping(rig.id("A"));
  dealt->jobs = {{0, 0, 0, 0}, {0, 1, 3, 0}, {1, 0, 3, 4}, {1, 1, 0, 4}};
  dealt->first_job = {0, 2, 4};
  rig.design.set_dealt_order(rig.id("A"), dealt);
  const Passed passed = run(rig);
  EXPECT_EQ(passed.jobs_of(rig.id("A")), "0.0 0-10, 0.1 10-23 server, 1.0 0-13, 1.1 13-23 server");
  EXPECT_EQ(passed.jobs_of(rig.id("B")), "0.0 23-25 source, 0.1 27-29 source");
  EXPECT_EQ(passed.makespan_ps, 29);
}

TEST(ForwardPass, OutputsAreWaitedForWhenSumsMergeBehindTheLastJob) {
  WorkloadBuilder builder("one layer");
  builder.convolution("A", builder.input("x", image(2, 1, 1)), convolution(2, 1));
  PassRig rig(builder.finish());
  rig.map("A", {temporal(Dim::C, 2)});
  auto dealt = std::make_shared<DealtOrder>();
  dealt->mapping = *rig.design.mapping(rig.id("A"));
  dealt->jobs = {{1, 0, 0, 6}, {0, 0, 0, 6}};
  dealt->first_job = {0, 2};
  rig.design.set_dealt_order(rig.id("A"), dealt);
  EXPECT_EQ(run(rig).makespan_ps, 26);
}

TEST(ForwardPass, WhatStartsLaterThanAllowedSaysWhy) {
  PassRig rig(two_layers(2));
  rig.map("A", {temporal(Dim::P, 2)});
  rig.map("B", {temporal(Dim::P, 2)});
  const WorkGraph graph = rig.graph();
  analysis::OrderCompletions completions(graph, {});
  analysis::ForwardPass pass(graph, completions);
  analysis::OperatorPass a = pass.arrivals(rig.id("A"), graph.order(rig.id("A")));
  pass.run_in_order(a, 100);
  EXPECT_EQ(a.jobs[0].start_ps, 100);
  EXPECT_EQ(a.jobs[0].waited_for, Wait::nothing);  // as early as its caller allowed
  EXPECT_EQ(a.jobs[1].waited_for, Wait::server);
  EXPECT_EQ(a.end_ps, 120);
  pass.publish(a);
  EXPECT_EQ(pass.jobs(), 2);
  EXPECT_EQ(pass.end_ps(), 120);
  EXPECT_EQ(pass.arrival_ps(rig.id("B"), rig.bounds("B").whole()), 120);
}

TEST(ForwardPass, TimesThatDoNotFitNameTheOperator) {
  PassRig rig(two_layers(3));
  rig.map("A", {temporal(Dim::P, 3)});
  rig.cost.clocks = {{rig.id("A"), {std::int64_t{1} << 62, 0}}};
  try {
    run(rig);
    FAIL() << "three times 2^62 ps fit";
  } catch (const InputError& error) {
    EXPECT_EQ(std::string(error.what()), "the jobs of operator 'A' end beyond 2^63 ps");
  }
}

// A job that comes before another in a chain, and how long its state takes.
using Before = std::function<std::optional<std::int64_t>(const analysis::PassJob& job,
                                                         const analysis::PassJob& other)>;

// Starts are the least times that satisfy every constraint; raising them until all hold finds them.
std::vector<std::int64_t> least_starts(
    const analysis::OperatorPass& pass, bool together, std::int64_t earliest_ps,
    const Before& state_ps = [](const analysis::PassJob&, const analysis::PassJob&) {
      return std::nullopt;
    }) {
  std::vector<std::int64_t> start(pass.jobs.size(), earliest_ps);
  for (bool moved = true; moved;) {
    moved = false;
    for (std::size_t i = 0; i < start.size(); ++i) {
      const analysis::PassJob& job = pass.jobs[i];
      std::int64_t least = std::max(start[i], job.arrival_ps);
      for (std::size_t j = 0; j < start.size(); ++j) {
        const analysis::PassJob& other = pass.jobs[j];
        if ((together || other.server == job.server) && other.step < job.step) {
          least = std::max(least, start[j] + other.duration_ps);
        }
        if (together && other.step == job.step) {
          least = std::max(least, start[j]);
        }
        if (const auto delay_ps = state_ps(job, other)) {
          least = std::max(least, start[j] + other.duration_ps + *delay_ps);
        }
      }
      moved |= least != start[i];
      start[i] = least;
    }
  }
  return start;
}

TEST(ForwardPass, RandomOrdersStartAsEarlyAsTheirConstraintsAllow) {
  Random random(kSeed, 1);
  int waits[3] = {0, 0, 0};  // for a source, a server, both
  for (int round = 0; round < 600; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    PassRig rig(two_layers(random.between(1, 5), random.between(1, 4)));
    rig.cost.servers_in_lock_step = random.below(2) == 0;
    rig.cost.clocks = {{rig.id("A"), {random.between(0, 3), random.between(0, 3)}}};
    rig.design.mapping(rig.id("A")) =
        random_nest(rig.bounds("A"), {round % 2 == 0, 2, 0.4}, random);
    const WorkGraph graph = rig.graph();
    analysis::OrderCompletions completions(graph, {});
    analysis::ForwardPass pass(graph, completions);
    analysis::OperatorPass layer = pass.arrivals(rig.id("A"), graph.order(rig.id("A")));
    for (analysis::PassJob& job : layer.jobs) {
      ASSERT_EQ(job.arrival_ps, analysis::kNoNeed);  // the network's input
      job.arrival_ps =
          job.has_work && random.below(3) > 0 ? random.between(0, 20) : analysis::kNoNeed;
    }
    const std::int64_t earliest_ps = random.between(0, 4);
    pass.run_in_order(layer, earliest_ps);
    const std::vector<std::int64_t> expected =
        least_starts(layer, rig.cost.servers_in_lock_step, earliest_ps);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const analysis::PassJob& job = layer.jobs[i];
      ASSERT_EQ(job.start_ps, expected[i]) << "job " << i;
      ASSERT_EQ(job.end_ps, expected[i] + job.duration_ps);
      ASSERT_EQ(job.waited_for == Wait::nothing, job.start_ps == earliest_ps);
      waits[0] += job.waited_for == Wait::source ? 1 : 0;
      waits[1] += job.waited_for == Wait::server ? 1 : 0;
      waits[2] += job.waited_for == (Wait::source | Wait::server) ? 1 : 0;
    }
  }
  for (const int count : waits) {
    EXPECT_GT(count, 20);
  }
}

// One convolution whose rows are a chain.
Workload random_chain(Random& random) {
  WorkloadBuilder builder("chain");
  const TensorId made = builder.convolution(
      "A", builder.input("x", image(2, random.between(2, 5), random.between(1, 5))),
      convolution(2, 1));
  builder.chain(made, Dim::P);
  return builder.finish();
}

// In one of three ways.
void map_chain(PassRig& rig, Random& random) {
  rig.cost.servers_in_lock_step = random.below(2) == 0;
  rig.cost.clocks = {
      {rig.id("A"), {random.between(0, 3), random.between(0, 3), random.between(0, 4)}}};
  const std::int64_t rows = random.between(2, rig.bounds("A")[Dim::P]);
  switch (random.below(3)) {
    case 0:
      rig.map("A", {temporal(Dim::P, rows), spatial(Dim::Q, 2), temporal(Dim::C, 2)});
      break;
    case 1:
      rig.map("A", {spatial(Dim::K, 2), temporal(Dim::P, rows), spatial(Dim::Q, 3)});
      break;
    default:
      rig.map("A", {temporal(Dim::P, rows), temporal(Dim::Q, 2)});
  }
}

TEST(ForwardPass, RandomChainsStartAsEarlyAsTheirConstraintsAllow) {
  Random random(kSeed, 2);
  int held_up = 0;
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    PassRig rig(random_chain(random));
    map_chain(rig, random);
    const OperatorId a = rig.id("A");
    const WorkGraph graph = rig.graph();
    analysis::OrderCompletions completions(graph, {});
    analysis::ForwardPass pass(graph, completions);
    const WorkOrder& order = graph.order(a);
    analysis::OperatorPass layer = pass.arrivals(a, order);
    for (analysis::PassJob& job : layer.jobs) {
      ASSERT_EQ(job.arrival_ps, analysis::kNoNeed);  // a chain is no arrival
      job.arrival_ps =
          job.has_work && random.below(3) == 0 ? random.between(0, 20) : analysis::kNoNeed;
      job.completion_ps = job.has_work ? random.between(0, 2) : 0;
    }
    pass.run_in_order(layer);
    const std::int64_t common_ps = rig.cost.clocks.at(a).completion_ps;
    const auto state_ps = [&](const analysis::PassJob& job,
                              const analysis::PassJob& other) -> std::optional<std::int64_t> {
      const auto row = [&](const analysis::PassJob& of) {
        return order.job(of.step, of.server).box[Dim::P];
      };
      const bool waits = job.has_work && other.has_work && row(other).begin < row(job).begin;
      return waits ? std::optional(common_ps + other.completion_ps) : std::nullopt;
    };
    const auto expected = least_starts(layer, rig.cost.servers_in_lock_step, 0, state_ps);
    const auto without = least_starts(layer, rig.cost.servers_in_lock_step, 0);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(layer.jobs[i].start_ps, expected[i]) << "job " << i;
      held_up += expected[i] > without[i] ? 1 : 0;
    }
  }
  EXPECT_GT(held_up, 100);
}

}  // namespace
}  // namespace imbrex
