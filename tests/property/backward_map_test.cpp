// Backward maps against element-wise token flooding (specification clsa-cim sections 6.2 and 11.1,
// O2). Every operator is also written down element by element; for random shapes, parameters and
// output regions the set of elements really read is compared with the region that the map gives.
#include "map_trials.hpp"

#include <optional>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

namespace imbrex {

namespace {
using imbrex_test::compare;
using imbrex_test::Dice;
using imbrex_test::kCases;
using imbrex_test::MakeTrial;
using imbrex_test::Trial;

constexpr int kRegionsPerCase = 4;

struct Rule {
  const char* name;
  MakeTrial make;
  bool exact;  // expected of every map without gaps
};
std::ostream& operator<<(std::ostream& out, const Rule& rule) {
  return out << rule.name;
}

class BackwardMapRule : public testing::TestWithParam<Rule> {};

TEST_P(BackwardMapRule, EqualsTokenFlooding) {
  std::int64_t exact_comparisons = 0;
  for (std::uint64_t seed = 1; seed <= kCases; ++seed) {
    SCOPED_TRACE(testing::Message() << GetParam().name << ", seed " << seed);
    Dice dice(seed);
    Trial trial;
    std::optional<Workload> workload;
    try {
      GetParam().make(dice, trial);
      workload.emplace(trial.builder.finish());
    } catch (const InputError&) {
      continue;  // a window larger than its padded input
    }
    const Operator& op = workload->operators()[0];
    ASSERT_EQ(trial.reads.size(), op.maps.size());
    for (int i = 0; i < kRegionsPerCase; ++i) {
      const Region output = imbrex_test::random_region(dice, workload->at(op.output).shape);
      for (std::size_t input = 0; input < op.maps.size(); ++input) {
        const BackwardMap& map = op.maps[input];
        const bool exact = map.exactness() == Exactness::exact && !trial.skips;
        compare(map.apply(output),
                imbrex_test::flood(output, trial.reads[input], map.input_shape()),
                exact || trial.tight_box, exact);
        exact_comparisons += exact ? 1 : 0;
      }
    }
    if (HasFailure()) {
      return;
    }
  }
  if (GetParam().exact) {  // most cases are compared with equality, not only by containment
    EXPECT_GE(exact_comparisons, kCases * kRegionsPerCase / 10);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Section62, BackwardMapRule,
    testing::Values(
        Rule{"convolution", imbrex_test::convolution, true},
        Rule{"dilated_convolution", imbrex_test::dilated_convolution, true},
        Rule{"transposed_convolution", imbrex_test::transposed_convolution, true},
        Rule{"dilated_transposed", imbrex_test::dilated_transposed, false},
        Rule{"pool", imbrex_test::pool, true}, Rule{"pad", imbrex_test::pad, true},
        Rule{"slice", imbrex_test::slice, true},
        Rule{"elementwise", imbrex_test::elementwise, true},
        Rule{"expand", imbrex_test::expand, true}, Rule{"concat", imbrex_test::concat, true},
        Rule{"nearest_resize", imbrex_test::nearest_resize, true},
        Rule{"linear_resize", imbrex_test::linear_resize, true},
        Rule{"space_to_depth", imbrex_test::space_to_depth, false},
        Rule{"depth_to_space", imbrex_test::depth_to_space, false},
        Rule{"dense", imbrex_test::dense, true}, Rule{"matmul", imbrex_test::matmul, true},
        Rule{"global_pool", imbrex_test::global_pool, true},
        Rule{"softmax", imbrex_test::softmax, true}, Rule{"reduce", imbrex_test::reduce, true},
        Rule{"local_response", imbrex_test::local_response, true},
        Rule{"transpose", imbrex_test::transpose, true}, Rule{"gather", imbrex_test::gather, false},
        Rule{"reshape", imbrex_test::reshape, false}, Rule{"flatten", imbrex_test::flatten, false},
        Rule{"split_axis", imbrex_test::split_axis, false}),
    [](const auto& test) { return std::string(test.param.name); });

// With all channels, space-to-depth needs exactly the block of pixels.
TEST(BackwardMap, OfSpaceToDepthIsTightWhenAllChannelsAreAsked) {
  for (std::uint64_t seed = 1; seed <= kCases; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Dice dice(seed);
    Trial trial;
    imbrex_test::space_to_depth(dice, trial);
    const Workload workload = trial.builder.finish();
    const Operator& op = workload.operators()[0];
    Region output = imbrex_test::random_region(dice, workload.at(op.output).shape);
    output.axis[1] = {0, workload.at(op.output).shape[1]};
    compare(op.maps[0].apply(output),
            imbrex_test::flood(output, trial.reads[0], op.maps[0].input_shape()), true, true);
  }
}

}  // namespace

}  // namespace imbrex
