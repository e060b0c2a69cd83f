// Floor plans on the terminal, of results made by hand.
#include "clsa_fixture.hpp"
#include "fakes/output_folder.hpp"

#include <imbrex/toolkit/spatial/spatial_layout.hpp>
#include <imbrex/toolkit/text/width.hpp>

#include <algorithm>
#include <random>
#include <regex>
#include <sstream>

#include <gtest/gtest.h>
#include <stdlib.h>

namespace imbrex {
namespace {

// A variable of the environment while this lives.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    const char* const old = std::getenv(name);
    had_ = old != nullptr;
    old_ = had_ ? old : "";
    if (value == nullptr) {
      unsetenv(name);
    } else {
      setenv(name, value, 1);
    }
  }
  ~Variable() {
    if (had_) {
      setenv(name_, old_.c_str(), 1);
    } else {
      unsetenv(name_);
    }
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  bool had_ = false;
  std::string old_;
};

// `columns` 0: no terminal.
std::string report(const Result& result, int columns, const test::Settings& settings = {},
                   const Architecture* architecture = nullptr, bool colour = false) {
  const Variable locale("LC_ALL", "C.UTF-8");
  const Variable terminal("TERM", "xterm");
  const Variable no_colour("NO_COLOR", colour ? nullptr : "1");
  Context context;
  context.architecture = architecture;
  const auto reporter =
      plugin::make_instance<Reporter>(test::configure("imbrex.report.terminal", settings), context);
  test::ShownText folder(columns);
  reporter->report(result, folder);
  return folder.shown;
}

// The floor plans, which the report ends with.
std::string maps(const std::string& shown) {
  const std::string heading = "Floor plans of pipelined segments\n";
  const auto begin = shown.find(heading);
  return begin == std::string::npos ? "" : shown.substr(begin + heading.size());
}

// 'first' on the left columns of 2 x 4 elements, 'second' on the last one, for 1 us.
SegmentResult segment(std::int32_t number, std::int64_t start_ps, std::int64_t end_ps) {
  SegmentResult out;
  out.times = {number, start_ps, start_ps, end_ps};
  out.operators = {"first", "second"};
  out.units = 8;
  const std::int64_t widths[] = {3, 1};
  out.floor_plan.emplace();
  out.floor_plan->layout = spatial::blocked_1d(2, 4, widths);
  out.floor_plan->stages = {"first", "second"};
  out.floor_plan->topology = "mesh";
  out.floor_plan->links = {
      {{0, 1, 1}, 64}, {{1, 2, 1}, 128}, {{2, 3, 1}, 256}, {{6, 7, 1}, 256}, {{7, 3, 1}, 32}};
  return out;
}

Result two_layers() {
  Result result;
  result.name = "hand";
  result.metrics.set("latency_ps", std::int64_t{1'000'000});
  result.segments = {segment(0, 0, 1'000'000)};
  for (const auto& [name, busy_ps] : {std::pair{"first", 750'000}, std::pair{"second", 500'000}}) {
    OperatorResult op;
    op.name = name;
    op.times.busy_ps = busy_ps;
    op.times.servers = 1;
    result.operators.push_back(op);
  }
  return result;
}

TEST(TerminalFloorPlans, LooksLikeThisWithoutATerminal) {
  EXPECT_EQ(maps(report(two_layers(), 0)),
            "  segment 0: 2 operators for 1.000 us, blocked-1d on 2 x 4, mesh\n"
            "    stage operator                                 elements    share     busy\n"
            "    0     first                                           6   75.0 %   75.0 %\n"
            "    1     second                                          2   25.0 %   50.0 %\n"
            "    stages   links along rows   links along columns\n"
            "    0001     -+#.               ....\n"
            "    0001     ..#.               ...-\n"
            "    words per link: . 0  - to 64  + to 128  * to 192  # to 256\n"
            "    hottest  256 words: (0,2) -> (0,3), 1 more\n"
            "             128 words: (0,1) -> (0,2)\n"
            "             64 words: (0,0) -> (0,1)\n");
}

TEST(TerminalFloorPlans, LooksLikeThisOnANarrowTerminal) {
  EXPECT_EQ(maps(report(two_layers(), 58)),
            "  segment 0: 2 operators for 1.000 us, blocked-1d on 2 x 4, mesh\n"
            "    stage operator             elements    share     busy\n"
            "    0     first                       6   75.0 %   75.0 %\n"
            "    1     second                      2   25.0 %   50.0 %\n"
            "    stages\n"
            "    0001 x2\n"
            "    links along rows   links along columns\n"
            "    ░▒█·               ····\n"
            "    ··█·               ···░\n"
            "    words per link: · 0  ░ to 64  ▒ to 128  ▓ to 192  █ to 256\n"
            "    hottest  256 words: (0,2) -> (0,3), 1 more\n"
            "             128 words: (0,1) -> (0,2)\n"
            "             64 words: (0,0) -> (0,1)\n");
}

TEST(TerminalFloorPlans, OnlyAddsColours) {
  const std::string coloured = report(two_layers(), 120, {}, nullptr, true);
  EXPECT_NE(coloured, report(two_layers(), 120));
  EXPECT_NE(coloured.find("\x1b[0;30;46m000\x1b[0;30;43m1\x1b[0m"), std::string::npos);
  EXPECT_EQ(std::regex_replace(coloured, std::regex("\x1b\\[[0-9;]*m"), ""),
            report(two_layers(), 120));
}

TEST(TerminalFloorPlans, SayHowBusyTheHottestLinkIs) {
  Architecture array;
  array.links.word_bits = 8;
  array.links.words_per_ps = 0.001;  // 256 words take 256 ns
  const std::string text = maps(report(two_layers(), 0, {}, &array));
  EXPECT_NE(text.find("hottest  256 words, busy 25.6 %: (0,2)"), std::string::npos) << text;
  array.links.words_per_ps = 0;
  EXPECT_EQ(maps(report(two_layers(), 0, {}, &array)), maps(report(two_layers(), 0)));
}

TEST(TerminalFloorPlans, SayHowBusyTheMemoriesAre) {
  Result result = two_layers();
  EXPECT_EQ(maps(report(result, 0)).find("memory"), std::string::npos);
  result.segments[0].overhead.buffer_ps = 250'000;
  EXPECT_TRUE(maps(report(result, 0)).ends_with("    memory   buffer busy 25.0 %\n"));
  result.segments[0].overhead.external_ps = 1'000'000;
  EXPECT_TRUE(maps(report(result, 0))
                  .ends_with("    memory   external busy 100.0 %, buffer busy 25.0 %\n"));
}

TEST(TerminalReport, BreaksATitleThatIsTooLong) {
  Result result = two_layers();
  result.workload_name = "net";
  const std::string counts = "0 operators, 2 of them mapped, 0 MACs, 0 weight bits\n";
  EXPECT_TRUE(report(result, 0).starts_with("hand: net, " + counts)) << report(result, 0);
  result.name = std::string(40, 'n');
  EXPECT_TRUE(report(result, 0).starts_with(result.name + ": net\n  " + counts));
}

TEST(TerminalFloorPlans, NameThePortsOfTheBuffer) {
  Result result = two_layers();
  result.segments[0].floor_plan->links = {{{4, 9, 1}, 10}, {{8, 0, 1}, 20}};
  const std::string text = maps(report(result, 0));
  EXPECT_NE(text.find("20 words: buffer 0 -> (0,0)\n"), std::string::npos) << text;
  EXPECT_NE(text.find("10 words: (1,0) -> buffer 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("    0001     ....               ....\n"
                      "    0001     +...               ....\n"),
            std::string::npos)
      << text;
}

TEST(TerminalFloorPlans, SaySoWhenNothingFlows) {
  Result result = two_layers();
  result.segments[0].floor_plan->links.clear();
  const std::string text = maps(report(result, 0));
  EXPECT_NE(text.find("    stages\n    0001 x2\n    no words from element to element\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("hottest"), std::string::npos);
}

TEST(TerminalFloorPlans, AreThoseOfTheLongestSegments) {
  Result result = two_layers();
  result.segments = {segment(0, 0, 10), segment(1, 10, 40), segment(2, 40, 60),
                     segment(3, 60, 100)};
  const std::string text = maps(report(result, 0, {{"floor_plans", std::int64_t{2}}}));
  const auto third = text.find("  segment 3: ");
  const auto first = text.find("  segment 1: ");
  EXPECT_LT(third, first);
  EXPECT_NE(first, std::string::npos);
  EXPECT_EQ(text.find("  segment 0: "), std::string::npos);
  EXPECT_EQ(text.find("  segment 2: "), std::string::npos);
  EXPECT_NE(text.find("  and 2 more in result.json\n"), std::string::npos);
  EXPECT_EQ(maps(report(result, 0)).find("segment 0: "), std::string::npos) << "three by default";
  EXPECT_EQ(maps(report(result, 0, {{"floor_plans", std::int64_t{0}}})), "");
}

TEST(TerminalFloorPlans, AreNotDrawnForSingleOperators) {
  Result result = two_layers();
  result.segments[0].floor_plan->stages = {"first"};
  EXPECT_EQ(maps(report(result, 0)), "");
  result.segments[0].floor_plan.reset();
  EXPECT_EQ(maps(report(result, 0)), "");
}

TEST(TerminalFloorPlans, CutLayoutsThatRepeatAndSqueezeOthers) {
  Result result = two_layers();
  FloorPlanResult& plan = *result.segments[0].floor_plan;
  plan.links.clear();
  const std::int16_t period[] = {0, 1};
  plan.layout = spatial::striped(200, 200, period);
  std::string text = maps(report(result, 0));
  EXPECT_NE(text.find("    64 x 68 of 200 x 200 elements; cells of 1 x 2 repeat\n"),
            std::string::npos)
      << text;
  const std::int64_t widths[] = {100, 100};
  plan.layout = spatial::blocked_1d(200, 200, widths);
  text = maps(report(result, 0));
  // Four to a character: 50 characters for 200 columns.
  EXPECT_NE(text.find("    " + std::string(25, '0') + std::string(25, '1') + " x50\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("a character is 4 x 4 elements"), std::string::npos) << text;
}

TEST(TerminalFloorPlans, StayWithinTheTerminal) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    std::mt19937 random(seed);
    Result result = two_layers();
    FloorPlanResult& plan = *result.segments[0].floor_plan;
    const auto rows = static_cast<std::int32_t>(1 + random() % 150);
    const auto columns = static_cast<std::int32_t>(2 + random() % 150);
    const std::int64_t widths[] = {columns / 2, columns - columns / 2};
    plan.layout = spatial::blocked_1d(rows, columns, widths);
    for (std::int16_t& stage : plan.layout.stage_of) {
      stage = static_cast<std::int16_t>(random() % 2);
    }
    plan.stages = {std::string(200, 'x'), "second"};
    plan.links.clear();
    for (std::int32_t i = 0; i + 1 < rows * columns; ++i) {
      plan.links.push_back({{i, i + 1, 1}, static_cast<double>(random() % 100'000)});
    }
    const int width = 80 + static_cast<int>(random() % 80);
    std::istringstream lines(maps(report(result, width)));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(text::width(line), static_cast<std::size_t>(width)) << "seed " << seed << line;
    }
  }
}

}  // namespace
}  // namespace imbrex
