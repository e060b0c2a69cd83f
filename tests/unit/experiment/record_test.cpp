#include "experiment/point_record.hpp"

#include <gtest/gtest.h>

namespace imbrex::experiment {
namespace {

PointRecord record(double latency) {
  PointRecord out;
  out.state = PointState::done;
  out.quantities = {{"latency_ps", static_cast<std::int64_t>(latency)},
                    {"energy_pj", latency / 8},
                    {"exactness", std::string("exact")}};
  return out;
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
