// imbrex.report.svg: figures are where the schedule is, hold whatever names hold, and are XML.
#include "axis.hpp"
#include "drawing.hpp"
#include "figure.hpp"
#include "temporary_folder.hpp"
#include "trace_reading.hpp"

#include <cstdlib>
#include <fstream>
#include <regex>

#include <gtest/gtest.h>
#include <sys/wait.h>

namespace imbrex::svg {
namespace {

struct Rectangle {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
};

// The rectangles of the path that is called so.
std::vector<Rectangle> rectangles(const std::string& figure, const std::string& title) {
  const std::regex path("<path fill=\"[^\"]*\" d=\"([^\"]*)\"><title>" + title + "</title></path>");
  std::smatch found;
  EXPECT_TRUE(std::regex_search(figure, found, path)) << title;
  const std::string commands = found[1];
  const std::regex one("M([-0-9.]+) ([-0-9.]+)h([0-9.]+)v([0-9.]+)h-?[0-9.]+z");
  std::vector<Rectangle> out;
  for (std::sregex_iterator at(commands.begin(), commands.end(), one), end; at != end; ++at) {
    out.push_back(
        {std::stod((*at)[1]), std::stod((*at)[2]), std::stod((*at)[3]), std::stod((*at)[4])});
  }
  return out;
}

// Where the axis has its numbers.
std::map<double, double> numbers(const std::string& figure) {
  const std::regex text("<text x=\"([0-9.]+)\" y=\"[0-9.]+\" text-anchor=\"middle\">([0-9.]+)<");
  std::map<double, double> out;
  for (std::sregex_iterator at(figure.begin(), figure.end(), text), end; at != end; ++at) {
    out[std::stod((*at)[2])] = std::stod((*at)[1]);
  }
  return out;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

TEST(Svg, JobsLieBetweenTheNumbersOfTheirTimes) {
  const std::string figure = gantt(trace::by_hand(), {});
  auto at = numbers(figure);
  ASSERT_EQ(at.rbegin()->first, 4) << "us";
  const auto first = rectangles(figure, "first");
  const auto second = rectangles(figure, "second");
  ASSERT_EQ(first.size(), 2U);
  ASSERT_EQ(second.size(), 1U);
  constexpr double kRounding = 0.011;
  EXPECT_NEAR(first[0].left, at[0], kRounding);
  EXPECT_NEAR(first[0].left + first[0].width, at[1], kRounding);
  EXPECT_NEAR(first[1].left, at[1], kRounding);
  EXPECT_NEAR(first[1].left + first[1].width, at[2], kRounding);
  EXPECT_NEAR(second[0].left, at[2], kRounding);
  EXPECT_NEAR(second[0].left + second[0].width, at[4], kRounding);
  // The second server below the first, both as high as the one of the other operator.
  EXPECT_NEAR(first[1].top, first[0].top + first[0].height, kRounding);
  EXPECT_NEAR(first[0].height + first[1].height, second[0].height, 2 * kRounding);
  EXPECT_GT(second[0].top, first[1].top + first[1].height);
}

TEST(Svg, HasTheSizeInPrintThatIsAskedFor) {
  const std::string figure = gantt(trace::by_hand(), {.width_mm = 84, .font_pt = 7});
  EXPECT_NE(figure.find("width=\"84mm\""), std::string::npos);
  EXPECT_NE(figure.find("viewBox=\"0 0 238.11 "), std::string::npos) << "84 mm in points";
  EXPECT_NE(figure.find("font-family=\"sans-serif\" font-size=\"7\""), std::string::npos);
  const std::string high = gantt(trace::by_hand(), {.width_mm = 100, .height_mm = 50});
  EXPECT_NE(high.find("width=\"100mm\" height=\"50.00"), std::string::npos);
}

TEST(Svg, DrawsTheCriticalPathThroughTheMiddleOfRows) {
  Result result = trace::by_hand();
  EXPECT_EQ(gantt(result, {}).find("critical path"), std::string::npos);
  result.critical_path = {
      {operator_id(0), OperatorId::none, 1'000'000, 2'000'000, 1, Wait::nothing, {}},
      {operator_id(1), operator_id(0), 2'000'000, 4'000'000, 1, Wait::nothing, {}}};
  const std::string figure = gantt(result, {});
  auto at = numbers(figure);
  const auto second = rectangles(figure, "second").front();
  std::smatch found;
  ASSERT_TRUE(std::regex_search(
      figure, found,
      std::regex("d=\"M([0-9.]+) ([0-9.]+)H([0-9.]+)H([0-9.]+)V([0-9.]+)H([0-9.]+)\"")));
  EXPECT_NEAR(std::stod(found[1]), at[1], 0.011);
  EXPECT_NEAR(std::stod(found[3]), at[2], 0.011);
  EXPECT_NEAR(std::stod(found[5]), second.top + second.height / 2, 0.011);
  EXPECT_NEAR(std::stod(found[6]), at[4], 0.011);
}

TEST(Svg, ShowsWeightsBeforeAndDataBehindTheWorkOfSegments) {
  Result result = trace::by_hand();
  result.segments.resize(1);
  result.segments[0].times = {0, 0, 1'000'000, 4'000'000};
  result.segments[0].overhead.data_ps = 1'000'000;
  const std::string figure = gantt(result, {});
  auto at = numbers(figure);
  EXPECT_NEAR(rectangles(figure, "weights").front().width, at[1] - at[0], 0.011);
  EXPECT_NEAR(rectangles(figure, "data").front().left, at[3], 0.011);
}

TEST(Svg, BarsAreAsLongAsTheirValues) {
  Result result = trace::by_hand();
  const std::string times = bars(result, {.figure = Figure::bars});
  EXPECT_NEAR(rectangles(times, "second").front().width,
              2 * rectangles(times, "first").front().width, 0.02);
  const std::string units = bars(result, {.figure = Figure::bars, .quantity = Quantity::units});
  auto at = numbers(units);
  const Rectangle two = rectangles(units, "second").front();  // one copy of two units
  EXPECT_NEAR(two.left + two.width, at[2], 0.011);
  EXPECT_NEAR(rectangles(units, "first").front().width, 2 * two.width, 0.02);
  for (OperatorResult& op : result.operators) {
    op.units_per_copy = 0;
  }
  EXPECT_EQ(rectangles(bars(result, {.quantity = Quantity::units}), "first").front().width, 0);
}

// 2 x 4 elements, the left half for one stage; four links with 1 to 4 words, and one to a port.
Result with_floor_plan() {
  Result result = trace::by_hand();
  result.segments.resize(2);
  result.segments[1].times = {1, 0, 0, 5};
  FloorPlanResult& plan = result.segments[1].floor_plan.emplace();
  plan.layout.rows = 2;
  plan.layout.columns = 4;
  plan.layout.stages = 2;
  plan.layout.cell_rows = 2;
  plan.layout.cell_columns = 4;
  for (const int stage : {0, 0, 1, 1, 0, 0, 1, 0}) {
    plan.layout.stage_of.push_back(static_cast<std::int16_t>(stage));
  }
  plan.stages = {"first", "second"};
  plan.topology = "mesh";
  plan.links = {{{0, 1, 1}, 1}, {{1, 2, 1}, 2}, {{2, 1, 1}, 3}, {{5, 6, 1}, 4}, {{0, 8, 1}, 4}};
  return result;
}

TEST(Svg, FloorPlansShowElementsOfStagesAndLoadedLinks) {
  const std::string figure = floor_plan(with_floor_plan(), {});
  const auto first = rectangles(figure, "first");
  const auto second = rectangles(figure, "second");
  ASSERT_EQ(first.size(), 3U) << "two elements, two below them, one at the end of their row";
  ASSERT_EQ(second.size(), 2U);
  const double side = first[0].height;
  EXPECT_NEAR(first[0].width, 2 * side, 0.011);
  EXPECT_NEAR(second[0].left, first[0].left + 2 * side, 0.011);
  EXPECT_NEAR(first[2].left, first[0].left + 3 * side, 0.011);
  EXPECT_NEAR(first[2].top, first[0].top + side, 0.011);
  for (const auto& [title, wires] : {std::pair("25 %", 1), {"50 %", 1}, {"75 %", 1}}) {
    std::smatch found;
    ASSERT_TRUE(std::regex_search(
        figure, found, std::regex("d=\"([^\"]*)\"><title>" + std::string(title) + "</title>")));
    EXPECT_EQ(count(found[1], "M"), static_cast<std::size_t>(wires)) << title;
  }
  EXPECT_NE(figure.find("of 4 words"), std::string::npos);
  EXPECT_NE(floor_plan(with_floor_plan(), {.segment = 0}).find("no floor plan"), std::string::npos);
  EXPECT_EQ(floor_plan(with_floor_plan(), {.segment = 1}), figure);
}

TEST(Svg, EveryFigureIsXmlWhateverNamesHold) {
  const test::TemporaryFolder folder;
  const std::string hostile = "</title><script>&\"'\x01\xff\xED\xA0\x80]]>\xE5\xB1\xA4";
  Result result = with_floor_plan();
  result.name = hostile;
  result.workload_name = hostile;
  result.operators[0].name = hostile;
  result.segments[1].floor_plan->stages[0] = hostile;
  result.segments[1].floor_plan->topology = hostile;
  std::string files;
  for (const auto& [name, draw] : {std::pair("a", &gantt), {"b", &bars}, {"c", &floor_plan}}) {
    const std::string file = std::string(folder.path()) + "/" + name + ".svg";
    std::ofstream(file) << draw(result, {});
    files += " '" + file + "'";
  }
  const std::string check =
      "command -v python3 >/dev/null || exit 77; python3 -c '"
      "import sys, xml.dom.minidom\n"
      "for file in sys.argv[1:]:\n"
      "  page = xml.dom.minidom.parse(file)\n"
      "  assert not page.getElementsByTagName(\"script\")\n"
      "  titles = [t.firstChild.data for t in page.getElementsByTagName(\"title\")]\n"
      "  assert any(t.startswith(\"</title><script>&\\\"\") for t in titles), titles'";
  const int status = std::system((check + files).c_str());
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77) {
    GTEST_SKIP() << "there is no python3 here to read XML";
  }
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(Svg, NamesThatAreTooLongKeepBothEnds) {
  const std::string name = "stage1.identity1.basic1.second";
  for (const Coordinate width : {3000, 6000, 9000}) {
    const std::string shown = fitted(name, width, 700);
    EXPECT_LE(text_width(shown, 700), width);
    EXPECT_EQ(shown.front(), 's');
    EXPECT_EQ(shown.back(), 'd');
    EXPECT_NE(shown.find("\xE2\x80\xA6"), std::string::npos);
  }
  EXPECT_EQ(fitted(name, 100'000, 700), name);
  EXPECT_EQ(count(fitted("\xE5\xB1\xA4\xE5\xB1\xA4\xE5\xB1\xA4", 1500, 700), "\xE5\xB1\xA4"), 1U)
      << "whole characters";
}

TEST(Svg, AxesHaveRoundNumbers) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> size(-3, 12);
  for (int round = 0; round < 1000; ++round) {
    const double most = std::pow(10.0, size(random));
    const double step = round_step(most, 6);
    EXPECT_LE(most / step, 6 * (1 + 1e-9));
    EXPECT_GT(most / step, 6 / 2.5 * (1 - 1e-9)) << "no finer than needed";
    const double first = step / std::pow(10.0, std::floor(std::log10(step) + 1e-9));
    EXPECT_TRUE(std::abs(first - 1) < 1e-6 || std::abs(first - 2) < 1e-6 ||
                std::abs(first - 5) < 1e-6)
        << step;
  }
  EXPECT_EQ(time_unit(999).name, "ps");
  EXPECT_EQ(time_unit(1e9).name, "ms");
}

// A million jobs are no larger a picture than a thousand.
TEST(Svg, StaysSmallWhateverTheNumberOfJobs) {
  Result result = trace::by_hand();
  result.jobs = {};
  JobRun run;
  run.first = {operator_id(0), 0, 0, 0, 2};
  run.period_ps = 4;
  run.count = 1'000'000;
  result.jobs.add(run);
  EXPECT_LT(gantt(result, {}).size(), 10'000U);
}

}  // namespace
}  // namespace imbrex::svg
