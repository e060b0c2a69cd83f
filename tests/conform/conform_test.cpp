// Libraries that break one rule each: exactly the check of that rule goes red. What the honest ones
// beside them do is right, so that a check which is red for everybody is found as well.
#include "session.hpp"

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::conform {
namespace {

// A check that did not pass, as "component: check status".
std::string line_of(const std::string& component, std::string_view check, Status status) {
  // A sanitizer ends a program that would only have failed.
  const std::string_view word = kSanitized && is_red(status) ? "failed" : name_of(status);
  return (component.empty() ? "library" : component) + ": " + std::string(check) + " " +
         std::string(word);
}

std::string red(const std::string& line, const std::string& status) {
  return line + (kSanitized ? " failed" : " " + status);
}

using Lines = std::set<std::string>;

// Of a library in a folder, by the name of its file.
LibraryReport report_of(const std::string& file, int seconds = 20) {
  SessionOptions options;
  options.libraries = {file + ".imbrex.so"};
  options.jobs = 2;
  options.limits.seconds = kSanitized ? 20 * seconds : seconds;
  return run_session(options).front();
}

Lines wrong_in(const LibraryReport& report) {
  Lines lines;
  for (const Entry& entry : report.entries) {
    const Status status = entry.outcome.finding.status;
    if (is_red(status) || status == Status::warned) {
      lines.insert(line_of(entry.component, entry.check->id, status));
    }
  }
  return lines;
}

Lines wrong_in(const std::string& name, int seconds = 20) {
  return wrong_in(report_of(std::string(IMBREX_BROKEN_DIR) + "/broken-" + name, seconds));
}

Lines wrong_in_fixture(const std::string& name) {
  return wrong_in(report_of(std::string(IMBREX_FIXTURE_DIR) + "/fixture-" + name));
}

TEST(Conform, TakesAHonestLibrary) {
  const LibraryReport report = report_of(std::string(IMBREX_BROKEN_DIR) + "/broken-none");
  EXPECT_EQ(wrong_in(report), Lines{});
  EXPECT_GT(report.entries.size(), 20u);
}

TEST(Conform, NamesWhatOpeningALibraryDoes) {
  EXPECT_EQ(wrong_in("writes"), Lines{"library: library/opens-silently failed"});
  EXPECT_EQ(wrong_in("crashes"), Lines{red("library: library/opens", "crashed")});
  EXPECT_EQ(wrong_in("handles-signals"), Lines{"library: library/leaves-the-process-alone failed"});
  EXPECT_EQ(wrong_in("sets-variables"), Lines{"library: library/leaves-the-process-alone failed"});
  EXPECT_EQ(wrong_in("descriptor"), Lines{"library: library/descriptor-is-constant failed"});
  EXPECT_EQ(wrong_in("run-path"), Lines{"library: library/names-no-folders warned"});
}

TEST(Conform, NamesWhatALibrarySaysOfItself) {
  EXPECT_EQ(wrong_in("version"), Lines{"library: metadata/version-is-semantic failed"});
  EXPECT_EQ(wrong_in("licence"), Lines{"library: metadata/licence-is-named failed"});
  EXPECT_EQ(wrong_in("licence-to-come"), Lines{"library: metadata/licence-is-named warned"});
  EXPECT_EQ(wrong_in("summary"), Lines{"library: metadata/summaries-are-lines failed"});
}

// The libraries that the loader's own tests refuse, and what only the kit sees.
TEST(Conform, NamesWhatIsWrongWithABuild) {
  for (const char* const name : {"wrong-epoch", "wrong-tag", "no-entry", "missing-symbol"}) {
    EXPECT_EQ(wrong_in_fixture(name), Lines{"library: library/opens failed"}) << name;
  }
#if defined(__OPTIMIZE__) && !defined(__clang__)  // whose linker knows no -Ofast
  EXPECT_TRUE(
      wrong_in_fixture("fast-math").contains("library: library/leaves-the-process-alone failed"));
#endif
  EXPECT_TRUE(
      wrong_in_fixture("exports-more").contains("library: library/exports-its-entry-alone failed"));
}

TEST(Conform, NamesWhatReportersDo) {
  const std::string of = "broken.report.";
  Lines wrong = wrong_in("reporters", 3);
  if (kSanitized) {  // it says itself what leaks, at the end of a program
    wrong.insert({of + "leaks: lifecycle/leaks-nothing failed",
                  of + "leaks-when-refusing: lifecycle/refusing-leaks-nothing failed"});
    // Without a limit of memory a sanitizer ends who wants too much at once.
    wrong.erase(of + "allocates: lifecycle/refusing-leaks-nothing failed");
  }
  EXPECT_EQ(wrong, (Lines{of + "traits: metadata/traits-fit-the-kind failed",
                          of + "facts: metadata/facts-fit-the-kind failed",
                          of + "forgets: parameters/values-are-kept failed",
                          of + "fails: parameters/defaults-construct failed",
                          of + "allocates: parameters/ends-of-ranges-are-answered failed",
                          of + "leaks: lifecycle/leaks-nothing failed",
                          of + "leaks-when-refusing: lifecycle/refusing-leaks-nothing failed",
                          of + "prints: lifecycle/writes-nothing failed",
                          of + "sets-locale: lifecycle/leaves-the-process-alone failed",
                          of + "counts: determinism/same-seed-same-answers failed",
                          of + "remembers: determinism/instances-do-not-meet failed",
                          of + "throws-on-recurrences: errors/odd-networks-are-answered failed",
                          red(of + "exits: errors/ordinary-networks-are-answered", "crashed"),
                          red(of + "loops: errors/ordinary-networks-are-answered", "timed out"),
                          red(of + "crashes: errors/ordinary-networks-are-answered", "crashed"),
                          of + "says-nothing: report/says-something failed",
                          of + "writes-aside: report/writes-through-the-folder failed",
                          of + "needs-jobs: report/odd-results-are-reported failed",
                          of + "divides: report/odd-results-are-reported failed"}));
}

TEST(Conform, NamesWhatCostModelsDo) {
  const std::string of = "broken.cost.";
  Lines wrong = wrong_in("costs");
  EXPECT_EQ(wrong.erase(of + "allocates: performance/evaluate-allocates-nothing warned"),
            kSanitized ? 0u : 1u);
  std::erase_if(wrong, [](const std::string& line) {
    return line.ends_with("performance/batches-pay warned");  // the machine's doing
  });
  EXPECT_EQ(wrong, (Lines{of + "demand: cost/demands-are-pure failed",
                          of + "negative-delay: cost/values-are-in-range failed",
                          of + "nan-energy: cost/values-are-in-range failed",
                          of + "unwritten: cost/values-are-in-range failed",
                          of + "canonical: mapping/canonical-is-legal failed",
                          of + "uncovered: cost/feasible-has-a-usable-clock failed",
                          of + "latency: cost/evaluate-is-the-longest-server failed",
                          of + "bound: cost/lower-bound-is-admissible failed",
                          of + "batch: cost/batches-equal-singles failed",
                          of + "transfer: cost/transfers-are-bounded failed",
                          of + "shortfall: cost/shortfalls-explain failed",
                          of + "energy: cost/energy-is-declared failed",
                          of + "undeclared-copies: cost/copies-are-declared failed",
                          of + "space: mapping/spaces-are-legal failed",
                          of + "undeclared-space: mapping/spaces-are-declared failed",
                          of + "declared-space: mapping/spaces-are-declared failed",
                          of + "segments: cost/segment-estimates-are-pure failed",
                          of + "huge: errors/huge-networks-are-answered failed"}));
}

TEST(Conform, NamesWhatPartitionersAndSearchesDo) {
  Lines wrong = wrong_in("deciders");
  // Under sanitizers an answer may take longer than this one does.
  if (kSanitized &&
      wrong.erase("broken.partition.ignores-cancel: errors/cancellation-is-answered warned") > 0) {
    wrong.insert("broken.partition.ignores-cancel: errors/cancellation-is-answered failed");
  }
  EXPECT_EQ(wrong,
            (Lines{"broken.partition.off-the-chip: decision/designs-are-admitted failed",
                   "broken.partition.overfills: decision/designs-are-admitted failed",
                   "broken.partition.maps: decision/changes-only-its-own failed",
                   "broken.partition.undeclared-fact: decision/facts-are-declared failed",
                   "broken.partition.counts-threads: determinism/any-number-of-threads failed",
                   "broken.partition.ignores-cancel: errors/cancellation-is-answered failed",
                   "broken.search.moves-layers: decision/changes-only-its-own failed",
                   "broken.search.worsens: decision/search-never-worsens failed"}));
}

TEST(Conform, NamesWhatAnalyzersDo) {
  const std::string of = "broken.overlap.";
  EXPECT_EQ(wrong_in("analyzers"),
            (Lines{of + "late: overlap/timelines-pass-the-audit failed",
                   of + "unwritten: overlap/timelines-pass-the-audit failed",
                   of + "fact: overlap/facts-are-declared failed",
                   of + "batch: overlap/batches-equal-singles failed",
                   of + "detail: overlap/detail-changes-nothing failed",
                   of + "delays: overlap/exact-means-exact failed",
                   of + "no-timeline: metadata/traits-fit-the-kind failed"}));
}

TEST(Conform, NamesWhatArchitecturesAndReadersDo) {
  EXPECT_EQ(
      wrong_in("inputs"),
      (Lines{"broken.architecture.negative: architecture/values-are-amounts failed",
             "broken.architecture.monotone: architecture/fits-is-monotone failed",
             "broken.architecture.resources: architecture/has-units-and-resources failed",
             "broken.architecture.undeclared: architecture/units-are-declared failed",
             red("broken.workload.trusts-files: workload/spoilt-files-are-refused", "crashed"),
             "broken.workload.reads-nothing: errors/ordinary-networks-are-answered warned",
             "broken.workload.reads-nothing: workload/reads-its-file failed"}));
}

}  // namespace
}  // namespace imbrex::conform
