// Worked examples A to D of specification fast-overlapim section 8: every integer is from there.
#include "overlapim_examples.hpp"

#include <imbrex/values/loop_nest.hpp>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::nest;
using test::temporal;

LoopBounds bounds(std::int64_t k, std::int64_t p, std::int64_t c) {
  LoopBounds result;
  result[Dim::K] = k;
  result[Dim::P] = p;
  result[Dim::C] = c;
  return result;
}

// All K channels of rows [first, last].
DimBox rows(const LoopBounds& producer, std::int64_t first, std::int64_t last) {
  DimBox box = producer.whole();
  box[Dim::P] = {first, last + 1};
  return box;
}

TEST(LoopNestExampleA, FinishAndReadyStepsMatchTheTable) {
  const LoopBounds producer = bounds(4, 4, 2);
  const LoopNest a(producer, test::example_a_producer());
  EXPECT_EQ(a.steps(), 8);
  EXPECT_EQ(a.servers(), 2);
  EXPECT_EQ(a.reduction_finish(), 2);
  const std::int64_t even[] = {2, 2, 6, 6};
  const std::int64_t odd[] = {3, 3, 7, 7};
  for (std::int64_t p = 0; p < 4; ++p) {
    for (std::int64_t k = 0; k < 4; ++k) {
      EXPECT_EQ(a.dim_finish(Dim::K, k) + a.dim_finish(Dim::P, p) + a.reduction_finish(),
                k % 2 == 0 ? even[p] : odd[p]);
    }
  }
  EXPECT_EQ(a.ready_step(rows(producer, 0, 1)), 3);
  EXPECT_EQ(a.ready_step(rows(producer, 0, 2)), 7);
  EXPECT_EQ(a.ready_step(rows(producer, 1, 3)), 7);
  EXPECT_EQ(a.ready_step(rows(producer, 2, 3)), 7);
}

TEST(LoopNestExampleB, SpatialOutsideTemporalNeedsMoreThanTheCorner) {
  const LoopBounds producer = bounds(1, 8, 1);
  const LoopNest b(producer, test::example_b_producer());
  for (std::int64_t p = 0; p < 8; ++p) {
    EXPECT_EQ(b.dim_finish(Dim::P, p), p % 4);
    EXPECT_EQ(b.ready_step(rows(producer, std::max<std::int64_t>(0, p - 1),
                                std::min<std::int64_t>(7, p + 1))),
              test::kExampleBReadySteps[p])
        << "p = " << p;
  }
}

TEST(LoopNestExampleC, ImperfectReductionEndsAtItsLastNonEmptyStep) {
  const LoopNest c(
      bounds(3, 1, 5),
      nest({temporal(Dim::C, 2), temporal(Dim::C, 2), temporal(Dim::K, 3)}, {{Dim::C, 2}}));
  EXPECT_EQ(c.steps(), 12);
  EXPECT_EQ(c.dim_finish(Dim::C, 4), 6);
  EXPECT_EQ(c.reduction_finish(), 6);
  for (std::int64_t k = 0; k < 3; ++k) {
    EXPECT_EQ(c.dim_finish(Dim::K, k) + c.reduction_finish(), 6 + k);
  }
}

TEST(LoopNestExampleD, ReadyStepsOfAStridedConsumer) {
  const LoopBounds producer = bounds(4, 8, 4);
  const LoopNest d(producer, test::example_d_producer());
  EXPECT_EQ(d.steps(), 8);
  EXPECT_EQ(d.reduction_finish(), 4);
  const std::int64_t f_p[] = {0, 0, 1, 1, 0, 0, 1, 1};
  const std::int64_t f_k[] = {0, 0, 2, 2};
  for (std::int64_t p = 0; p < 8; ++p) {
    EXPECT_EQ(d.dim_finish(Dim::P, p), f_p[p]);
  }
  for (std::int64_t k = 0; k < 4; ++k) {
    EXPECT_EQ(d.dim_finish(Dim::K, k), f_k[k]);
  }
  struct Case {
    std::int64_t row_low, row_high, channel_low, channel_high, ready;
  };
  const Case cases[] = {{0, 1, 0, 1, 4}, {1, 3, 0, 1, 5}, {0, 1, 2, 3, 6}, {1, 3, 2, 3, 7},
                        {3, 5, 0, 1, 5}, {5, 7, 0, 1, 5}, {3, 5, 2, 3, 7}, {5, 7, 2, 3, 7}};
  for (const Case& c : cases) {
    DimBox box = rows(producer, c.row_low, c.row_high);
    box[Dim::K] = {c.channel_low, c.channel_high + 1};
    EXPECT_EQ(d.ready_step(box), c.ready) << "rows " << c.row_low << ".." << c.row_high;
  }
}

}  // namespace
}  // namespace imbrex
