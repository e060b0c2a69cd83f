// Tables of records made by hand: chips s and l, cuts greedy and best, batches 1 and 4.
#include "experiment/tables.hpp"

#include "experiment/render.hpp"

#include <algorithm>
#include <cstdint>

#include <gtest/gtest.h>

namespace imbrex::experiment {
namespace {

Axis axis(const std::string& name, const std::vector<std::string>& values) {
  Axis out{name, {}};
  for (const std::string& value : values) {
    out.levels.push_back({value, {}, {}, {}});
  }
  return out;
}

PointRecord record(double latency) {
  PointRecord out;
  out.state = PointState::done;
  out.quantities = {{"latency_ps", static_cast<std::int64_t>(latency)},
                    {"energy_pj", latency / 8},
                    {"stage.1.candidates", std::int64_t{7}},
                    {"exactness", std::string("exact")}};
  return out;
}

struct Fixture {
  ExperimentPlan plan;
  Records records;

  Fixture() {
    plan.experiment.name = "x";
    plan.experiment.axes = {axis("chip", {"s", "l"}), axis("batch", {"1", "4"}),
                            axis("cut", {"greedy", "best"})};
    const double latencies[] = {100, 50, 400, 100, 80, 80, 320, 160};
    for (const Point& point : points_of(plan.experiment)) {
      plan.points.push_back({point, records.size()});
      records.emplace_back(record(latencies[records.size()]));
      plan.sha256.push_back("digest" + std::to_string(records.size()));
    }
  }
};

using Row = std::vector<std::string>;

ValueSpec latency() {
  ValueSpec spec;
  spec.metric = "latency_ps";
  return spec;
}

TEST(Tables, ArrangeOneMetricByAxes) {
  Fixture fixture;
  TableSpec spec;
  spec.values = {latency()};
  spec.text = "{}";
  spec.rows = {0, 1};
  spec.column = 2;
  const Table table = metric_table(fixture.plan, fixture.records, spec);
  EXPECT_EQ(table.header, (Row{"chip", "batch", "greedy", "best"}));
  ASSERT_EQ(table.rows.size(), 4U);
  EXPECT_EQ(table.rows[0], (Row{"s", "1", "100", "50"}));
  EXPECT_EQ(table.rows[3], (Row{"l", "4", "320", "160"}));
}

TEST(Tables, AggregateWhatIsLeft) {
  Fixture fixture;
  TableSpec spec;
  spec.values = {latency()};
  spec.text = "{}";
  spec.rows = {0};
  spec.column = 2;
  const auto first_row = [&](Aggregate aggregate) {
    spec.aggregate = aggregate;
    return metric_table(fixture.plan, fixture.records, spec).rows[0];
  };
  EXPECT_EQ(first_row(Aggregate::mean), (Row{"s", "250", "75"}));
  EXPECT_EQ(first_row(Aggregate::geometric_mean), (Row{"s", "200", "70.71"}));
  EXPECT_EQ(first_row(Aggregate::median), (Row{"s", "250", "75"}));
  EXPECT_EQ(first_row(Aggregate::minimum), (Row{"s", "100", "50"}));
  EXPECT_EQ(first_row(Aggregate::maximum), (Row{"s", "400", "100"}));
  EXPECT_EQ(first_row(Aggregate::spread), (Row{"s", "250 [100 .. 400]", "75 [50 .. 100]"}));
}

TEST(Tables, RelateEachPointToItsTwin) {
  Fixture fixture;
  TableSpec spec;
  spec.values = {latency()};
  spec.text = "{}";
  spec.rows = {0, 1};
  spec.column = 2;
  spec.relative = Selection{{{2, {0}}}};
  EXPECT_EQ(metric_table(fixture.plan, fixture.records, spec).rows[1],
            (Row{"s", "4", "1", "0.25"}));
  spec.values[0].inverse = true;
  EXPECT_EQ(metric_table(fixture.plan, fixture.records, spec).rows[1], (Row{"s", "4", "1", "4"}));
}

TEST(Tables, CellsHoldSeveralNumbersAndRowsAreSummedUp) {
  Fixture fixture;
  TableSpec spec;
  spec.values = {latency(), latency()};
  spec.values[0].inverse = true;
  spec.values[0].decimals = 2;
  spec.values[1].over = "energy_pj";  // latency / 8
  spec.values[1].scale = 100;
  spec.text = "{} ({})";
  spec.rows = {0, 1};
  spec.column = 2;
  spec.relative = Selection{{{2, {0}}}};
  spec.summary = Aggregate::geometric_mean;
  const Table table = metric_table(fixture.plan, fixture.records, spec);
  EXPECT_EQ(table.rows[0], (Row{"s", "1", "1.00 (100)", "2.00 (100)"}));
  EXPECT_EQ(table.rows[1], (Row{"s", "4", "1.00 (100)", "4.00 (100)"}));
  EXPECT_EQ(table.rows[3], (Row{"l", "4", "1.00 (100)", "2.00 (100)"}));
  // (2 * 4 * 1 * 2)^(1/4)
  EXPECT_EQ(table.rows[4], (Row{"geometric mean", "", "1.00 (100)", "2.00 (100)"}));
}

TEST(Tables, SayWhyACellIsEmpty) {
  Fixture fixture;
  fixture.records[1]->state = PointState::infeasible;
  fixture.records[1]->quantities.clear();
  fixture.records[3].reset();
  TableSpec spec;
  spec.values = {latency()};
  spec.text = "{}";
  spec.rows = {0, 1};
  spec.column = 2;
  const Table table = metric_table(fixture.plan, fixture.records, spec);
  EXPECT_EQ(table.rows[0], (Row{"s", "1", "100", "infeasible"}));
  EXPECT_EQ(table.rows[1], (Row{"s", "4", "400", "-"}));
  const Table points = points_table(fixture.plan, fixture.records);
  EXPECT_EQ(points.header, (Row{"chip", "batch", "cut", "state", "latency_ps", "energy_pj"}));
  EXPECT_EQ(points.rows[1], (Row{"s", "1", "best", "infeasible", "-", "-"}));
  EXPECT_EQ(points.rows[3], (Row{"s", "4", "best", "not run", "-", "-"}));
}

TEST(Tables, TellWhatEachFactorContributes) {
  Fixture fixture;  // factors: batch 1 -> 4 and cut greedy -> best, on chip s
  const Table table = contribution_table(fixture.plan, fixture.records, {"", "latency_ps", {1, 2}});
  EXPECT_EQ(table.rows[0], (Row{"batch", "0.25x", "0.5x"}));  // 100/400, 50/100
  EXPECT_EQ(table.rows[1], (Row{"cut", "2x", "4x"}));         // 100/50, 400/100
  EXPECT_EQ(table.rows[2], (Row{"all", "1x", ""}));           // 100/100
}

TEST(Tables, FrontsHoldWhatNobodyBeats) {
  // Against the definition, on random points with many ties.
  std::uint64_t state = 1;
  const auto random = [&](std::uint64_t below) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<double>((state >> 33) % below);
  };
  for (int round = 0; round < 200; ++round) {
    Fixture fixture;
    for (auto& one : fixture.records) {
      one->quantities = {
          {"latency_ps", random(4)}, {"throughput_per_s", random(4)}, {"energy_pj", random(3)}};
    }
    fixture.records[3]->quantities.clear();
    const FrontSpec spec{"", {"latency_ps", "throughput_per_s", "energy_pj"}};
    const auto value = [&](std::size_t point, const char* name) {
      return std::get<double>(*fixture.records[point]->find(name));
    };
    std::vector<Row> expected;
    for (std::size_t i = 0; i < 8; ++i) {
      bool beaten = i == 3;
      for (std::size_t j = 0; j < 8 && !beaten; ++j) {
        beaten = j != 3 && value(j, "latency_ps") <= value(i, "latency_ps") &&
                 value(j, "throughput_per_s") >= value(i, "throughput_per_s") &&
                 value(j, "energy_pj") <= value(i, "energy_pj") &&
                 (value(j, "latency_ps") < value(i, "latency_ps") ||
                  value(j, "throughput_per_s") > value(i, "throughput_per_s") ||
                  value(j, "energy_pj") < value(i, "energy_pj"));
      }
      if (!beaten) {
        const auto& levels = fixture.plan.points[i].point.levels;
        const auto& axes = fixture.plan.experiment.axes;
        expected.push_back({axes[0].levels[levels[0]].label, axes[1].levels[levels[1]].label,
                            axes[2].levels[levels[2]].label, number_text(value(i, "latency_ps"), 6),
                            number_text(value(i, "throughput_per_s"), 6),
                            number_text(value(i, "energy_pj"), 6)});
      }
    }
    std::vector<Row> rows = front_table(fixture.plan, fixture.records, spec).rows;
    EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end(), [](const Row& one, const Row& other) {
      return std::stod(one[3]) < std::stod(other[3]);
    }));
    std::sort(rows.begin(), rows.end());
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(rows, expected) << "round " << round;
  }
}

