// Splitting layers along their output channels must not change who needs what: every region traced
// back through the split network meets exactly the elements it meets in the whole one.
#include "fakes/cost_model.hpp"
#include "layers.hpp"
#include "problems.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/values/segments.hpp>
#include <imbrex/values/work_graph.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <memory>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

namespace imbrex::property {
namespace {

constexpr std::uint64_t kSplitSeed = 4711;

// (operator of the whole network, channel, row, column) of everything in a list of sources.
using Elements = std::set<std::tuple<std::int32_t, std::int64_t, std::int64_t, std::int64_t>>;

void add(Elements& elements, std::int32_t op, const Region& region, std::int64_t first_channel) {
  test::for_each_element(region, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
    elements.emplace(op, c + first_channel, y, x);
  });
}

struct Case {
  std::shared_ptr<const Workload> whole;
  std::vector<ChannelCuts> cuts;
  std::shared_ptr<const Workload> split;
  std::vector<OperatorId> image;
  std::vector<std::int32_t> origin;         // per operator of the split network
  std::vector<std::int64_t> first_channel;  // of slices; 0 otherwise
};

std::vector<std::int64_t> random_cuts(const Operator& op, Random& random) {
  const std::int64_t groups = op.bounds[Dim::G];
  const std::int64_t step = groups > 1 ? op.bounds[Dim::K] : 1;
  std::vector<std::int64_t> cuts;
  for (std::int64_t c = step; c < groups * op.bounds[Dim::K]; c += step) {
    if (random.below(3) == 0) {
      cuts.push_back(c);
    }
  }
  return cuts;
}

Case make_case(std::uint64_t number) {
  Random random(kSplitSeed, number);
  Case result;
  result.whole = std::make_shared<const Workload>(build_workload(random_graph(random)));
  for (std::size_t i = 0; i < result.whole->operators().size(); ++i) {
    const Operator& op = result.whole->operators()[i];
    if (op.has_macs()) {
      result.cuts.push_back({operator_id(i), random_cuts(op, random)});
    }
  }
  SplitWorkload split = split_channels(*result.whole, result.cuts);
  result.split = std::make_shared<const Workload>(std::move(split.workload));
  result.image = split.image;
  result.origin.resize(result.split->operators().size(), -1);
  result.first_channel.resize(result.split->operators().size(), 0);
  for (const ChannelCuts& entry : result.cuts) {
    const std::size_t first = index(result.image[index(entry.op)]);
    for (std::size_t k = 0; k <= entry.cuts.size(); ++k) {
      result.origin[first + k] = static_cast<std::int32_t>(entry.op);
      result.first_channel[first + k] = k == 0 ? 0 : entry.cuts[k - 1];
    }
  }
  return result;
}

// The graph of a workload, with all that it keeps pointers to.
struct Rig {
  explicit Rig(const std::shared_ptr<const Workload>& workload)
      : design(workload), cost(*workload), graph(design, {*workload, architecture, cost}, {}) {}

