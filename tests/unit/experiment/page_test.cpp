// The page of an experiment: what is embedded, and that it works in a browser.
#include "experiment/page.hpp"

#include "open_page.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex::experiment {
namespace {

using Json = nlohmann::json;

constexpr const char* kHostile = "</script><b class=hostile>\"'&<!--<script>hostile=1</script>\\\n";

// Chips x cuts x sizes: 5 x 2 x 50 points. The first cut takes twice as long; the last chip has no
// room for the largest sizes.
struct HostileExperiment {
  ExperimentPlan plan;
  Records records;

  HostileExperiment() {
    Experiment& experiment = plan.experiment;
    experiment.name = kHostile;
    experiment.question = "<img src=x onerror='hostile=1'>";
    experiment.axes = {Axis{"chip<b class=hostile>", {}}, Axis{"cut", {}}, Axis{"size", {}}};
    const auto add = [&](std::size_t axis, const std::string& label) {
      experiment.axes[axis].levels.push_back({label, {}, {}, {}});
    };
    for (const char* const label : {kHostile, "\xff\xfe", "a\"b", "&lt;b&gt;", "@DATA@"}) {
      add(0, label);
    }
    add(1, "slow");
    add(1, "fast");
    for (int size = 1; size <= 50; ++size) {
      add(2, std::to_string(size));
    }
    TableSpec table;
    table.title = kHostile;
    table.values.emplace_back();
    table.values[0].metric = "latency_ps";
    table.text = "{}";
    table.rows = {0};
    table.column = 1;
    table.relative = Selection{{{1, {1}}}};
    table.aggregate = Aggregate::geometric_mean;
    experiment.tables = {table};
    experiment.fronts = {{kHostile, {"latency_ps", "energy_pj", "utilisation"}}};
    for (const Point& point : points_of(experiment)) {
      plan.points.push_back({point, records.size()});
      plan.sha256.push_back("digest" + std::to_string(records.size()));
      records.emplace_back(record_of(point.levels));
    }
  }

