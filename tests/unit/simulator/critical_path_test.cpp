// What bounds the makespan, by hand: ties, buffers, and what an analyzer says against what it looks
// like. Rows of 4 x 4 images take 4 ps.
#include "run/critical_path.hpp"

#include "hand_network.hpp"

#include <gtest/gtest.h>

namespace imbrex::property {
namespace {

void expect_piece(const CriticalStep& step, OperatorId op, OperatorId cause, Wait waited_for,
                  std::int64_t start_ps, std::int64_t end_ps, std::int64_t jobs) {
  EXPECT_EQ(step.op, op);
  EXPECT_EQ(step.cause, cause);
  EXPECT_EQ(step.waited_for, waited_for);
  EXPECT_EQ(step.start_ps, start_ps);
  EXPECT_EQ(step.end_ps, end_ps);
  EXPECT_EQ(step.jobs, jobs);
}

template <class Change>
void change_jobs(Timeline& timeline, Change change) {
  JobList changed;
  for (TimedJob job : timeline.jobs) {
    change(job);
    changed.add(job);
  }
  timeline.jobs = std::move(changed);
}

Timeline silent(Timeline timeline) {
  change_jobs(timeline, [](TimedJob& job) { job.waited_for = Wait::nothing; });
  return timeline;
}

// A feeds B and C, whose sum feeds D; all read single pixels. Row r of A ends at 4 (r + 1), of B
// and C 4 ps later, of D 4 ps after that.
HandNetwork equal_branches() {
  WorkloadBuilder builder("branches");
  const TensorId input = builder.input("input", {4, {1, 1, 4, 4, 1, 1}});
  const TensorId a = same_convolution(builder, "A", input, 1, 1);
  const TensorId operands[] = {same_convolution(builder, "B", a, 1, 1),
                               same_convolution(builder, "C", a, 1, 1)};
  same_convolution(builder, "D", builder.elementwise("add", operands), 1, 1);
  return HandNetwork{builder.finish()};
}

TEST(CriticalPathByHand, KeepsOperatorsThatAreEquallyLate) {
  const HandNetwork network = equal_branches();
  const Timeline stated = network.simulate().timeline();
  ASSERT_EQ(stated.makespan_ps, 24);
  const OperatorId a = network.find("A");
  const OperatorId b = network.find("B");
  const OperatorId d = network.find("D");
  for (const Timeline& timeline : {stated, silent(stated)}) {
    const auto path = run::critical_path(network.graph(), timeline);
    ASSERT_EQ(path.size(), 3u);
    expect_piece(path[0], a, OperatorId::none, Wait::nothing, 0, 4, 1);
    expect_piece(path[1], b, a, Wait::source, 4, 8, 1);
    expect_piece(path[2], d, b, Wait::source, 8, 24, 4);
    EXPECT_TRUE(path[0].ties.empty());
    EXPECT_TRUE(path[1].ties.empty());
    EXPECT_EQ(path[2].ties, std::vector<OperatorId>{network.find("C")});
  }
}

// With room for three rows, A's last row waits until B's second one, which reads the first three,
// has ended at 16.
TEST(CriticalPathByHand, GoesThroughTheConsumerThatFreedTheBuffer) {
  const HandNetwork network = chain(1, 1);
  const Timeline stated = network.simulate(12).timeline();
  ASSERT_EQ(stated.makespan_ps, 28);
  const OperatorId a = network.find("A");
  const OperatorId b = network.find("B");
  for (const Timeline& timeline : {stated, silent(stated)}) {
    const auto path = run::critical_path(network.graph(), timeline);
    ASSERT_EQ(path.size(), 4u);
    expect_piece(path[0], a, OperatorId::none, Wait::nothing, 0, 8, 2);
    expect_piece(path[1], b, a, Wait::source, 8, 16, 2);
    expect_piece(path[2], a, b, Wait::buffer, 16, 20, 1);
    expect_piece(path[3], b, a, Wait::source, 20, 28, 2);
  }
}

// B's first row reads two rows of A, there at 8, but this analysis lets it wait until 16, when A's
// last row ends as well. What it says decides who stands in the way.
TEST(CriticalPathByHand, ReadsWhatTheAnalyzerSaysInsteadOfGuessing) {
  const HandNetwork network = chain(1, 1);
  Timeline timeline = network.simulate().timeline();
  const OperatorId a = network.find("A");
  const OperatorId b = network.find("B");
  change_jobs(timeline, [b](TimedJob& job) {
    if (job.id == b) {
      job.start_ps += 8;
      job.end_ps += 8;
      job.waited_for = job.step == 0 ? Wait::source : Wait::server;
    }
  });
  timeline.makespan_ps = 32;
  const auto stated = run::critical_path(network.graph(), timeline);
  ASSERT_EQ(stated.size(), 2u);
  expect_piece(stated[0], a, OperatorId::none, Wait::nothing, 0, 8, 2);
  expect_piece(stated[1], b, a, Wait::source, 16, 32, 4);
  const auto looked_for = run::critical_path(network.graph(), silent(timeline));
  ASSERT_EQ(looked_for.size(), 2u);
  expect_piece(looked_for[0], a, OperatorId::none, Wait::nothing, 0, 16, 4);
  expect_piece(looked_for[1], b, a, Wait::sequence, 16, 32, 4);
}

}  // namespace
}  // namespace imbrex::property
