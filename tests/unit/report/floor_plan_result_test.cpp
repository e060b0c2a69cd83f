// Floor plans on their way from a design to result.json.
#include "result/result_json.hpp"
#include "run/segment_results.hpp"
#include "two_layers.hpp"

#include <nlohmann/json.hpp>

namespace imbrex::report_test {
namespace {

using Json = nlohmann::ordered_json;

class FloorPlanResults : public TwoLayers {
 protected:
  FloorPlanResult plan_of(const Design& design) const {
    const auto segments = run::segments_of(design, *outcome().machine);
    EXPECT_EQ(segments.size(), 1U);
    EXPECT_TRUE(segments.at(0).floor_plan.has_value());
    return segments.at(0).floor_plan.value();
  }
  Json segment_json(const std::vector<SegmentResult>& segments, const Design& design) const {
    Result result = outcome().result;
    result.segments = segments;
    return Json::parse(result::result_json(result, design)).at("segments").at(0);
  }
  Json segment_json(const Design& design) const {
    return segment_json(run::segments_of(design, *outcome().machine), design);
  }
};

TEST_F(FloorPlanResults, CountTheWordsOfEveryLinkByHand) {
  const FloorPlanResult plan = plan_of(pipelined());
  std::map<std::pair<std::int32_t, std::int32_t>, double> words;
  for (const auto& load : plan.links) {
    words[{load.link.from, load.link.to}] = load.words;
  }
  const std::map<std::pair<std::int32_t, std::int32_t>, double> expected = {
      {{0, 1}, 128}, {{1, 2}, 256}, {{2, 3}, 128}, {{4, 5}, 128}, {{5, 6}, 256}, {{6, 7}, 128}};
  EXPECT_EQ(words, expected);
  EXPECT_EQ(plan.word_links, 1024);
  EXPECT_EQ(plan.word_pitches, 1024);
  EXPECT_EQ(plan.topology, "mesh");
}

TEST_F(FloorPlanResults, NameTheStagesInOrder) {
  const Design design = pipelined();
  const FloorPlanResult plan = plan_of(design);
  const FloorPlan& given = design.floor_plans().at(0);
  EXPECT_EQ(plan.stages, (std::vector<std::string>{name(given.stages[0]), name(given.stages[1])}));
  EXPECT_EQ(plan.layout, given.layout);
  EXPECT_EQ(plan.hand_overs, given.hand_overs);
}

TEST_F(FloorPlanResults, AreAbsentWhereNobodyMadeOne) {
  const auto segments = run::segments_of(*outcome().design, *outcome().machine);
  ASSERT_FALSE(segments.empty());
  for (const SegmentResult& segment : segments) {
    EXPECT_FALSE(segment.floor_plan.has_value());
  }
}

TEST_F(FloorPlanResults, CountTheOperatorsAndElementsOfTheSegment) {
  const auto segments = run::segments_of(pipelined(), *outcome().machine);
  ASSERT_EQ(segments.size(), 1U);
  EXPECT_EQ(segments[0].units, 8);
  EXPECT_EQ(segments[0].operators.size(), 2U);
}

TEST_F(FloorPlanResults, ReachTheFileAsAMatrixAndColumns) {
  const Design design = pipelined();
  const Json plan = segment_json(design).at("floor_plan");
  EXPECT_EQ(plan.at("topology"), "mesh");
  EXPECT_EQ(plan.at("rows"), 2);
  EXPECT_EQ(plan.at("columns"), 4);
  EXPECT_EQ(plan.at("layout"), "blocked-1d");
  EXPECT_EQ(plan.at("stage_of"), Json::parse("[[0, 0, 1, 1], [0, 0, 1, 1]]"));
  const Json& links = plan.at("links");
  EXPECT_EQ(links.at("from"), Json::parse("[[0,0],[0,1],[0,2],[1,0],[1,1],[1,2]]"));
  EXPECT_EQ(links.at("to"), Json::parse("[[0,1],[0,2],[0,3],[1,1],[1,2],[1,3]]"));
  EXPECT_EQ(links.at("words"), Json::parse("[128.0, 256.0, 128.0, 128.0, 256.0, 128.0]"));
  EXPECT_EQ(plan.at("busiest_link_words"), 256.0);
  EXPECT_EQ(plan.at("word_links"), 1024.0);
  EXPECT_EQ(plan.at("word_pitches"), 1024.0);
}

TEST_F(FloorPlanResults, SayWhatIsHandedOver) {
  const Design design = pipelined(FlowPattern::row_multicast);
  const Json hand_overs = segment_json(design).at("floor_plan").at("hand_overs");
  ASSERT_EQ(hand_overs.size(), 1U);
  const auto& stages = design.floor_plans().at(0).stages;
  EXPECT_EQ(hand_overs[0].at("producer"), name(stages[0]));
  EXPECT_EQ(hand_overs[0].at("consumer"), name(stages[1]));
  EXPECT_EQ(hand_overs[0].at("pattern"), "row-multicast");
  EXPECT_EQ(hand_overs[0].at("words"), 512);
  EXPECT_EQ(hand_overs[0].at("intervals"), 4);
  EXPECT_EQ(hand_overs[0].at("buffer_words"), 256);
}

// Through the global buffer, left of column 0: what a row makes goes out there and comes in again.
TEST_F(FloorPlanResults, WritePortsAsColumnMinusOne) {
  const Json links =
      segment_json(pipelined(FlowPattern::global_buffer)).at("floor_plan").at("links");
  std::vector<double> out(2, 0);
  std::vector<double> in(2, 0);
  for (std::size_t i = 0; i < links.at("words").size(); ++i) {
    const auto from = links.at("from")[i].get<std::vector<int>>();
    const auto to = links.at("to")[i].get<std::vector<int>>();
    if (to[1] == -1) {
      EXPECT_EQ(from, (std::vector<int>{to[0], 0}));
      out.at(static_cast<std::size_t>(to[0])) += links.at("words")[i].get<double>();
    }
    if (from[1] == -1) {
      EXPECT_EQ(to, (std::vector<int>{from[0], 0}));
      in.at(static_cast<std::size_t>(from[0])) += links.at("words")[i].get<double>();
    }
  }
  EXPECT_EQ(out, (std::vector<double>{256, 256}));
  EXPECT_GT(in[0], 0);
  EXPECT_EQ(in[0], in[1]);
}

TEST_F(FloorPlanResults, LeaveNoKeyWhereThereIsNoPlan) {
  Design design = pipelined();
  auto segments = run::segments_of(design, *outcome().machine);
  segments.at(0).floor_plan.reset();
  EXPECT_FALSE(segment_json(segments, design).contains("floor_plan"));
}

TEST_F(FloorPlanResults, MemoryTrafficIsThereOnlyWhenItTakesTime) {
  const Design design = pipelined();
  auto segments = run::segments_of(design, *outcome().machine);
  segments.at(0).overhead.external_ps = 0;
  segments.at(0).overhead.buffer_ps = 0;
  EXPECT_FALSE(segment_json(segments, design).contains("external_ps"));
  EXPECT_FALSE(segment_json(segments, design).contains("buffer_ps"));
  segments.at(0).overhead.external_ps = 7;
  segments.at(0).overhead.buffer_ps = 5;
  EXPECT_EQ(segment_json(segments, design).at("external_ps"), 7);
  EXPECT_EQ(segment_json(segments, design).at("buffer_ps"), 5);
}

TEST_F(FloorPlanResults, PutEveryRowOfTheArrayOnALine) {
  const Design design = pipelined();
  Result result = outcome().result;
  result.segments = run::segments_of(design, *outcome().machine);
  const std::string text = result::result_json(result, design);
  EXPECT_NE(text.find("\"stage_of\": [\n          [0, 0, 1, 1],\n          [0, 0, 1, 1]\n"),
            std::string::npos)
      << text;
}

}  // namespace
}  // namespace imbrex::report_test
