// What a session gives to its program.
#include "session_fixture.hpp"

#include <cstdlib>
#include <mutex>
#include <utility>

#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

using nlohmann::json;

class SessionGives : public test::SessionFixture {};

TEST_F(SessionGives, MetricsAndOperatorsOfTheResult) {
  Session session;
  session.read_file(shipped("tinyyolov4-clsa-cim"));
  ASSERT_EQ(session.run(1), SessionStatus::done);
  const json result = json::parse(session.result_json());
  ASSERT_EQ(session.metrics().size(), result["metrics"].size());
  for (const imbrex_metric& metric : session.metrics()) {
    const json& expected = result["metrics"].at(metric.name);
    EXPECT_EQ(metric.is_integer == 1, expected.is_number_integer()) << metric.name;
    EXPECT_EQ(metric.real, expected.get<double>()) << metric.name;
    EXPECT_EQ(metric.integer, metric.is_integer == 1 ? expected.get<std::int64_t>() : 0);
  }
  EXPECT_EQ(session.metric("latency_ps"), 7152600000.0);  // specification clsa-cim, section 5.6
  EXPECT_EQ(session.metric("latency"), std::nullopt);
  ASSERT_EQ(session.operators().size(), 21u);
  for (std::size_t i = 0; i < session.operators().size(); ++i) {
    const imbrex_operator op = session.operators()[i];
    const json& expected = result["operators"][i];
    EXPECT_EQ(op.name, expected["name"]);
    EXPECT_EQ(op.kind, expected["kind"]);
    EXPECT_EQ(op.start_ps, expected["start_ps"]);
    EXPECT_EQ(op.end_ps, expected["end_ps"]);
    EXPECT_EQ(op.busy_ps, expected["busy_ps"]);
    EXPECT_EQ(op.jobs, expected["jobs"]);
    EXPECT_EQ(op.servers, expected["servers"]);
    EXPECT_EQ(op.units, expected["units"]);
    EXPECT_EQ(op.copies, expected["copies"]);
  }
}

// Each change makes a new plan, a result stays until the next run, and goes with its recipe.
TEST_F(SessionGives, RunsOfOneRecipeAfterAnother) {
  Session session;
  session.read_file(shipped("tinyyolov4-clsa-cim"));
  ASSERT_EQ(session.run(1), SessionStatus::done);
  const std::string with_32 = session.result_json();
  session.set("architecture.extra_pes=0");
  EXPECT_EQ(session.result_json(), with_32);
  session.write((folder() / "with-32").string());
  EXPECT_EQ(read(folder() / "with-32/result.json"), with_32);
  EXPECT_NE(read(folder() / "with-32/plan.toml").find("extra_pes = 32"), std::string::npos)
      << "the plan that made it";
  ASSERT_EQ(session.run(1), SessionStatus::done);
  EXPECT_EQ(session.metric("latency_ps"), 62771800000.0);  // no spare element: no copy
  EXPECT_THROW(session.write((folder() / "with-32").string()), SessionError);
  session.write((folder() / "with-32").string(), true);
  session.read_file((folder() / "with-32").string());  // a folder stands for its plan
  EXPECT_FALSE(session.has_result());
  ASSERT_EQ(session.run(1), SessionStatus::done);
  EXPECT_EQ(session.metric("latency_ps"), 62771800000.0);
}

TEST_F(SessionGives, RecipesThatAreInNoFile) {
  const std::string recipe = "extends = \"tinyyolov4-clsa-cim.toml\"\nname = \"other\"\n";
  Session session;
  session.read_text(recipe, IMBREX_SOURCE_DIR "/configs/recipes");
  session.unset("baseline");
  ASSERT_EQ(session.run(1), SessionStatus::done);
  const json result = json::parse(session.result_json());
  EXPECT_EQ(result["name"], "other");
  EXPECT_FALSE(result.contains("baseline"));
  EXPECT_EQ(session.metric("latency_ps"), 7152600000.0);
}

TEST_F(SessionGives, ProgressOfEveryStageAndNothingOnTheTerminal) {
  std::vector<std::string> stages;
  Session session;
  session.read_file(shipped("tinyyolov4-clsa-cim"));
  session.on_progress([&](const imbrex_progress& progress) {
    const std::string stage = std::string(progress.is_baseline == 1 ? "baseline " : "") +
                              std::to_string(progress.stage) + "/" +
                              std::to_string(progress.stages) + " " + progress.component;
    if (stages.empty() || stages.back() != stage) {
      stages.push_back(stage);
    }
  });
  Session moved = std::move(session);  // callbacks go with it
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  ASSERT_EQ(moved.run(1), SessionStatus::done);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(stages, (std::vector<std::string>{"1/2 imbrex.partition.weight-duplication",
                                              "2/2 imbrex.overlap.clsa-cim",
                                              "baseline 1/1 imbrex.overlap.layer-by-layer"}));
}

TEST_F(SessionGives, WhatComponentsLog) {
  std::vector<std::string> lines;
  Session session = with_tests_loaded();
  session.read_file(chain(stage("imbrex.search.random") + stage("imbrex.overlap.clsa-cim")));
  session.on_log([&](std::string_view severity, std::string_view component, std::string_view line) {
    lines.push_back(std::string(severity) + " " + std::string(component) + " " + std::string(line));
  });
  ::testing::internal::CaptureStderr();
  ASSERT_EQ(session.run(1), SessionStatus::done) << session.message();
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_TRUE(
      lines[0].starts_with("warning imbrex.search.random the cost model offers no operator"))
      << lines[0];
}

TEST_F(SessionGives, ItsVersion) {
  EXPECT_EQ(imbrex_session_interface(), IMBREX_SESSION_INTERFACE);
  EXPECT_EQ(imbrex("--version").out.find("imbrex " + std::string(imbrex_session_version()) + "\n"),
            0u);
}

}  // namespace
}  // namespace imbrex
