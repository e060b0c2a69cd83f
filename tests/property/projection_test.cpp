// Regions that a box of a loop nest touches, against every single iteration of the box.
#include "map_trials.hpp"

#include <array>
#include <functional>
#include <optional>

#include <gtest/gtest.h>

namespace imbrex {

namespace {
using imbrex_test::Dice;
using imbrex_test::ElementSet;
using imbrex_test::kCases;
using imbrex_test::Trial;

using Iteration = std::array<std::int64_t, 8>;  // N G K C P Q R S

void for_each_iteration(const DimBox& box, const std::function<void(const Iteration&)>& visit) {
  Iteration at{};
  const std::function<void(std::size_t)> loops = [&](std::size_t d) {
    if (d == at.size()) {
      visit(at);
      return;
    }
    for (at[d] = box.dim[d].begin; at[d] < box.dim[d].end; ++at[d]) {
      loops(d + 1);
    }
  };
  loops(0);
}

// Projections: any box of a convolution's loop nest, C, R and S included, iteration by iteration.
TEST(Projection, HoldsWhatEveryIterationOfABoxTouches) {
  for (std::uint64_t seed = 1; seed <= kCases; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Dice dice(seed);
    Trial trial;
    std::optional<Workload> workload;
    try {
      imbrex_test::dilated_convolution(dice, trial);
      workload.emplace(trial.builder.finish());
    } catch (const InputError&) {
      continue;
    }
    const Operator& op = workload->operators()[0];
    DimBox box;
    for (std::size_t d = 0; d < kDimCount; ++d) {
      const std::int64_t begin = dice.roll(0, op.bounds.bound[d] - 1);
      box.dim[d] = {begin, dice.roll(begin + 1, op.bounds.bound[d])};
    }
    ElementSet inputs(workload->at(op.inputs[0]).shape);
    ElementSet outputs(workload->at(op.output).shape);
    for_each_iteration(box, [&](const Iteration& i) {
      outputs.add({i[0], i[1] * op.bounds[Dim::K] + i[2], i[4], i[5]});
      inputs.add({i[0], i[1] * op.bounds[Dim::C] + i[3],
                  i[4] * op.stride[0] + i[6] * op.dilation[0] - op.pad_begin[0],
                  i[5] * op.stride[1] + i[7] * op.dilation[1] - op.pad_begin[1]});
    });
    EXPECT_TRUE(workload->output_region(OperatorId{0}, box) == outputs.box() ||
                box[Dim::G].extent() > 1);
    EXPECT_TRUE(workload->output_region(OperatorId{0}, box).contains(outputs.box()));
    if (inputs.count() > 0) {
      EXPECT_TRUE(workload->input_region(OperatorId{0}, 0, box).contains(inputs.box()));
    }
  }
}

}  // namespace

}  // namespace imbrex
