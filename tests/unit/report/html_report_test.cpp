// The page of a result, as the plugin of the build tree writes it: its data, and that it works in a
// browser.
#include "built_components.hpp"
#include "html_golden.hpp"
#include "open_page.hpp"
#include "packed_json.hpp"

#include <random>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

using Json = nlohmann::json;

struct OneFile final : OutputFolder {
  void write(std::string_view file_name, std::string_view content) override {
    name = file_name;
    text = content;
  }
  void show(std::string_view) override {}
  int terminal_columns() const noexcept override { return 0; }
  std::string name;
  std::string text;
};

OneFile report(const Result& result, const Workload& workload,
               const test::Settings& settings = {}) {
  Context context;
  context.workload = &workload;
  const auto reporter =
      plugin::make_instance<Reporter>(test::configure("imbrex.report.html", settings), context);
  OneFile folder;
  reporter->report(result, folder);
  return folder;
}

std::string embedded(const std::string& page) {
  const std::string start = "<script type=\"application/json\" id=\"data\">";
  const std::size_t at = page.find(start) + start.size();
  return page.substr(at, page.find("</script>", at) - at);
}

// What the page's script does with a list of integers.
std::vector<std::int64_t> unpacked(const Json& packed) {
  std::vector<std::int64_t> out;
  if (packed.is_object()) {
    const auto runs = packed["runs"].get<std::vector<std::int64_t>>();
    for (std::size_t at = 0; at < runs.size(); at += 3) {
      for (std::int64_t i = 0; i < runs[at]; ++i) {
        out.push_back(runs[at + 1] + i * runs[at + 2]);
      }
    }
    return out;
  }
  std::int64_t value = 0;
  for (const Json& difference : packed) {
    out.push_back(value += difference.get<std::int64_t>());
  }
  return out;
}

using Integers = std::vector<std::int64_t>;

class HtmlReport : public testing::Test {
 protected:
  const Workload workload_ = test::golden_workload();
  const Result result_ = test::golden_result();
  const OneFile file_ = report(result_, workload_);
  const Json data_ = Json::parse(embedded(file_.text));
};

