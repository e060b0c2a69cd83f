// Backward maps composed along chains of operators, against sets of elements flooded step by step.
#include "map_trials.hpp"

#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {

namespace {
using imbrex_test::compare;
using imbrex_test::Dice;
using imbrex_test::ElementSet;
using imbrex_test::Index;
using imbrex_test::MakeTrial;
using imbrex_test::Reads;
using imbrex_test::Trial;

// One step of a chain, or nothing when the window does not fit or the result grows too large.
struct Step {
  Workload workload;
  Reads reads;
  bool hole_free;

  const BackwardMap& map() const { return workload.operators()[0].maps[0]; }
  const Shape& output() const { return map().output_shape(); }
};

std::optional<Step> make_step(Dice& dice, MakeTrial make, std::optional<Shape> given) {
  Trial trial;
  trial.given = given;
  try {
    make(dice, trial);
    Workload workload = trial.builder.finish();
    const BackwardMap& map = workload.operators()[0].maps[0];
    const bool hole_free = map.exactness() == Exactness::exact && !trial.skips;
    if (map.output_shape().elements() > 3000) {
      return std::nullopt;
    }
    return Step{std::move(workload), trial.reads[0], hole_free};
  } catch (const InputError&) {
    return std::nullopt;
  }
}

std::vector<Step> random_chain(Dice& dice) {
  constexpr MakeTrial kSteps[] = {imbrex_test::convolution,
                                  imbrex_test::pool,
                                  imbrex_test::pad,
                                  imbrex_test::nearest_resize,
                                  imbrex_test::transposed_convolution,
                                  imbrex_test::softmax,
                                  imbrex_test::dilated_convolution};
  std::vector<Step> chain;
  std::optional<Shape> shape;
  while (chain.size() < 4) {
    const MakeTrial make = kSteps[dice.roll(0, std::size(kSteps) - 1)];
    if (std::optional<Step> step = make_step(dice, make, shape)) {
      shape = step->output();
      chain.push_back(std::move(*step));
    }
  }
  return chain;
}

// Chains: regions composed step by step against element sets flooded step by step.
TEST(BackwardMap, ComposesAlongRandomChains) {
  std::int64_t equal = 0;
  for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Dice dice(seed);
    const std::vector<Step> chain = random_chain(dice);
    const Shape& last = chain.back().output();
    Region region = imbrex_test::random_region(dice, last);
    ElementSet needed(last);
    imbrex_test::for_each(region, [&](const Index& at) { needed.add(at); });
    bool hole_free = true;
    for (std::size_t i = chain.size(); i-- > 0;) {
      ElementSet read(chain[i].map().input_shape());
      imbrex_test::for_each(Region::whole(chain[i].output()), [&](const Index& at) {
        if (needed.contains(at)) {
          chain[i].reads(at, [&](const Index& from) { read.add(from); });
        }
      });
      region = chain[i].map().apply(region);
      needed = read;
      hole_free = hole_free && chain[i].hole_free;
      compare(region, needed, hole_free, hole_free);
    }
    equal += hole_free ? 1 : 0;
    if (HasFailure()) {
      return;
    }
  }
  EXPECT_GE(equal, 150);
}

}  // namespace

}  // namespace imbrex
