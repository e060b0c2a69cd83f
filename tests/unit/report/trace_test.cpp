// imbrex.report.trace: every job once, on lanes where nothing overlaps. Against slow twins on
// random lists of jobs, and by hand on a small schedule.
#include "temporary_folder.hpp"
#include "trace_model.hpp"
#include "trace_reading.hpp"
#include "trace_text.hpp"
#include "two_layers.hpp"

#include <cstdlib>
#include <fstream>
#include <set>
#include <tuple>

#include <gtest/gtest.h>
#include <sys/wait.h>

namespace imbrex::trace {
namespace {

using JobKey = std::tuple<std::string, std::string, std::int64_t, std::int64_t, std::int64_t>;

std::multiset<JobKey> jobs_of(const Result& result) {
  std::multiset<JobKey> jobs;
  for (const TimedJob job : result.jobs) {
    jobs.emplace(result.operators[index(job.id)].name, "server " + std::to_string(job.server),
                 job.step, job.start_ps, job.end_ps);
  }
  return jobs;
}

std::multiset<JobKey> jobs_of(const Reading& trace) {
  std::multiset<JobKey> jobs;
  for (const auto& [lane, slices] : trace.lanes()) {
    for (const Slice& slice : slices) {
      if (slice.category.rfind("job", 0) == 0) {
        const std::string server = trace.name(lane).substr(0, trace.name(lane).find(','));
        jobs.emplace(slice.name, server, slice.step, slice.start_ps, slice.end_ps);
      }
    }
  }
  return jobs;
}

// Most jobs of a server that are under way at one time.
std::size_t most_at_once(const Result& result, OperatorId op, std::int32_t server) {
  std::size_t most = 0;
  for (const TimedJob at : result.jobs) {
    std::size_t now = 0;
    for (const TimedJob other : result.jobs) {
      now += other.id == op && other.server == server && other.start_ps <= at.start_ps &&
             at.start_ps < other.end_ps;
    }
    most = std::max(most, now);
  }
  return most;
}

TEST(Trace, TimesAreDecimalsOfMicrosecondsAndNeverRounded) {
  EXPECT_EQ(microseconds(0), "0");
  EXPECT_EQ(microseconds(1), "0.000001");
  EXPECT_EQ(microseconds(1'500'000), "1.5");
  EXPECT_EQ(microseconds(30'000'000), "30");
  EXPECT_EQ(microseconds((std::int64_t{1} << 53) - 1), "9007199254.740991");
}

TEST(Trace, NamesAreJsonWhateverTheyHold) {
  std::string all;
  for (int c = 1; c < 128; ++c) {
    all += static_cast<char>(c);
  }
  EXPECT_EQ(Json::parse(json_string(all)), all);
  EXPECT_EQ(Json::parse(json_string("\xff\xc3(")), "\xEF\xBF\xBD\xEF\xBF\xBD(");
  Result result;
  result.name = "\"},{\\\n\xff";
  result.operators = {operator_result(0, "</script>\"\\\x01")};
  result.jobs.add(TimedJob{operator_id(0), 0, 0, 0, 5});
  const Reading trace(trace_json(result, {}));
  EXPECT_EQ(trace.lanes().begin()->second.front().name, result.operators[0].name);
}

TEST(Trace, HoldsAScheduleWhereItIs) {
  Reading trace(trace_json(by_hand(), {.counter_intervals = 2}));
  // Process 1 is the run; threads are numbered behind the processes.
  ASSERT_EQ(trace.lanes().size(), 3U);
  const auto expect = [&](const LaneKey& lane, const std::string& name, const Slice& slice) {
    EXPECT_EQ(trace.name(lane), name);
    ASSERT_EQ(trace.lanes().at(lane).size(), 1U);
    const Slice& found = trace.lanes().at(lane).front();
    EXPECT_EQ(std::tie(found.start_ps, found.end_ps, found.name, found.category),
              std::tie(slice.start_ps, slice.end_ps, slice.name, slice.category));
  };
  expect({2, 4}, "server 0", {0, 1'000'000, "first", "job"});
  expect({2, 5}, "server 1", {1'000'000, 2'000'000, "first", "job"});
  expect({3, 6}, "server 0", {2'000'000, 4'000'000, "second", "job,waited for source"});
  // The arrow leaves the producer's job that ended last.
  ASSERT_EQ(trace.events("s").size(), 1U);
  EXPECT_EQ(trace.events("s")[0]["tid"], 5);
  EXPECT_EQ(trace.events("f")[0]["tid"], 6);
  // Two units a server: 20 % of ten units all the time.
  const auto& counters = trace.events("C");
  ASSERT_EQ(counters.size(), 6U);
  EXPECT_EQ(counters[0]["args"]["mean"], 1.0);
  EXPECT_EQ(counters[1]["name"], "occupancy in %");
  EXPECT_EQ(counters[1]["args"]["mean"], 20.0);
  EXPECT_EQ(counters[2]["ts"], 2);
  EXPECT_EQ(counters[4]["ts"], 4);
  EXPECT_EQ(counters[4]["args"]["mean"], 0.0) << "nobody works behind the end";
}

TEST(Trace, EveryJobIsThereOnceAndLanesNeverOverlap) {
  std::mt19937 random(7);
  std::size_t jobs = 0;
  for (int round = 0; round < 400; ++round) {
    const bool may_overlap = round % 2 == 0;
    const Result result = random_result(random, may_overlap);
    jobs += result.jobs.size();
    const Reading trace(trace_json(result, {}));
    ASSERT_EQ(jobs_of(trace), jobs_of(result));
    std::map<std::pair<std::int64_t, std::string>, std::size_t> lanes_of;
    for (const auto& [lane, slices] : trace.lanes()) {
      ++lanes_of[{lane.first, trace.name(lane).substr(0, trace.name(lane).find(','))}];
      for (std::size_t i = 0; i + 1 < slices.size(); ++i) {
        ASSERT_LE(slices[i].end_ps, slices[i + 1].start_ps);
      }
    }
    for (const OperatorResult& op : result.operators) {
      for (std::int32_t server = 0; server < 3; ++server) {
        const std::pair key(2 + static_cast<std::int64_t>(index(op.id)),
                            "server " + std::to_string(server));
        const std::size_t most = most_at_once(result, op.id, server);
        // A job without duration inside another one takes at most one lane more.
        ASSERT_LE(lanes_of[key], may_overlap ? most + 1 : 1U);
      }
    }
  }
  EXPECT_GT(jobs, 10'000U);
}

TEST(Trace, RowsOfSegmentsHoldTheSameJobs) {
  Result result = by_hand();
  result.segments.resize(2);
  result.segments[0].times = {0, 0, 500'000, 2'000'000};
  result.segments[0].operators = {"first"};
  result.segments[1].times = {1, 1'000'000, 2'000'000, 4'000'000};  // its weights come meanwhile
  result.segments[1].operators = {"second"};
  const Reading trace(trace_json(result, {.rows = Rows::segments, .counter_intervals = 0}));
  std::map<std::string, LaneKey> lanes;
  for (const auto& [lane, slices] : trace.lanes()) {
    lanes[trace.name(lane)] = lane;
  }
  EXPECT_EQ(lanes.at("first, server 1").first, 2);
  EXPECT_EQ(lanes.at("second, server 0").first, 3);
  EXPECT_EQ(trace.lanes().at(lanes.at("segments")).size(), 3U);
  EXPECT_EQ(trace.lanes().at(lanes.at("segments, lane 2")).size(), 1U)
      << "weights of the second segment while the first one works";
}

TEST(Trace, OperatorsAreSlicesWhereThereAreTooManyJobs) {
  const Reading trace(trace_json(by_hand(), {.max_jobs = 2, .counter_intervals = 0}));
  ASSERT_EQ(trace.lanes().size(), 2U);
  EXPECT_EQ(trace.lanes().at({3, 5}).front().start_ps, 2'000'000);
  EXPECT_EQ(trace.lanes().at({3, 5}).front().category, "operator");
  EXPECT_EQ(trace.about()["slices"], "one per operator, for there are more jobs than max_jobs");
}

// Keeps the one file that is written.
struct OneFile final : OutputFolder {
  void write(std::string_view name, std::string_view content) override {
    files.emplace(name, content);
  }
  void show(std::string_view) override {}
  int terminal_columns() const noexcept override { return 0; }
  std::map<std::string, std::string> files;
};

class TraceOfARun : public report_test::TwoLayers {};

TEST_F(TraceOfARun, IsWrittenByTheReporterWithItsCriticalPath) {
  const auto reporter = plugin::make_instance<Reporter>(
      test::configure("imbrex.report.trace", {{"file", std::string("t.json")}}), Context{});
  OneFile folder;
  reporter->report(outcome().result, folder);
  Reading trace(folder.files.at("t.json"));
  EXPECT_EQ(jobs_of(trace), jobs_of(outcome().result));
  std::size_t pieces = 0;
  for (const auto& [lane, slices] : trace.lanes()) {
    if (trace.name(lane) == "critical path") {
      pieces += slices.size();
      EXPECT_EQ(slices.back().end_ps,
                std::get<std::int64_t>(*outcome().result.metrics.find("latency_ps")));
    }
  }
  EXPECT_EQ(pieces, outcome().result.critical_path.size());
  EXPECT_GT(pieces, 0U);
  std::size_t along = 0;
  for (const Json& event : trace.events("s")) {
    along += event["cat"] == "critical path";
  }
  EXPECT_EQ(along, pieces - 1) << "every piece leads to the next one";
}

// 77: not opened, for want of Chromium or speedscope.
int open_in_speedscope(const std::string& trace, const std::string& texts) {
  const test::TemporaryFolder folder;
  const std::string file = std::string(folder.path()) + "/trace.json";
  std::ofstream(file) << trace;
  const std::string command = IMBREX_SOURCE_DIR "/tests/browser/speedscope.sh '" + file +
                              "' '" IMBREX_BINARY_DIR "/speedscope' " + texts;
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// speedscope leaves out instants, and lanes with nothing else.
std::size_t rows_of_slices(const std::string& trace) {
  const Reading reading(trace);
  return static_cast<std::size_t>(
      std::count_if(reading.lanes().begin(), reading.lanes().end(), [](const auto& lane) {
        return std::any_of(lane.second.begin(), lane.second.end(),
                           [](const Slice& slice) { return slice.start_ps < slice.end_ps; });
      }));
}

TEST_F(TraceOfARun, OpensInSpeedscope) {
  const Result& result = outcome().result;
  const std::string trace = trace_json(result, {});
  const std::size_t lanes = rows_of_slices(trace);
  // Of how many rows it shows the first, the critical path, and what lies there.
  const int code = open_in_speedscope(
      trace, "'(1/" + std::to_string(lanes) + ")' 'critical path' '" + result.operators[0].name +
                 " {\"piece\":0' '" + result.operators[1].name + " (pid 3), server 0'");
  if (code == 77) {
    GTEST_SKIP() << "there is no Chromium or no speedscope here: the trace was not opened";
  }
  EXPECT_EQ(code, 0);
}

// Jobs without duration, back to back and side by side: speedscope finds the end of every slice.
TEST(Trace, OfAnyTimesIsReadBySpeedscopeWithoutComplaint) {
  std::mt19937 random(23);
  Result result = random_result(random, true);
  Result sequences = random_result(random, false);
  for (const JobRun& run : sequences.jobs.runs()) {
    JobRun moved = run;
    moved.first.id = operator_id(index(run.first.id) + 3);
    result.jobs.add(moved);
  }
  for (std::size_t i = 3; i < 6; ++i) {
    result.operators.push_back(operator_result(i, "layer" + std::to_string(i)));
  }
  const std::string trace = trace_json(result, {});
  const std::size_t lanes = rows_of_slices(trace);
  const int code =
      open_in_speedscope(trace, "'(1/" + std::to_string(lanes) + ")' 'layer5 (pid 7)'");
  if (code == 77) {
    GTEST_SKIP() << "there is no Chromium or no speedscope here: the trace was not opened";
  }
  EXPECT_EQ(code, 0);
}

}  // namespace
}  // namespace imbrex::trace
