// Traces as a reader has them, and results to make traces of.
#pragma once

#include <imbrex/values/result.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex::trace {

using Json = nlohmann::json;

inline std::int64_t picoseconds(const Json& time_us) {
  return std::llround(time_us.get<double>() * 1e6);
}

struct Slice {
  std::int64_t start_ps = 0;
  std::int64_t end_ps = 0;
  std::string name;
  std::string category;
  std::int64_t step = -1;
};
using LaneKey = std::pair<std::int64_t, std::int64_t>;

// A trace as a reader has it: events of a lane by time, those of one time as in the file.
class Reading {
 public:
  explicit Reading(const std::string& text) : file_(Json::parse(text)) {
    for (const Json& event : file_["traceEvents"]) {
      const LaneKey lane{event["pid"], event["tid"]};
      const std::string phase = event["ph"];
      if (phase == "B" || phase == "E") {
        by_lane_[lane].push_back(event);
      } else if (phase == "i") {
        instants_[lane].push_back(slice(event, event));
      } else if (phase == "M" && event["name"] == "thread_name") {
        EXPECT_TRUE(names_.emplace(lane, event["args"]["name"]).second) << "named twice";
      } else {
        others_[phase].push_back(event);
      }
    }
    for (auto& [lane, events] : by_lane_) {
      pair_up(lane, events);
    }
    for (auto& [lane, instants] : instants_) {
      auto& all = lanes_[lane];
      all.insert(all.end(), instants.begin(), instants.end());
      std::sort(all.begin(), all.end(), [](const Slice& a, const Slice& b) {
        return std::pair(a.start_ps, a.end_ps) < std::pair(b.start_ps, b.end_ps);
      });
    }
  }

  const std::map<LaneKey, std::vector<Slice>>& lanes() const { return lanes_; }
  const std::string& name(const LaneKey& lane) const { return names_.at(lane); }
  const std::vector<Json>& events(const std::string& phase) { return others_[phase]; }
  const Json& about() const { return file_["otherData"]; }
  bool begins(const LaneKey& lane, const Json& time_us) const {
    const auto& slices = lanes_.at(lane);
    return std::any_of(slices.begin(), slices.end(), [&](const Slice& slice) {
      return slice.start_ps == picoseconds(time_us) && slice.end_ps > slice.start_ps;
    });
  }

 private:
  static Slice slice(const Json& begin, const Json& end) {
    return {picoseconds(begin["ts"]), picoseconds(end["ts"]), begin["name"], begin["cat"],
            begin["args"].value("step", std::int64_t{-1})};
  }
  void pair_up(const LaneKey& lane, std::vector<Json>& events) {
    std::stable_sort(events.begin(), events.end(), [](const Json& a, const Json& b) {
      return a["ts"].get<double>() < b["ts"].get<double>();
    });
    ASSERT_EQ(events.size() % 2, 0U);
    for (std::size_t i = 0; i < events.size(); i += 2) {
      const Json& begin = events[i];
      const Json& end = events[i + 1];
      ASSERT_EQ(begin["ph"], "B") << "slices overlap on a lane: " << begin;
      ASSERT_EQ(end["ph"], "E") << "slices overlap on a lane: " << end;
      ASSERT_EQ(begin["name"], end["name"]);
      ASSERT_EQ(begin["args"], end["args"]) << "speedscope pairs by them";
      lanes_[lane].push_back(slice(begin, end));
    }
  }

  Json file_;
  std::map<LaneKey, std::vector<Json>> by_lane_;
  std::map<LaneKey, std::vector<Slice>> lanes_;
  std::map<LaneKey, std::vector<Slice>> instants_;
  std::map<LaneKey, std::string> names_;
  std::map<std::string, std::vector<Json>> others_;
};

inline OperatorResult operator_result(std::size_t number, const std::string& name) {
  OperatorResult op;
  op.id = operator_id(number);
  op.name = name;
  op.kind = "conv";
  op.units_per_copy = 2;
  op.copies = 3;
  op.times = {op.id, 0, 0, 0, 0, 3, 0};
  return op;
}

// Operators with three servers each, whose jobs come one by one and in runs. They follow one
// another, or start anywhere. Times are such that doubles do not hold them: tenths of a
// microsecond.
inline Result random_result(std::mt19937& random, bool may_overlap) {
  const auto below = [&](std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(0, most - 1)(random);
  };
  constexpr std::int64_t kTick = 100'000;
  Result result;
  for (std::size_t i = 0; i < 3; ++i) {
    OperatorResult op = operator_result(i, "layer" + std::to_string(i));
    for (std::int32_t server = 0; server < 3; ++server) {
      std::int64_t now = below(10) * kTick;
      for (std::int64_t step = 0, steps = below(12); step < steps; ++step) {
        const std::int64_t start = may_overlap ? (8 + below(20)) * kTick : now + below(2) * kTick;
        const std::int64_t duration = below(4) * kTick;
        JobRun run;
        run.first = {op.id, server, step, start, start + duration, static_cast<Wait>(below(32))};
        run.count = 1 + (below(3) == 0 ? below(4) : 0);
        run.period_ps = may_overlap ? (below(5) - 2) * kTick : below(3) * kTick + duration;
        result.jobs.add(run);
        step += run.count - 1;
        now = run[run.count - 1].end_ps;
        op.times.end_ps = std::max({op.times.end_ps, now, run.first.end_ps});
      }
    }
    result.operators.push_back(op);
  }
  for (std::size_t i = 0; i < 3; ++i) {
    result.edges.push_back({operator_id(i), operator_id((i + 1) % 3), 0, 0});
  }
  return result;
}

// Two servers of 'first' work 0 to 1 and 1 to 2 us; 'second' waits for both.
inline Result by_hand() {
  Result result;
  result.name = "hand";
  result.metrics.set("units_total", std::int64_t{10});
  result.operators = {operator_result(0, "first"), operator_result(1, "second")};
  result.operators[0].copies = 2;
  result.operators[0].times = {operator_id(0), 0, 2'000'000, 2'000'000, 1'000'000, 2, 2};
  result.operators[1].copies = 1;
  result.operators[1].times = {operator_id(1), 2'000'000, 4'000'000, 2'000'000, 2'000'000, 1, 1};
  result.jobs.add(TimedJob{operator_id(0), 0, 0, 0, 1'000'000});
  result.jobs.add(TimedJob{operator_id(0), 1, 0, 1'000'000, 2'000'000});
  result.jobs.add(TimedJob{operator_id(1), 0, 0, 2'000'000, 4'000'000, Wait::source});
  result.edges = {{operator_id(0), operator_id(1), 64, 64}};
  return result;
}

}  // namespace imbrex::trace