TEST(Tables, PrintForPeopleAndPrograms) {
  Fixture fixture;
  fixture.plan.experiment.tables.push_back(
      {"Latency", {latency()}, "{}", {0}, 2, {{{1, {0}}}}, std::nullopt});
  EXPECT_EQ(render(fixture.plan, fixture.records, Format::table),
            "Latency\n\nchip  greedy  best\ns        100    50\nl         80    80\n");
  EXPECT_EQ(render(fixture.plan, fixture.records, Format::markdown),
            "Latency\n\n| chip | greedy | best |\n|---|---:|---:|\n| s | 100 | 50 |\n"
            "| l | 80 | 80 |\n");
  const std::string csv = render(fixture.plan, fixture.records, Format::csv);
  EXPECT_EQ(csv.substr(0, csv.find("2,")),
            "point,chip,batch,cut,state,quantity,unit,value\n"
            "1,s,1,greedy,done,latency_ps,ps,100\n"
            "1,s,1,greedy,done,energy_pj,pJ,12.5\n"
            "1,s,1,greedy,done,stage.1.candidates,,7\n"
            "1,s,1,greedy,done,exactness,,exact\n");
}

TEST(Tables, NumbersReadWell) {
  EXPECT_EQ(number_text(1234567, 4), "1234567");
  EXPECT_EQ(number_text(0.5, 4), "0.5");
  EXPECT_EQ(number_text(123456789, 4), "1.235e+08");
  EXPECT_EQ(number_text(1.0 / 3, 4), "0.3333");
}

TEST(PointRecords, AreReadAsTheyWereWritten) {
  PointRecord written = record(1e15);
  written.plan_sha256 = "abc";
  written.imbrex_sha256 = "def";
  written.plugins = {{"imbrex.cost.crossbar", "123"}};
  written.plan = "imbrex = 1\nname = \"\\\"x\\\"\"\n";
  written.quantities.emplace_back("tenth", 0.1);
  const auto read = read_record(record_json(written));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->quantities, written.quantities);
  EXPECT_EQ(read->plan, written.plan);
  EXPECT_EQ(read->plugins, written.plugins);
  EXPECT_EQ(record_json(*read), record_json(written));
}

TEST(PointRecords, DamagedOnesAreNone) {
  const std::string whole = record_json(record(3));
  for (std::size_t length = 0; length + 2 < whole.size(); ++length) {
    EXPECT_FALSE(read_record(whole.substr(0, length)).has_value()) << length;
  }
  EXPECT_FALSE(read_record("[]").has_value());
  EXPECT_FALSE(read_record("{\"schema\": 99}").has_value());
}

}  // namespace
}  // namespace imbrex::experiment
