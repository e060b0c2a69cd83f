// The walk to a new overlap analyzer of sdk/docs/plugins/tutorial-overlap.md: what it says of the
// numbers, and of the file.
#include "command_fixture.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

constexpr const char* kRecipe = IMBREX_SOURCE_DIR "/configs/recipes/tinyyolov4-clsa-cim.toml";

class PageAnalyzer : public test::CommandFixture {
 protected:
  nlohmann::json run_with(const std::string& name, const std::string& overrides) const {
    const auto result = imbrex(std::string("run ") + kRecipe + " --quiet --out " + name +
                               " --plugin '" PAGE_ANALYZER "' " + overrides);
    EXPECT_EQ(result.code, 0) << result.err;
    return nlohmann::json::parse(read(folder() / name / "result.json"));
  }
  nlohmann::json with_sequencers(int count) const {
    return run_with(
        fmt::format("with_{}", count),
        fmt::format("--set stage.2.use=acme.overlap.in-flight --set stage.2.layers={}", count));
  }
  static std::int64_t latency_ps(const nlohmann::json& result) {
    return result["metrics"]["latency_ps"];
  }
  static std::string page() {
    return read(IMBREX_SOURCE_DIR "/sdk/docs/plugins/tutorial-overlap.md");
  }
};

std::string as_ms(std::int64_t time_ps) {
  return fmt::format("{:.3f} ms", static_cast<double>(time_ps) / 1e9);
}

TEST_F(PageAnalyzer, WithOneSequencerRunsLayerByLayer) {
  const auto layers = run_with(
      "layers", "--set stage.2.use=imbrex.overlap.layer-by-layer --set stage.2.granularity=row");
  const auto one = with_sequencers(1);
  EXPECT_EQ(latency_ps(one), latency_ps(layers));
  EXPECT_NE(page().find(as_ms(latency_ps(one))), std::string::npos) << latency_ps(one);
}

TEST_F(PageAnalyzer, WithASequencerPerLayerOverlapsThemAll) {
  const auto all = with_sequencers(21);
  ASSERT_EQ(all["operators"].size(), 21u);
  EXPECT_EQ(latency_ps(all), latency_ps(run_with("overlapped", "")));
  EXPECT_NE(page().find(as_ms(latency_ps(all))), std::string::npos) << latency_ps(all);
}

// A further sequencer never delays anybody here; three are fewer than the layers that could run.
TEST_F(PageAnalyzer, WithAFewLiesBetween) {
  const auto three = with_sequencers(3);
  EXPECT_LT(latency_ps(three), latency_ps(with_sequencers(1)));
  EXPECT_GT(latency_ps(three), latency_ps(with_sequencers(21)));
  EXPECT_NE(page().find(as_ms(latency_ps(three))), std::string::npos) << latency_ps(three);
  EXPECT_EQ(three["exactness"], "conservative");
  ASSERT_EQ(three["exactness_reasons"].size(), 1u);
  EXPECT_EQ(three["exactness_reasons"][0], "layers wait for a sequencer");
}

TEST_F(PageAnalyzer, IsNeverEarly) {
  const auto result = imbrex(std::string("check ") + kRecipe + " --simulate --plugin '" +
                             PAGE_ANALYZER "' --set stage.2.use=acme.overlap.in-flight");
  EXPECT_EQ(result.code, 0) << result.out << result.err;
}

// What the recipe of the page does not have: segments, batches and slices of layers.
TEST_F(PageAnalyzer, TimesNetworksLargerThanTheChip) {
  const std::string recipe = IMBREX_SOURCE_DIR "/configs/recipes/resnet18-compass.toml";
  const auto result = imbrex("run '" + recipe +
                             "' --quiet --out r --plugin '" PAGE_ANALYZER
                             "' --set stage.3.use=acme.overlap.in-flight");
  ASSERT_EQ(result.code, 0) << result.err;
  const auto json = nlohmann::json::parse(read(folder() / "r" / "result.json"));
  EXPECT_GT(json["segments"].size(), 1u);
}

TEST_F(PageAnalyzer, IsAsLongAsThePageSays) {
  const std::string source = read(PAGE_ANALYZER_SOURCE);
  const auto lines = std::count(source.begin(), source.end(), '\n');
  EXPECT_NE(page().find(fmt::format("This one, {} lines,", lines)), std::string::npos) << lines;
}

}  // namespace
}  // namespace imbrex