  Design design;
  Architecture architecture;
  test::FakeCostModel cost;
  WorkGraph graph;
};

Elements elements_of(const Case& test, const std::vector<Source>& sources, bool split) {
  Elements elements;
  for (const Source& source : sources) {
    const std::size_t producer = index(source.producer);
    add(elements, split ? test.origin[producer] : static_cast<std::int32_t>(producer),
        source.region, split ? test.first_channel[producer] : 0);
  }
  return elements;
}

Region random_region(const Shape& shape, Random& random) {
  Region region = Region::whole(shape);
  for (std::size_t axis = 0; axis < shape.rank; ++axis) {
    const std::int64_t begin = random.between(0, shape[axis] - 1);
    region.axis[axis] = {begin, random.between(begin + 1, shape[axis])};
  }
  return region;
}

TEST(SplitWorkload, RegionsOfTheNetworksOutputsNeedTheSameElements) {
  for (std::uint64_t number = 0; number < 400; ++number) {
    SCOPED_TRACE("seed " + std::to_string(kSplitSeed) + ", case " + std::to_string(number));
    const Case test = make_case(number);
    const Rig whole(test.whole);
    const Rig split(test.split);
    Random random(kSplitSeed, 100'000 + number);
    ASSERT_EQ(test.whole->outputs().size(), test.split->outputs().size());
    for (std::size_t o = 0; o < test.whole->outputs().size(); ++o) {
      const Region region = random_region(test.whole->at(test.whole->outputs()[o]).shape, random);
      WorkGraph::Scratch scratch;
      std::vector<Source> a;
      std::vector<Source> b;
      whole.graph.trace(test.whole->outputs()[o], region, scratch, a);
      split.graph.trace(test.split->outputs()[o], region, scratch, b);
      ASSERT_EQ(elements_of(test, a, false), elements_of(test, b, true));
    }
  }
}

TEST(SplitWorkload, SlicesOfALayerTogetherNeedWhatTheLayerNeeds) {
  for (std::uint64_t number = 0; number < 400; ++number) {
    SCOPED_TRACE("seed " + std::to_string(kSplitSeed) + ", case " + std::to_string(number));
    const Case test = make_case(number);
    const Rig whole(test.whole);
    const Rig split(test.split);
    Random random(kSplitSeed, 200'000 + number);
    ASSERT_FALSE(test.cuts.empty());
    for (const ChannelCuts& entry : test.cuts) {
      const LoopBounds& bounds = test.whole->at(entry.op).bounds;
      DimBox box = bounds.whole();
      for (const Dim dim : {Dim::P, Dim::Q}) {
        const std::int64_t begin = random.between(0, bounds[dim] - 1);
        box[dim] = {begin, random.between(begin + 1, bounds[dim])};
      }
      WorkGraph::Scratch scratch;
      std::vector<Source> a;
      std::vector<Source> b;
      whole.graph.trace(entry.op, box, scratch, a);
      for (std::size_t k = 0; k <= entry.cuts.size(); ++k) {
        const OperatorId slice = operator_id(index(test.image[index(entry.op)]) + k);
        DimBox part = box;
        part[Dim::G] = {0, test.split->at(slice).bounds[Dim::G]};
        part[Dim::K] = {0, test.split->at(slice).bounds[Dim::K]};
        split.graph.trace(slice, part, scratch, b);
      }
      ASSERT_EQ(elements_of(test, a, false), elements_of(test, b, true))
          << test.whole->at(entry.op).name;
    }
  }
}

TEST(SplitWorkload, KeepsMacsWeightsAndOutputShapes) {
  for (std::uint64_t number = 0; number < 200; ++number) {
    SCOPED_TRACE("seed " + std::to_string(kSplitSeed) + ", case " + std::to_string(number));
    const Case test = make_case(number);
    EXPECT_EQ(test.whole->macs(), test.split->macs());
    EXPECT_EQ(test.whole->weight_bits(), test.split->weight_bits());
    for (std::size_t o = 0; o < test.whole->outputs().size(); ++o) {
      EXPECT_EQ(test.whole->at(test.whole->outputs()[o]).shape,
                test.split->at(test.split->outputs()[o]).shape);
    }
  }
}

TEST(SplitWorkload, WithoutCutsIsTheSameWorkload) {
  for (std::uint64_t number = 0; number < 50; ++number) {
    Random random(kSplitSeed, number);
    const Workload whole = build_workload(random_graph(random));
    EXPECT_EQ(whole.canonical_text(), split_channels(whole, {}).workload.canonical_text());
  }
}

// input [1, 4, 8, 8] -> conv of 6 channels -> dense over the last axis, 5 outputs.
Workload small_network() {
  WorkloadBuilder builder("small");
  const TensorId in = builder.input("in", {4, {1, 4, 8, 8, 1, 1}});
  ConvolutionParams params;
  params.output_channels = 6;
  params.window.kernel = {3, 3};
  const TensorId conv = builder.convolution("conv", in, params);
  builder.dense("fc", conv, 5);
  return builder.finish();
}

TEST(SplitWorkload, NamesSlicesByTheirChannelsAndTheConcatenationByTheLayer) {
  const Workload whole = small_network();
  const ChannelCuts cuts[] = {{operator_id(0), {2, 4}}, {operator_id(1), {3}}};
  const SplitWorkload split = split_channels(whole, cuts);
  std::vector<std::string> names;
  for (const Operator& op : split.workload.operators()) {
    names.push_back(op.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"conv[0:2]", "conv[2:4]", "conv[4:6]", "conv",
                                             "fc[0:3]", "fc[3:5]", "fc"}));
  EXPECT_EQ(split.image, (std::vector<OperatorId>{operator_id(0), operator_id(4)}));
  EXPECT_EQ(split.workload.at(operator_id(1)).bounds[Dim::K], 2);
  EXPECT_EQ(split.workload.at(operator_id(5)).bounds[Dim::K], 2);
  EXPECT_EQ(split.workload.at(operator_id(6)).kind, OperatorKind::concat);
}

TEST(SplitWorkload, AcceptsASliceInsideOneGroup) {
  WorkloadBuilder builder("grouped");
  const TensorId in = builder.input("in", {4, {1, 6, 2, 2, 1, 1}});
  ConvolutionParams params;
  params.output_channels = 8;  // two groups of four, reading channels [0, 3) and [3, 6)
  params.groups = 2;
  builder.convolution("conv", in, params);
  const Workload whole = builder.finish();
  const ChannelCuts cuts[] = {{operator_id(0), {4, 6}}};
  const SplitWorkload split = split_channels(whole, cuts);
  const OperatorId last = operator_id(2);  // channels [6, 8)
  EXPECT_EQ(split.workload.at(last).bounds[Dim::G], 1);
  EXPECT_EQ(split.workload.at(last).bounds[Dim::K], 2);
  const Region needs = split.workload.input_region(last, 0, split.workload.at(last).bounds.whole());
  EXPECT_EQ(needs.axis[1], (Interval{3, 6}));
}

std::string message_of(const Workload& workload, const ChannelCuts& cuts) {
  try {
    split_channels(workload, {&cuts, 1});
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(SplitWorkload, RefusesCutsThatDoNotAscendInsideTheChannels) {
  const Workload whole = small_network();
  EXPECT_NE(message_of(whole, {operator_id(0), {6}}).find("(0, 6)"), std::string::npos);
  EXPECT_NE(message_of(whole, {operator_id(0), {0}}).find("'conv'"), std::string::npos);
  EXPECT_NE(message_of(whole, {operator_id(0), {4, 2}}).find("[4, 2]"), std::string::npos);
}

TEST(SplitWorkload, RefusesOperatorsWithoutConstantWeights) {
  WorkloadBuilder builder("product");
  const TensorId a = builder.input("a", {2, {4, 4, 1, 1, 1, 1}});
  const TensorId b = builder.input("b", {2, {4, 4, 1, 1, 1, 1}});
  builder.matmul("product", a, b);
  const Workload whole = builder.finish();
  EXPECT_NE(message_of(whole, {operator_id(0), {2}}).find("no constant weights"),
            std::string::npos);
}

TEST(SplitWorkload, RefusesPartsOfSeveralGroups) {
  WorkloadBuilder builder("grouped");
  const TensorId in = builder.input("in", {4, {1, 4, 2, 2, 1, 1}});
  ConvolutionParams params;
  params.output_channels = 8;
  params.groups = 2;
  builder.convolution("conv", in, params);
  const Workload whole = builder.finish();
  EXPECT_NE(message_of(whole, {operator_id(0), {6}}).find("several groups"), std::string::npos);
}

}  // namespace
}  // namespace imbrex::property