TEST_F(HtmlReport, HoldsTheRectanglesOfTheSchedule) {
  EXPECT_EQ(file_.name, "report.html");
  EXPECT_EQ(data_["gantt"]["jobs"], 8);
  EXPECT_EQ(data_["gantt"]["rectangles"], 8);
  EXPECT_FALSE(data_["gantt"].contains("gap_ps"));
  const Json& first = data_["gantt"]["operators"][0];
  EXPECT_EQ(unpacked(first["lane"]), (Integers{0, 0, 0, 1}));
  EXPECT_EQ(unpacked(first["step"]), (Integers{0, 1, 2, 0}));
  EXPECT_EQ(unpacked(first["start"]), (Integers{0, 100'000, 300'000, 50'000}));
  EXPECT_EQ(unpacked(first["length"]), (Integers(4, 100'000)));
  EXPECT_EQ(unpacked(first["wait"]), (Integers{0, 2, 4, 1 + 8}));
  const Json& second = data_["gantt"]["operators"][1];
  EXPECT_EQ(unpacked(second["start"]), Integers{200'000}) << "one run";
  EXPECT_EQ(unpacked(second["length"]), Integers{50'000});
  EXPECT_EQ(unpacked(second["period"]), Integers{250'000});
  EXPECT_EQ(unpacked(second["count"]), Integers{3});
}

TEST_F(HtmlReport, HoldsTheOtherFigures) {
  EXPECT_EQ(data_["metrics"][0], Json::parse(R"(["latency_ps", 1000000, 2500000])"));
  EXPECT_EQ(data_["run"]["speedup"], 2.5);
  EXPECT_EQ(data_["run"]["exactness"], "conservative");
  EXPECT_EQ(data_["operators"][0]["units"], 2);
  EXPECT_EQ(data_["operators"][0]["loops"][0], "outer memory temporal P 4") << "no name before it";
  EXPECT_EQ(data_["operators"][0]["accesses"][1],
            Json::parse(R"(["outer memory", "outputs", 16, 32, 0.0, 32.0])"));
  EXPECT_EQ(data_["network"]["sources"], Json::parse("[[],[0],[1],[2],[3],[4]]"));
  EXPECT_EQ(data_["critical_path"][1], Json::parse("[2, 0, 200000, 750000, 3, 1, []]"));
  const Json& plan = data_["segments"][0]["floor_plan"];
  EXPECT_EQ(unpacked(plan["stage_of"]), (Integers{0, 0, 0, 1, 0, 0, 0, 1}));
  EXPECT_EQ(unpacked(plan["links"]["from"]), (Integers{1, 2, 8}));
  EXPECT_EQ(plan["links"]["words"], Json::parse("[64, 32, 16]"));
}

TEST_F(HtmlReport, NamesStayTexts) {
  const std::string json = embedded(file_.text);
  EXPECT_EQ(json.find('<'), std::string::npos);
  EXPECT_EQ(data_["operators"][0]["name"], test::kHostileNames[0]);
  EXPECT_EQ(data_["operators"][1]["name"], test::kHostileNames[1]);
  EXPECT_EQ(data_["stages"][0]["facts"][1][1], "</script>");
  std::string page = file_.text;
  page.erase(page.find(json), json.size());
  EXPECT_EQ(page.find("hostile"), std::string::npos);
}

TEST_F(HtmlReport, EqualResultsGiveEqualBytes) {
  EXPECT_EQ(report(test::golden_result(), workload_).text, file_.text);
}

// And may not ask for it: browsers keep to what the page says of itself.
TEST_F(HtmlReport, NeedsNothingFromElsewhere) {
  EXPECT_NE(file_.text.find("content=\"default-src 'none';"), std::string::npos);
  const std::string json = embedded(file_.text);
  std::string page = file_.text;
  page.erase(page.find(json), json.size());
  for (const char* const outside : {"src=", "@import", "url(", "fetch(", "https://", "import("}) {
    EXPECT_EQ(page.find(outside), std::string::npos) << outside;
  }
  for (const char* const mark : {"@STYLE@", "@SCRIPT@", "@DATA@"}) {
    EXPECT_EQ(page.find(mark), std::string::npos) << mark;
  }
}

// `count` jobs of any length on 100 servers.
Result irregular(std::int64_t count) {
  Result result = test::golden_result();
  result.jobs = {};
  std::mt19937_64 random(3);
  std::int64_t last = 0;
  for (std::int32_t server = 0; server < 100; ++server) {
    std::int64_t time = 0;
    for (std::int64_t step = 0; step < count / 100; ++step) {
      time += static_cast<std::int64_t>(random() % 5'000'000'000);
      const std::int64_t end = time + 1 + static_cast<std::int64_t>(random() % 5'000'000'000);
      result.jobs.add(TimedJob{result.operators[0].id, server, step, time, end, Wait::source});
      time = end;
    }
    last = std::max(last, time);
  }
  result.operators[0].times.servers = 100;
  result.metrics.set("latency_ps", last);
  return result;
}

TEST(HtmlPacking, GivesBackTheNumbers) {
  std::mt19937_64 random(5);
  int as_runs = 0;
  for (int round = 0; round < 2000; ++round) {
    Integers values;
    for (std::size_t run = random() % 5; run > 0; --run) {
      const auto step = static_cast<std::int64_t>(random() % 7) - 3;
      auto value = static_cast<std::int64_t>(random() % 1000);
      for (std::size_t i = random() % (1 + random() % 12); i > 0; --i) {
        values.push_back(value += step);
      }
    }
    const std::string text = html::packed(values).dump();
    const Json packed = Json::parse(text);
    ASSERT_EQ(unpacked(packed), values) << text;
    as_runs += packed.is_object() ? 1 : 0;
  }
  EXPECT_GT(as_runs, 500);
  EXPECT_LT(as_runs, 1900);
}

TEST_F(HtmlReport, IsSmallWithAHundredThousandRectangles) {
  const OneFile file = report(irregular(100'000), workload_);
  const Json data = Json::parse(embedded(file.text));
  EXPECT_EQ(data["gantt"]["rectangles"], 100'000);
  EXPECT_FALSE(data["gantt"].contains("gap_ps"));
  EXPECT_LT(file.text.size(), 3'000'000U);
}

TEST_F(HtmlReport, PutsMoreJobsTogetherAndSaysSo) {
  const Json data = Json::parse(embedded(report(irregular(200'000), workload_).text))["gantt"];
  EXPECT_EQ(data["jobs"], 200'000);
  EXPECT_LE(data["rectangles"], 100'000);
  EXPECT_GT(data["rectangles"], 10'000) << "far more was put together than needed";
  EXPECT_GT(data["gap_ps"], 0);
  std::int64_t jobs = 0;
  const Integers counts = unpacked(data["operators"][0]["count"]);
  const Integers of_each = unpacked(data["operators"][0]["jobs"]);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    jobs += counts[i] * of_each[i];
  }
  EXPECT_EQ(jobs, 200'000) << "every job is in one rectangle";
}

TEST_F(HtmlReport, IsWholeWithoutJobsOrSegments) {
  Result bare;
  bare.name = "bare";
  const Json data = Json::parse(embedded(report(bare, workload_).text));
  EXPECT_EQ(data["gantt"]["jobs"], 0);
  EXPECT_TRUE(data["operators"].empty());
  EXPECT_TRUE(data["segments"].empty());
}

TEST_F(HtmlReport, WorksInABrowser) {
  test::expect_page_passes(file_.text, "report_page_check.js");
}

TEST_F(HtmlReport, SavesItsFiguresAndTables) {
  test::expect_page_passes(file_.text, "report_saves_check.js");
}

TEST_F(HtmlReport, DrawsFastWhatItWouldDrawSlowly) {
  test::expect_page_passes(file_.text, "report_twins_check.js");
}

}  // namespace
}  // namespace imbrex
