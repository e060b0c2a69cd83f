// One language (design, section 2a): on tiled CIM, pairwise and fast-overlapim give exactly the
// makespans of clsa-cim, whose golden values are those of specification clsa-cim section 9.3.
#include "clsa_makespans.hpp"
#include "clsa_networks.hpp"
#include "duplication_fixture.hpp"

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

constexpr std::array<const char*, 3> kGranularities = {"row", "block", "pixel"};

// Of one copy, in the order of kGranularities.
std::array<std::int64_t, 3> cycles_of(const ClsaMakespans& golden) {
  return {golden.row[0], golden.block[0], golden.pixel[0]};
}

Settings cut(const char* granularity) {
  return {{"granularity", granularity}, {"block", std::vector<std::int64_t>{4, 4}}};
}

class OneLanguage : public testing::TestWithParam<ClsaMakespans> {};

TEST_P(OneLanguage, FastOverlapimGivesTheGoldenMakespansOfOneCopy) {
  const ClsaSystem system(build_network(GetParam().network), 0);
  for (std::size_t g = 0; g < kGranularities.size(); ++g) {
    for (const char* method : {"auto", "digit-walk", "tables"}) {
      Settings settings = cut(kGranularities[g]);
      settings.emplace_back("method", method);
      const auto analyzer = system.analyzer("imbrex.overlap.fast-overlapim", settings);
      EXPECT_EQ(makespan_cycles(*analyzer, system.design()), cycles_of(GetParam())[g])
          << kGranularities[g] << ' ' << method;
    }
  }
}

// Every job of every layer with every other: rows and blocks only, pixels take minutes.
TEST_P(OneLanguage, PairwiseGivesTheGoldenMakespansOfOneCopy) {
  const ClsaSystem system(build_network(GetParam().network), 0);
  for (std::size_t g = 0; g < 2; ++g) {
    const auto analyzer = system.analyzer("imbrex.overlap.pairwise", cut(kGranularities[g]));
    EXPECT_EQ(makespan_cycles(*analyzer, system.design()), cycles_of(GetParam())[g])
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

INSTANTIATE_TEST_SUITE_P(Networks, OneLanguage, testing::ValuesIn(kClsaMakespans),
                         [](const auto& instance) { return std::string(instance.param.network); });

}  // namespace
}  // namespace imbrex::test
