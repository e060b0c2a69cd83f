// What the terminal says of a result made by hand: why it is not exact, how much better than the
// baseline it is, who stands in the way.
#include "clsa_fixture.hpp"
#include "fakes/output_folder.hpp"

#include <gtest/gtest.h>

namespace imbrex {
namespace {

std::string report(const Result& result) {
  const auto reporter =
      plugin::make_instance<Reporter>(test::configure("imbrex.report.terminal"), Context());
  test::ShownText folder;
  reporter->report(result, folder);
  return folder.shown;
}

// Layers named A, B, ... of 10 ns each, one behind the other.
Result result_of(std::size_t layers) {
  Result result;
  result.name = "made";
  result.workload_name = "by-hand";
  result.objective = "latency";
  const auto makespan_ps = static_cast<std::int64_t>(layers) * 10'000;
  result.metrics.set("latency_ps", makespan_ps);
  for (std::size_t i = 0; i < layers; ++i) {
    OperatorResult op;
    op.id = operator_id(i);
    op.name = std::string(1, static_cast<char>('A' + i));
    op.copies = op.units_per_copy = 1;
    op.times.start_ps = static_cast<std::int64_t>(i) * 10'000;
    op.times.end_ps = op.times.start_ps + 10'000;
    result.operators.push_back(op);
    CriticalStep step;
    step.op = op.id;
    step.cause = i == 0 ? OperatorId::none : operator_id(i - 1);
    step.start_ps = op.times.start_ps;
    step.end_ps = op.times.end_ps;
    step.jobs = 1;
    result.critical_path.push_back(step);
  }
  return result;
}

bool says(const std::string& text, const std::string& line) {
  return text.find(line) != std::string::npos;
}

TEST(TerminalSummary, SaysWhyAResultIsNotExact) {
  Result result = result_of(2);
  EXPECT_TRUE(says(report(result), "  makespan     20.00 ns      20000 ps, exact\n\nWhat bounds"))
      << report(result);
  result.exactness = Exactness::conservative;
  result.exactness_reasons = {"dilation in conv5", "resize up2"};
  EXPECT_TRUE(says(report(result),
                   "20000 ps, conservative: never too short\n"
                   "               because of    dilation in conv5\n"
                   "                             resize up2\n"))
      << report(result);
  result.exactness_reasons = {"one", "two", "three", "four", "five", "six"};
  EXPECT_TRUE(
      says(report(result), "four\n                             and 2 more in result.json\n"))
      << report(result);
}

// Units that are at work, and what they do of what they could.
TEST(TerminalSummary, TellsOccupancyFromMacsUsed) {
  Result result = result_of(1);
  result.metrics.set("occupancy", 0.5);
  result.metrics.set("units_total", std::int64_t{8});
  result.metrics.set("units_used", std::int64_t{4});
  const std::string occupancy = "  occupancy    50.00 %       of 8 units, 4 of them hold weights";
  EXPECT_TRUE(report(result).ends_with("\n\n" + occupancy + "\n")) << report(result);
  result.metrics.set("mac_utilisation", 0.125);
  result.has_baseline = true;
  result.baseline.set("occupancy", 0.25);
  result.baseline.set("mac_utilisation", 0.0625);
  EXPECT_TRUE(says(report(result), occupancy +
                                       "; baseline 25.00 %\n"
                                       "  MACs used    12.50 %       of what all units could do; "
                                       "baseline 6.25 %\n"))
      << report(result);
}

TEST(TerminalSummary, QuotesTheSpeedUpInTheObjective) {
  Result result = result_of(2);
  result.has_baseline = true;
  result.baseline.set("latency_ps", std::int64_t{50'000});
  result.speedup = 2.5;
  result.improvement = 2.5;
  EXPECT_TRUE(says(report(result), "  speed-up     2.50x         over the baseline's 50.00 ns\n"))
      << report(result);
  result.objective = "edp";
  result.improvement = 4;
  EXPECT_TRUE(
      says(report(result),
           "  improvement  4.00x         in energy-delay product; 2.50x in latency, over the "
           "baseline's 50.00 ns\n"))
      << report(result);
  result.improvement = 0;  // not known: the latency is all there is
  EXPECT_TRUE(says(report(result), "  speed-up     2.50x  ")) << report(result);
}

TEST(TerminalSummary, LeadsWithTheObjectiveThenWhatBoundsItThenWhatToTry) {
  Result result = result_of(2);
  result.has_baseline = true;
  result.speedup = 2.5;
  result.metrics.set("energy_pj", 5.0);
  result.operators[0].copies = 2;
  const std::string text = report(result);
  std::size_t last = 0;
  for (const char* part : {"speed-up", "makespan", "What bounds", "What to try", "energy"}) {
    const std::size_t at = text.find(part);
    EXPECT_TRUE(at != std::string::npos && at > last) << part << " in\n" << text;
    last = at;
  }
}

// By hand: A and B are busy for 8 ns at the same time, C for 8 ns after both, D for less. The path
// is A (10 ns), C (10 ns), 20 ns of data under way.
Result tied() {
  Result result = result_of(4);
  for (OperatorResult& op : result.operators) {
    op.times.longest_server_ps = 8'000;
    op.copies = 2;
    op.units_per_copy = 3;
  }
  result.operators[1].times.start_ps = 0;
  result.operators[3].times.longest_server_ps = 7'000;
  result.critical_path.erase(result.critical_path.begin() + 3);
  result.critical_path.erase(result.critical_path.begin() + 1);
  return result;
}

TEST(TerminalSummary, ShowsWhatTiesAsOneRow) {
  Result result = tied();
  EXPECT_TRUE(
      says(report(result),
           "  operator                share             copies  units      start        end\n"
           "  data movement           #####      50.0 %                  20.00 ns\n"
           "  2 layers tie            ###        25.0 %      2     12       0 ps   20.00 ns\n"
           "    A, B: busy for 8.000 ns each\n"
           "  C                       ###        25.0 %      2      6   20.00 ns   30.00 ns\n"
           "  D                                   0.0 %      2      6   30.00 ns   40.00 ns\n"))
      << report(result);
  EXPECT_TRUE(says(report(result), "What to try\n  finer jobs or wider links")) << report(result);
}

// Of the 20 ns that no layer takes, the analyzer may have added any.
TEST(TerminalSummary, CallsWaitingByItsNameWhereAnAnalyzerMayAddIt) {
  Result result = tied();
  result.exactness = Exactness::conservative;
  const std::string text = report(result);
  EXPECT_TRUE(says(text,
                   "  waiting or data         #####      50.0 %                  20.00 ns\n"
                   "    waiting that the analyzer adds, or data under way\n"))
      << text;
  EXPECT_TRUE(says(text, "What to try\n  an exact analyzer, finer jobs")) << text;
  EXPECT_FALSE(says(text, "data movement")) << text;
}

TEST(TerminalSummary, SaysWhatLayersThatTieNeedTogether) {
  Result result = tied();
  result.metrics.set("latency_ps", std::int64_t{20'000});
  EXPECT_TRUE(says(report(result), "  one copy more of each of the 2 that tie: 6 units together"))
      << report(result);
  for (OperatorResult& op : result.operators) {
    op.copies = 1;  // nobody makes copies here
  }
  EXPECT_FALSE(says(report(result), "What to try")) << report(result);
  result.operators[0].account.emplace();
  result.operators[0].account->bound_by = "compute";
  EXPECT_FALSE(says(report(result), "What to try")) << report(result);
  result.operators[1].account.emplace();
  result.operators[1].account->bound_by = "DRAM read";
  EXPECT_TRUE(says(report(result), "  more bandwidth of DRAM read, or a mapping"))
      << report(result);
}

TEST(TerminalSummary, NamesWhoIsJustAsLate) {
  Result result = result_of(4);
  EXPECT_FALSE(says(report(result), "just as long"));
  result.critical_path[2].ties = {operator_id(0), operator_id(3)};
  EXPECT_TRUE(says(report(result), "  C waits for B, and just as long for A and 1 more\n"))
      << report(result);
}

}  // namespace
}  // namespace imbrex
