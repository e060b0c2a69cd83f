// Tables of records made by hand: chips s and l, cuts greedy and best, batches 1 and 4.
#include "experiment/tables.hpp"

#include "experiment/render.hpp"

#include <algorithm>
#include <array>
#include <random>

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

TEST(Tables, MultiplyInvertAndScale) {
  Fixture fixture;
  TableSpec spec;
  spec.values = {latency(), latency()};
  spec.values[0].times = "energy_pj";  // 400 * 50, 100 * 12.5
  spec.values[1].inverse = true;
  spec.values[1].scale = 1000;
  spec.text = "{} / {}";
  spec.rows = {0, 1};
  spec.column = 2;
  EXPECT_EQ(metric_table(fixture.plan, fixture.records, spec).rows[1],
            (Row{"s", "4", "20000 / 2.5", "1250 / 10"}));
  spec.values[0].times = "heat_pj";
  EXPECT_EQ(metric_table(fixture.plan, fixture.records, spec).rows[1], (Row{"s", "4", "-", "-"}));
  EXPECT_FALSE(missing_metrics(fixture.plan, fixture.records).size());
  fixture.plan.experiment.tables = {spec};
  EXPECT_EQ(missing_metrics(fixture.plan, fixture.records).size(), 1U);
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

// Factors: batch 1 -> 4 and cut greedy -> best; on chip s 100, 50, 400, 100, on chip l 80, 80, 320,
// 160. Geometric means over the two chips.
TEST(Tables, TellWhatEachFactorContributes) {
  Fixture fixture;
  const Table table = contribution_table(fixture.plan, fixture.records, {"", "latency_ps", {1, 2}});
  EXPECT_EQ(table.rows[0], (Row{"batch", "0.25x", "0.5x"}));   // 100/400, 80/320; 50/100, 80/160
  EXPECT_EQ(table.rows[1], (Row{"cut", "1.414x", "2.828x"}));  // 2, 1; 4, 2
  EXPECT_EQ(table.rows[2], (Row{"all", "0.7071x", ""}));       // 100/100, 80/160
  fixture.records[7]->quantities.clear();
  const Table torn = contribution_table(fixture.plan, fixture.records, {"", "latency_ps", {1, 2}});
  EXPECT_EQ(torn.rows[1], (Row{"cut", "1.414x", "-"})) << "a mean of fewer chips would be another";
}

// Against the definition, on random points with many ties; point 3 has no numbers.
class RandomFront {
 public:
  explicit RandomFront(std::mt19937& random) {
    for (auto& record : fixture_.records) {
      record->quantities = {{"latency_ps", static_cast<double>(random() % 4)},
                            {"throughput_per_s", static_cast<double>(random() % 4)},
                            {"energy_pj", static_cast<double>(random() % 3)}};
    }
    fixture_.records[3]->quantities.clear();
  }

  std::vector<Row> found() const {
    return front_table(fixture_.plan, fixture_.records,
                       {"", {"latency_ps", "throughput_per_s", "energy_pj"}})
        .rows;
  }
  std::vector<Row> expected() const {
    std::vector<Row> rows;
    for (std::size_t i = 0; i < 8; ++i) {
      bool beaten = i == 3;
      for (std::size_t j = 0; j < 8; ++j) {
        beaten = beaten || (j != 3 && beats(costs(j), costs(i)));
      }
      if (!beaten) {
        rows.push_back(row(i));
      }
    }
    return rows;
  }

 private:
  using Costs = std::array<double, 3>;

  double value(std::size_t point, const char* name) const {
    return std::get<double>(*fixture_.records[point]->find(name));
  }
  Costs costs(std::size_t point) const {
    return {value(point, "latency_ps"), -value(point, "throughput_per_s"),
            value(point, "energy_pj")};
  }
  static bool beats(const Costs& one, const Costs& other) {
    return one[0] <= other[0] && one[1] <= other[1] && one[2] <= other[2] && one != other;
  }
  Row row(std::size_t point) const {
    Row out;
    const auto& levels = fixture_.plan.points[point].point.levels;
    for (std::size_t axis = 0; axis < levels.size(); ++axis) {
      out.push_back(fixture_.plan.experiment.axes[axis].levels[levels[axis]].label);
    }
    for (const char* const name : {"latency_ps", "throughput_per_s", "energy_pj"}) {
      out.push_back(number_text(value(point, name), 6));
    }
    return out;
  }

  Fixture fixture_;
};

TEST(Tables, FrontsHoldWhatNobodyBeats) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    const RandomFront front(random);
    std::vector<Row> rows = front.found();
    std::vector<Row> expected = front.expected();
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

}  // namespace
}  // namespace imbrex::experiment
