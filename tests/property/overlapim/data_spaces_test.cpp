// Ready steps of 200 000 and more random data spaces: by digits, by comparing boxes, and by
// painting every step on every point (specification fast-overlapim, sections 3.4 and 8, O1 to O3).
#include "pair_kit.hpp"

#include <imbrex/toolkit/analysis/edge_path.hpp>

#include <set>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

constexpr std::uint64_t kSeed = 215009;

// Points of the producer's output that a job of the consumer touches, one by one.
std::set<std::int64_t> touched_points(const PairSystem& system, const PairShape& shape,
                                      const DimBox& box) {
  const Shape& made = system.workload->at(system.from().output).shape;
  std::set<std::int64_t> points;
  const auto touch = [&](std::int64_t c, std::int64_t y, std::int64_t x) {
    if (y >= 0 && y < made[2] && x >= 0 && x < made[3]) {
      points.insert((c * made[2] + y) * made[3] + x);
    }
  };
  const Shape& read = system.workload->at(system.to().inputs[0]).shape;
  const Window& window = shape.second;
  for (std::int64_t c = box[Dim::C].begin; c < box[Dim::C].end; ++c) {
    for (std::int64_t p = box[Dim::P].begin; p < box[Dim::P].end; ++p) {
      for (std::int64_t r = box[Dim::R].begin; r < box[Dim::R].end; ++r) {
        const std::int64_t y = p * window.stride[0] + r * window.dilation[0] - window.pad_begin[0];
        for (std::int64_t q = box[Dim::Q].begin; q < box[Dim::Q].end; ++q) {
          for (std::int64_t s = box[Dim::S].begin; s < box[Dim::S].end; ++s) {
            const std::int64_t x =
                q * window.stride[1] + s * window.dilation[1] - window.pad_begin[1];
            if (y < 0 || y >= read[2] || x < 0 || x >= read[3]) {
              continue;
            }
            if (!shape.pooled) {
              touch(c, y, x);
              continue;
            }
            const Window& pool = shape.pool;
            for (std::int64_t i = 0; i < pool.kernel[0]; ++i) {
              for (std::int64_t j = 0; j < pool.kernel[1]; ++j) {
                touch(c, y * pool.stride[0] + i - pool.pad_begin[0],
                      x * pool.stride[1] + j - pool.pad_begin[1]);
              }
            }
          }
        }
      }
    }
  }
  return points;
}

struct Counts {
  std::int64_t spaces = 0;
  std::int64_t late = 0;
  std::int64_t hole_free = 0;
  std::int64_t needless = 0;
};

// -1 where nothing is needed.
std::int64_t hole_aware(const PairSystem& system, const LoopNest& nest,
                        const std::vector<analysis::AxisChain>& chains, const DimBox& box) {
  const Operator& to = system.to();
  std::int64_t step = nest.reduction_finish();
  for (std::size_t axis = 0; axis < chains.size(); ++axis) {
    std::vector<Interval> set;
    const auto from = static_cast<std::size_t>(chains[axis].operand_axis);
    analysis::projected_set(to.input_projection[0][from], box,
                            system.workload->at(to.inputs[0]).shape[from], set);
    chains[axis].touched(set);
    std::int64_t best = -1;
    for (const Interval& x : set) {
      best = std::max(best, nest.axis_max(system.from(), axis, x));
    }
    if (best < 0) {
      return -1;
    }
    step += best;
  }
  return step;
}

std::int64_t compared(const std::vector<std::pair<Region, std::int64_t>>& boxes,
                      const Region& wanted) {
  std::int64_t latest = -1;
  for (const auto& [region, step] : boxes) {
    if (!region.intersect(wanted).empty()) {
      latest = std::max(latest, step);
    }
  }
  return latest;
}

// What each job of the producer makes, and in which step.
std::vector<std::pair<Region, std::int64_t>> made_by_jobs(const PairSystem& system,
                                                          const LoopNest& nest) {
  std::vector<std::pair<Region, std::int64_t>> boxes;
  test::for_each_job(nest, [&](std::int64_t step, const DimBox& box) {
    boxes.emplace_back(system.workload->output_region(system.producer, box), step);
  });
  return boxes;
}

// The last step in which any of the points was painted; -1: none of them was.
std::int64_t latest_of(const std::set<std::int64_t>& points,
                       const std::vector<std::int64_t>& last) {
  std::int64_t latest = -1;
  for (const std::int64_t point : points) {
    latest = std::max(latest, last[static_cast<std::size_t>(point)]);
  }
  return latest;
}

void check_pair(const PairSystem& system, const PairShape& shape, const Mapping& producer,
                const Mapping& consumer, Counts& counts) {
  const LoopNest first(system.from().bounds, producer);
  const LoopNest second(system.to().bounds, consumer);
  const std::vector<std::int64_t> last = painted(system, first);
  const auto paths =
      analysis::edge_paths(*system.workload, system.cost, system.producer, system.consumer);
  ASSERT_TRUE(paths && paths->size() == 1);
  const auto chains = paths->front().separate(*system.workload, system.consumer);
  ASSERT_TRUE(chains);
  const auto boxes = made_by_jobs(system, first);
  for (std::int64_t step = 0; step < second.steps(); ++step) {
    for (std::int64_t server = 0; server < second.servers(); ++server) {
      const DimBox box = second.box(step, server);
      if (box.empty()) {
        continue;
      }
      const std::set<std::int64_t> points = touched_points(system, shape, box);
      const std::int64_t truth = latest_of(points, last);
      ++counts.spaces;
      counts.needless += truth < 0 ? 1 : 0;
      ASSERT_EQ(hole_aware(system, first, *chains, box), truth);
      const Region wanted = paths->front().region(*system.workload, system.consumer, box);
      if (wanted.empty()) {
        ASSERT_EQ(truth, -1);
        continue;
      }
      const std::int64_t ready = first.ready_step(system.from(), wanted);
      ASSERT_EQ(ready, compared(boxes, wanted));
      ASSERT_GE(ready, truth);
      if (static_cast<std::int64_t>(points.size()) == wanted.elements()) {
        ++counts.hole_free;
        ASSERT_EQ(ready, truth);
      }
      counts.late += ready > truth ? 1 : 0;
    }
  }
}

TEST(DataSpaces, DigitsBoxesAndPointsAgree) {
  Random random(kSeed, 1);
  Counts counts;
  for (int number = 0; counts.spaces < 220'000; ++number) {
    const PairShape shape = random_pair(random);
    PairSystem system(build(shape));
    RandomNestOptions options;
    options.imperfect = number % 2 == 1;
    options.max_splits = 2;
    const Mapping producer = random_nest(system.from().bounds, options, random);
    const Mapping consumer = random_nest(system.to().bounds, options, random);
    SCOPED_TRACE(::testing::Message() << "seed " << kSeed << " pair " << number);
    ASSERT_NO_FATAL_FAILURE(check_pair(system, shape, producer, consumer, counts));
  }
  // The random set must exercise what it is about.
  EXPECT_GT(counts.late, 500);
  EXPECT_GT(counts.hole_free, 100'000);
  EXPECT_GT(counts.needless, 100);
  RecordProperty("late", static_cast<int>(counts.late));
}

}  // namespace
}  // namespace imbrex::test
