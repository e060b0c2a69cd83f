// One language (design, section 2a): on tiled CIM, pairwise and fast-overlapim give exactly the
// makespans of clsa-cim, whose golden values are those of specification clsa-cim section 9.3.
#include "clsa_networks.hpp"
#include "duplication_fixture.hpp"

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

struct Golden {
  const char* network;
  std::array<std::int64_t, 3> cycles;  // row, block, pixel
};
constexpr std::array<const char*, 3> kGranularities = {"row", "block", "pixel"};
constexpr Golden kGolden[] = {
    {"tinyyolov3", {174148, 173820, 173676}}, {"tinyyolov4", {44837, 45956, 43945}},
    {"vgg16", {51660, 52660, 50942}},         {"vgg19", {51856, 53148, 51046}},
    {"resnet50", {13986, 15024, 12892}},      {"resnet101", {14938, 17064, 13198}},
    {"resnet152", {16114, 19328, 13560}},
};

Settings cut(const char* granularity) {
  return {{"granularity", granularity}, {"block", std::vector<std::int64_t>{4, 4}}};
}

class OneLanguage : public testing::TestWithParam<Golden> {};

TEST_P(OneLanguage, FastOverlapimGivesTheGoldenMakespansOfOneCopy) {
  const ClsaSystem system(build_network(GetParam().network), 0);
  for (std::size_t g = 0; g < kGranularities.size(); ++g) {
    for (const char* method : {"auto", "digit-walk", "tables"}) {
      Settings settings = cut(kGranularities[g]);
      settings.emplace_back("method", method);
      const auto analyzer = system.analyzer("imbrex.overlap.fast-overlapim", settings);
      EXPECT_EQ(makespan_cycles(*analyzer, system.design()), GetParam().cycles[g])
          << kGranularities[g] << ' ' << method;
    }
  }
}

// Every job of every layer with every other: rows and blocks only, pixels take minutes.
TEST_P(OneLanguage, PairwiseGivesTheGoldenMakespansOfOneCopy) {
  const ClsaSystem system(build_network(GetParam().network), 0);
  for (std::size_t g = 0; g < 2; ++g) {
    const auto analyzer = system.analyzer("imbrex.overlap.pairwise", cut(kGranularities[g]));
    EXPECT_EQ(makespan_cycles(*analyzer, system.design()), GetParam().cycles[g])
        << kGranularities[g];
  }
}

TEST_P(OneLanguage, AllAgreeWithCopies) {
  const ClsaSystem system(build_network(GetParam().network), 32);
  const Design design = duplicated(system);
  for (const char* granularity : {"row", "block"}) {
    const Settings settings = cut(granularity);
    const std::int64_t cycles = makespan_cycles(*system.clsa(settings), design);
    EXPECT_EQ(makespan_cycles(*system.analyzer("imbrex.overlap.pairwise", settings), design),
              cycles);
    EXPECT_EQ(makespan_cycles(*system.analyzer("imbrex.overlap.fast-overlapim", settings), design),
              cycles);
  }
}

INSTANTIATE_TEST_SUITE_P(Networks, OneLanguage, testing::ValuesIn(kGolden),
                         [](const auto& instance) { return std::string(instance.param.network); });

}  // namespace
}  // namespace imbrex::test
