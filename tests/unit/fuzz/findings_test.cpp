// What the harnesses of tests/fuzz found, where one can say what is right instead.
#include "built_components.hpp"
#include "plugin_system.hpp"
#include "recipe/plan_reader.hpp"
#include "run/load_workload.hpp"
#include "temporary_folder.hpp"

#include <imbrex/toolkit/extents/bounded_times.hpp>
#include <imbrex/values/work_order.hpp>

#include <cmath>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

std::string complaint_of(std::string_view network) {
  const TemporaryFolder folder;
  const auto file = folder.write("network.toml", network);
  plugin::HostServices services(plugin::HostOptions{});
  try {
    run::load_workload(recipe::plan_reader({file.string(), {}, {}}, registry()), 1, services);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no complaint";
}

// Whatever is wrong with a network as a whole: the file is named, as it is for a wrong line of it.
TEST(Findings, AComplaintAboutAWholeNetworkNamesItsFile) {
  constexpr std::string_view kHead =
      "imbrex_workload = 1\ninput.x = { shape = [1, 8, 16, 16] }\n[network]\nlayers = [";
  EXPECT_NE(complaint_of(std::string(kHead) + "]\n")
                .find("network.toml: error: workload 'network': expected at least one operator"),
            std::string::npos);
}

// A time that was computed in doubles is a whole number of picoseconds or the limit that is
// refused, never what a conversion makes of a number that is too large.
TEST(Findings, TimesStopAtTheLimit) {
  EXPECT_EQ(extents::nearest_ps(2.5e3), 2500);
  EXPECT_EQ(extents::nearest_ps(7.4), 7);
  EXPECT_EQ(extents::ceil_ps(7.2), 8);
  EXPECT_EQ(extents::ceil_ps(7), 7);
  EXPECT_EQ(extents::nearest_ps(0x1p53 - 1), kTimeLimitPs - 1);
  for (const double ps : {0x1p53, 1e300, HUGE_VAL, std::nan("")}) {
    EXPECT_EQ(extents::nearest_ps(ps), kTimeLimitPs) << ps;
    EXPECT_EQ(extents::ceil_ps(ps), kTimeLimitPs) << ps;
  }
}

TEST(Findings, ALinkThatHardlyMovesAnythingTakesTooLong) {
  const PluginSystem chip(load_workload("product8"),
                          {"imbrex.architecture.tiled-cim", {{"link_bits_per_ns", 1e-300}}},
                          {"imbrex.cost.crossbar", {}});
  EXPECT_EQ(chip.cost().most_transfer(8).latency_ps, kTimeLimitPs);
}

}  // namespace
}  // namespace imbrex::test