  static PointRecord record_of(const std::vector<std::size_t>& at) {
    PointRecord out;
    if (at[0] == 4 && at[2] > 40) {
      out.state = PointState::infeasible;
      out.message = kHostile;
      return out;
    }
    out.state = PointState::done;
    const auto size = static_cast<std::int64_t>(at[2]) + 1;
    const std::int64_t latency = 1'000'000'000'000 / size * (at[1] == 0 ? 2 : 1);
    out.quantities = {{"latency_ps", latency},
                      {"energy_pj", static_cast<double>(size) * 1e6 + static_cast<double>(at[0])},
                      {"utilisation", 1.0 / static_cast<double>(size)},
                      {"oddity", 0.0},
                      {"exactness", std::string("exact")}};
    std::string curve;
    for (std::int64_t step = 1; step <= 200; ++step) {
      curve += (step == 1 ? "" : " ") + std::to_string(step * 7) + ":" +
               std::to_string(static_cast<double>(latency) * (1 + 1.0 / static_cast<double>(step)));
    }
    out.quantities.emplace_back("stage.1.convergence", curve);
    // As many facts as stages of real recipes state.
    for (int fact = 0; fact < 40; ++fact) {
      out.quantities.emplace_back("stage.1.fact_" + std::to_string(fact),
                                  1.0 / static_cast<double>(fact + size));
    }
    return out;
  }
};

std::string embedded(const std::string& page) {
  const std::string start = "<script type=\"application/json\" id=\"data\">";
  const std::size_t at = page.find(start) + start.size();
  return page.substr(at, page.find("</script>", at) - at);
}

TEST(ExperimentPage, HoldsThePointsAsColumns) {
  const HostileExperiment experiment;
  const Json data = Json::parse(embedded(experiment_page(experiment.plan, experiment.records)));
  EXPECT_EQ(data["points"]["run"].size(), 500U);
  EXPECT_EQ(data["points"]["levels"].size(), 3U);
  EXPECT_EQ(data["points"]["levels"][2][499], 49);
  EXPECT_EQ(data["baseline"], (Json{{"axis", 1}, {"level", 1}}));
  const Json& latency = data["quantities"][0];
  EXPECT_EQ(latency["name"], "latency_ps");
  EXPECT_EQ(latency["unit"], "ps");
  EXPECT_EQ(latency["better"], -1);
  EXPECT_EQ(latency["values"][0], 2'000'000'000'000);
  EXPECT_TRUE(latency["values"][499].is_null()) << "infeasible";
  EXPECT_EQ(data["quantities"][2]["better"], 1);
  EXPECT_EQ(data["quantities"][3]["better"], 0);
  EXPECT_EQ(data["runs"]["state"][499], "infeasible");
  const Json& curve = data["convergence"][0]["curves"][0];
  EXPECT_EQ(data["convergence"][0]["stage"], "stage.1");
  EXPECT_EQ(curve.size(), 2 * 64U) << "thinned";
  EXPECT_EQ(curve[0], 7);
  EXPECT_EQ(curve[126], 1400) << "the last step";
}

// Of thousands of levels that a search could choose from, those that it did.
TEST(ExperimentPage, ShowsTheLevelsThatASearchMet) {
  HostileExperiment experiment;
  std::erase_if(experiment.plan.points, [](const PlannedPoint& point) {
    return point.point.levels[2] % 7 != 3 || point.point.levels[1] == 0;
  });
  const auto data = [&] {
    return Json::parse(embedded(experiment_page(experiment.plan, experiment.records)));
  };
  EXPECT_EQ(data()["axes"][2]["levels"].size(), 50U);
  experiment.plan.experiment.search = SearchSpec();
  experiment.plan.experiment.search->objectives = {"latency_ps", "energy_pj"};
  experiment.plan.generations = {experiment.plan.points.size()};
  const Json met = data();
  EXPECT_EQ(met["axes"][2]["levels"], (Json{"4", "11", "18", "25", "32", "39", "46"}));
  EXPECT_EQ(met["axes"][1]["levels"], Json{"fast"});
  EXPECT_EQ(met["baseline"], (Json{{"axis", 1}, {"level", 0}}));
  EXPECT_EQ(met["points"]["levels"][2][8], 1);
}

TEST(ExperimentPage, NamesStayTexts) {
  const HostileExperiment experiment;
  const std::string page = experiment_page(experiment.plan, experiment.records);
  const std::string json = embedded(page);
  EXPECT_EQ(json.find('<'), std::string::npos);
  const Json data = Json::parse(json);
  EXPECT_EQ(data["name"], kHostile);
  EXPECT_EQ(data["axes"][0]["levels"][0], kHostile);
  EXPECT_EQ(data["axes"][0]["levels"][4], "@DATA@");
  EXPECT_EQ(data["runs"]["message"][499], kHostile);
}

TEST(ExperimentPage, NeedsNothingFromElsewhereAndStaysSmall) {
  const HostileExperiment experiment;
  const std::string page = experiment_page(experiment.plan, experiment.records);
  EXPECT_LT(page.size(), 3'000'000U);
  for (const char* const outside : {"src=\"", "@import", "url(", "fetch(", "https://"}) {
    EXPECT_EQ(kPageTemplate.find(outside), std::string_view::npos) << outside;
  }
  for (const char* const mark : {"@STYLE@", "@SCRIPT@"}) {
    EXPECT_EQ(kPageTemplate.find(mark), std::string_view::npos) << mark;
  }
  EXPECT_EQ(kPageTemplate.find("@DATA@"), kPageTemplate.rfind("@DATA@"));
}

// Of an experiment before anything has run, and of one without axes.
TEST(ExperimentPage, IsWholeWithoutNumbers) {
  HostileExperiment experiment;
  experiment.records.assign(experiment.records.size(), std::nullopt);
  const Json data = Json::parse(embedded(experiment_page(experiment.plan, experiment.records)));
  EXPECT_TRUE(data["quantities"].empty());
  EXPECT_EQ(data["runs"]["state"][0], "not run");
}

TEST(ExperimentPage, WorksInABrowser) {
  const HostileExperiment experiment;
  test::expect_page_passes(experiment_page(experiment.plan, experiment.records),
                           "experiment_page_check.js");
}

}  // namespace
}  // namespace imbrex::experiment
