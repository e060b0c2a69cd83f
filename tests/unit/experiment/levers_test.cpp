// Which changes of a plan are tried, told from parameters alone.
#include "experiment/levers.hpp"

#include "fake_components.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::experiment {
namespace {

enum class Topology : std::uint8_t { mesh, torus };
constexpr std::string_view kTopologies[] = {"mesh", "torus"};

struct Hardware {
  std::int64_t pes = 3;
  std::int64_t rows = 256;
  std::int64_t cycles = 2;
  double clock_ns = 1;
  double bits_per_ns = 2.5;
  double unlimited_bits_per_ns = 0;
  double ns_per_byte = 0.5;
  double energy_pj = 7;
  std::vector<std::int64_t> words{0, 512};
  Topology topology = Topology::torus;
  bool ideal = false;
  std::string name = "x";
};
constexpr ParamSpec kHardware[] = {
    param<&Hardware::pes>("pes", "PEs").unit("PE").range(0, 100),
    param<&Hardware::rows>("rows", "Rows").unit("row").range(1, 600),
    param<&Hardware::cycles>("cycles", "Of a MAC").unit("cycle").range(1, 100),
    param<&Hardware::clock_ns>("clock_ns", "Clock").unit("ns").range(0, 100),
    param<&Hardware::bits_per_ns>("bits_per_ns", "Port").unit("bit/ns").range(0, 100),
    param<&Hardware::unlimited_bits_per_ns>("unlimited", "Port").unit("bit/ns").range(0, 100),
    param<&Hardware::ns_per_byte>("ns_per_byte", "Bus").unit("ns/B").range(0, 100),
    param<&Hardware::energy_pj>("energy_pj", "Energy").unit("pJ/bit").range(0, 100),
    param<&Hardware::words>("words", "Memories").unit("word").at_least(0),
    choice<&Hardware::topology>("topology", "Links", kTopologies),
    param<&Hardware::ideal>("ideal", "Free transfers"),
    param<&Hardware::name>("name", "Anything"),
};

struct Stage {
  std::int64_t samples = 5;
  double share = 0.75;
  double pause_ns = 3;
  Topology order = Topology::mesh;
};
constexpr ParamSpec kStage[] = {
    param<&Stage::samples>("samples", "Draws").range(3, 100),
    param<&Stage::share>("share", "Share").range(0, 1),
    param<&Stage::pause_ns>("pause_ns", "Pause").unit("ns").range(0, 100),
    choice<&Stage::order>("order", "Order", kTopologies),
};

const Component kArchitecture = test::fake<Hardware>(Kind::architecture_model, "a.b.c", kHardware);
const Component kCost = test::fake<Hardware>(Kind::cost_model, "a.cost.c", kHardware);
const Component kPartitioner = test::fake<Stage>(Kind::partitioner, "a.partition.one", kStage);
const Component kOther = test::fake<Stage>(Kind::partitioner, "a.partition.other", kStage);

recipe::ResolvedPlan plan() {
  recipe::ResolvedPlan plan;
  plan.architecture = {plugin::ConfigHandle(kArchitecture), "architecture"};
  plan.cost = {plugin::ConfigHandle(kCost), "cost"};
  plan.stages = {{plugin::ConfigHandle(kPartitioner), "stage 1"}};
  return plan;
}

// "KEY=VALUE" of every value; amounts as "KEY=VALUE.." up to "..MOST".
std::vector<std::string> texts(const std::vector<Lever>& levers, std::string_view place) {
  std::vector<std::string> out;
  for (const Lever& lever : levers) {
    if (!lever.key.starts_with(place)) {
      continue;
    }
    if (lever.is_amount) {
      out.push_back(lever.setting(lever.amount + 1) + ".." + std::to_string(lever.most));
    }
    for (const std::string& value : lever.values) {
      out.push_back(lever.setting(value));
    }
  }
  return out;
}

using Texts = std::vector<std::string>;

TEST(Levers, HardwareGrowsAndWhatATechnologyTakesStays) {
  const Component* const all[] = {&kPartitioner, &kOther};
  EXPECT_EQ(texts(levers_of(plan(), all, "PE"), "architecture"),
            (Texts{"architecture.pes=4..100", "architecture.rows=512", "architecture.bits_per_ns=5",
                   "architecture.bits_per_ns=10", "architecture.ns_per_byte=0.25",
                   "architecture.ns_per_byte=0.125", "architecture.words=[0,1024]",
                   "architecture.words=[0,2048]", "architecture.topology=mesh"}))
      << "4 x 256 rows are beyond the declared range";
}

TEST(Levers, CostModelsKeepTheirWayOfCounting) {
  const Texts cost = texts(levers_of(plan(), {}, "PE"), "cost");
  EXPECT_EQ(cost.front(), "cost.pes=6") << "only architectures own units";
  EXPECT_EQ(std::count(cost.begin(), cost.end(), "cost.topology=mesh"), 0);
}

TEST(Levers, StagesGoBothWaysWithinTheirRange) {
  const Component* const all[] = {&kPartitioner, &kOther};
  EXPECT_EQ(texts(levers_of(plan(), all, "PE"), "stage.1"),
            (Texts{"stage.1.samples=10", "stage.1.share=0.375", "stage.1.order=torus"}));
}

TEST(Levers, OfAnInfeasibleRecipeEveryCapacityIsAnAmountAndPartitionersAreSwapped) {
  const Component* const all[] = {&kArchitecture, &kOther, &kPartitioner};
  const std::vector<Lever> levers = levers_of(plan(), all, std::nullopt);
  EXPECT_EQ(texts(levers, "architecture"),
            (Texts{"architecture.pes=4..100", "architecture.rows=257..600",
                   "architecture.bits_per_ns=5", "architecture.bits_per_ns=10",
                   "architecture.ns_per_byte=0.25", "architecture.ns_per_byte=0.125",
                   "architecture.words=[0,513]..9000000000000000", "architecture.topology=mesh"}));
  EXPECT_EQ(texts(levers, "stage.1").back(), "stage.1.use=a.partition.other");
}

}  // namespace
}  // namespace imbrex::experiment
