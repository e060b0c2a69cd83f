#include "experiment/comparison.hpp"

#include "temporary_folder.hpp"

#include <imbrex/plugin/error.hpp>

#include <gtest/gtest.h>

namespace imbrex::experiment {
namespace {

using Row = std::vector<std::string>;

Comparand side(const std::string& label, double latency_ps, double rate, const std::string& rows) {
  Comparand out;
  out.label = label;
  out.quantities = {{"latency_ps", latency_ps},
                    {"throughput_per_s", rate},
                    {"macs", 7},
                    {"stage.1.candidates", rate}};
  out.operators = {{"conv1", latency_ps / 2}, {"conv2", 10}};
  out.settings = settings_of("seed = 1\n[[stage]]\nuse = \"x\"\nrows = " + rows +
                                 "\n[plugins]\npaths = [\"" + label + "\"]\n",
                             label);
  return out;
}

TEST(Comparison, SaysWhichWayIsBetter) {
  const std::vector<Comparand> sides = {side("a", 100, 4, "1"), side("b", 90, 3, "2")};
  const Table changed = compare_quantities(sides, true);
  EXPECT_EQ(changed.header, (Row{"quantity", "a", "b", "change"}));
  ASSERT_EQ(changed.rows.size(), 3U);
  EXPECT_EQ(changed.rows[0], (Row{"latency_ps", "100", "90", "-10.00% better"}));
  EXPECT_EQ(changed.rows[1], (Row{"throughput_per_s", "4", "3", "-25.00% worse"}));
  EXPECT_EQ(changed.rows[2], (Row{"stage.1.candidates", "4", "3", "-25.00%"}));
  const Table all = compare_quantities(sides, false);
  ASSERT_EQ(all.rows.size(), 4U);
  EXPECT_EQ(all.rows[2], (Row{"macs", "7", "7", "="}));
}

TEST(Comparison, TellsSettingsThatDiffer) {
  const Table table = compare_settings({side("a", 1, 1, "1"), side("b", 1, 1, "2")});
  ASSERT_EQ(table.rows.size(), 1U);
  EXPECT_EQ(table.rows[0], (Row{"stage.1.rows", "1", "2"}));
}

TEST(Comparison, PutsTheOperatorThatChangesMostFirst) {
  std::vector<Comparand> sides = {side("a", 100, 1, "1"), side("b", 90, 1, "1")};
  sides[1].operators[1].duration_ps = 40;
  const Table table = compare_operators(sides, 10);
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0], (Row{"conv2", "10", "40", "+300.00% worse"}));
  EXPECT_EQ(table.rows[1], (Row{"conv1", "50", "45", "-10.00% better"}));
  EXPECT_EQ(compare_operators(sides, 1).rows.size(), 1U);
}

TEST(Comparison, LimitsBreakInTheirDirectionAlone) {
  const std::vector<Comparand> sides = {side("a", 100, 4, "1"), side("b", 102, 4.1, "1")};
  const auto breaks = [&](const char* text) { return !broken_by(read_limit(text), sides).empty(); };
  EXPECT_TRUE(breaks("latency>+1%"));
  EXPECT_TRUE(breaks("latency_ps>1.9"));
  EXPECT_FALSE(breaks("latency>+2%"));
  EXPECT_FALSE(breaks("latency<-1%"));
  EXPECT_FALSE(breaks("throughput<-1%"));
  EXPECT_TRUE(breaks("throughput_per_s>2%"));
  EXPECT_TRUE(breaks("throughput_per_s<3%"));
  EXPECT_EQ(broken_by(read_limit("latency>+1%"), sides).front(),
            "latency>+1%: latency_ps is 100 in a and 102 in b (+2.00%)");
  EXPECT_THROW(broken_by(read_limit("latncy>1"), sides), InputError);
}

TEST(Comparison, WhatIsMissingBreaksALimit) {
  std::vector<Comparand> sides = {side("a", 100, 4, "1"), side("b", 100, 4, "1")};
  sides[1].quantities.erase(sides[1].quantities.begin());
  EXPECT_EQ(broken_by(read_limit("latency_ps>1"), sides).size(), 1U);
  sides[0].quantities[0].second = 0;
  sides[1] = side("b", 5, 4, "1");
  EXPECT_EQ(broken_by(read_limit("latency_ps>1000"), sides).size(), 1U);
}

TEST(Comparison, RefusesLimitsThatSayNothing) {
  for (const char* text :
       {"", "latency", ">1", "latency>", "latency>x", "latency>1%%", "latency>nan", "latency=1"}) {
    EXPECT_THROW(read_limit(text), InputError) << text;
  }
}

TEST(Comparison, RefusesWhatIsNoResult) {
  const test::TemporaryFolder folder;
  folder.write("r/result.json", "{}");
  folder.write("r/plan.toml", "");
  folder.write("p.json", "{}");
  EXPECT_THROW(read_comparand(folder.path() / "r"), InputError);
  EXPECT_THROW(read_comparand(folder.path() / "p.json"), InputError);
  EXPECT_THROW(read_comparand(folder.path() / "none"), InputError);
}

}  // namespace
}  // namespace imbrex::experiment
