// The analyzers against the simulator on the four shipped architectures with their own cost models:
// random networks, copies, segments, loop nests from the map space, jobs dealt anew, floor plans.
#include "clsa_fixture.hpp"
#include "expect_timeline.hpp"
#include "problems.hpp"

#include <imbrex/values/work_graph.hpp>

#include <algorithm>
#include <memory>
#include <string>

namespace imbrex::property {
namespace {

constexpr std::uint64_t kSeed = 20261129;

struct Hardware {
  std::string architecture;
  test::Settings architecture_settings;
  std::string cost;
  test::Settings cost_settings;
  bool copies = false;       // operators may have several
  bool segments = false;     // weights may be replaced
  bool floor_plans = false;  // elements have links
};

// A network on a machine put together from plugins, with a design.
class System {
 public:
  System(const Hardware& hardware, std::shared_ptr<const Workload> workload)
      : workload_(std::move(workload)),
        model_(plugin::make_instance<ArchitectureModel>(
            test::configure(hardware.architecture, hardware.architecture_settings),
            Context{workload_.get(), nullptr, nullptr, &test::host()})),
        cost_(plugin::make_instance<CostModel>(
            test::configure(hardware.cost, hardware.cost_settings),
            Context{workload_.get(), &model_->view(), nullptr, &test::host()})),
        design(workload_) {}

  Machine machine() const { return {*workload_, model_->view(), *cost_}; }
  const Workload& workload() const { return *workload_; }
  const Architecture& architecture() const { return model_->view(); }
  const CostModel& cost() const { return *cost_; }

 private:
  std::shared_ptr<const Workload> workload_;
  plugin::Instance<ArchitectureModel> model_;
  plugin::Instance<CostModel> cost_;

 public:
  Design design;
};

struct Counts {
  std::size_t compared = 0;
  std::size_t dealt = 0;
  std::size_t mapped = 0;
  std::size_t segments = 0;
};

AnalyzerOptions options_of(const AnalysisRequest& request) {
  AnalyzerOptions options;
  options.shape = request.shape;
  options.links = request.links ? 1 : 0;
  return options;
}

Analysis run(std::string_view id, const System& system, const AnalysisRequest& request) {
  return analyze(id, options_of(request), system.design, system.architecture(), system.cost());
}

void compare_analyzers(const System& system, AnalysisRequest request) {
  constexpr std::string_view kAnalyzers[] = {"imbrex.overlap.clsa-cim", "imbrex.overlap.pairwise",
                                             "imbrex.overlap.fast-overlapim",
                                             "imbrex.overlap.pipeorgan"};
  request.links = false;
  const Analysis simulated = run("imbrex.overlap.simulator", system, request);
  request.links = true;
  const Analysis rates = run(kAnalyzers[0], system, request);
  for (const std::string_view id : kAnalyzers) {
    SCOPED_TRACE(id);
    request.links = false;
    ASSERT_NO_FATAL_FAILURE(expect_same_timeline(run(id, system, request), simulated));
    request.links = true;
    ASSERT_NO_FATAL_FAILURE(expect_same_timeline(run(id, system, request), rates));
  }
  ASSERT_NO_FATAL_FAILURE(expect_never_early(rates, simulated));
}

void compare_design(const Hardware& hardware, std::uint64_t number, Counts& counts) {
  Random random(kSeed, number);
  AnalysisRequest request;
  request.shape.kind = static_cast<JobShape::Kind>(random.below(5));
  request.shape.height = random.between(1, 4);
  request.shape.width = random.between(1, 4);
  GraphSpec graph = random_graph(random);
  graph.batch = random.between(1, 2);
  request.shape.samples = random.between(0, 2);
  System system(hardware, std::make_shared<const Workload>(build_workload(graph)));
  if (hardware.copies) {
    copy_some(system.design, system.machine(), random);
  }
  if (hardware.segments && random.below(2) == 0) {
    cut_into_segments(system.design, system.machine(), random);
  }
  map_some(system.design, system.machine(), random);
  if (!has_graph(system.design, system.machine(), request)) {
    return;
  }
  const bool deals = random.below(2) == 0;
  counts.dealt +=
      deals && deal_at_random(system.design, system.machine(), request, 900, random) > 0 ? 1 : 0;
  if (hardware.floor_plans && random.below(3) > 0) {
    plan_floors(system.design, system.machine(), request, random);
  }
  const auto ids = mapped_operators(system.machine());
  counts.mapped += std::any_of(
      ids.begin(), ids.end(), [&](OperatorId op) { return system.design.mapping(op).has_value(); });
  counts.segments += segment_numbers(system.design, system.cost()).size() > 1 ? 1 : 0;
  ++counts.compared;
  compare_analyzers(system, request);
}

Counts compare_all(const Hardware& hardware, std::uint64_t first, std::uint64_t last) {
  Counts counts;
  for (std::uint64_t number = first; number < last; ++number) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", design " + std::to_string(number));
    compare_design(hardware, number, counts);
    if (::testing::Test::HasFatalFailure()) {
      return counts;
    }
  }
  EXPECT_GT(counts.compared, (last - first) / 2) << "hardly any design could be compared";
  EXPECT_GT(counts.dealt, counts.compared / 5);
  return counts;
}

TEST(RealMachines, TiledCimWithMovement) {
  Hardware hardware;
  hardware.architecture = "imbrex.architecture.tiled-cim";
  hardware.architecture_settings = {{"extra_pes", std::int64_t{64}}, {"rows", std::int64_t{16}},
                                    {"cols", std::int64_t{8}},       {"gpeu_ns_per_position", 20.0},
                                    {"link_hop_ns", 30.0},           {"link_bits_per_ns", 0.5}};
  hardware.cost = "imbrex.cost.crossbar";
  hardware.copies = true;
  compare_all(hardware, 0, 400);
}

TEST(RealMachines, SramCimInSegments) {
  Hardware hardware;
  hardware.architecture = "imbrex.architecture.sram-cim";
  hardware.architecture_settings = {{"cores", std::int64_t{16}},
                                    {"crossbars_per_core", std::int64_t{16}},
                                    {"weight_bits", std::int64_t{8}}};
  hardware.cost = "imbrex.cost.crossbar";
  hardware.copies = true;
  hardware.segments = true;
  EXPECT_GT(compare_all(hardware, 1000, 1400).segments, 40u);
}

TEST(RealMachines, DramPimWithLoopNests) {
  Hardware hardware;
  hardware.architecture = "imbrex.architecture.dram-pim";
  hardware.architecture_settings = {{"channels", std::int64_t{2}}, {"banks", std::int64_t{4}}};
  hardware.cost = "imbrex.cost.bit-serial";
  EXPECT_GT(compare_all(hardware, 2000, 2400).mapped, 100u);
}

TEST(RealMachines, PeArrayWithLoopNestsSegmentsAndLinks) {
  Hardware hardware;
  hardware.architecture = "imbrex.architecture.pe-array";
  hardware.architecture_settings = {{"rows", std::int64_t{4}},
                                    {"columns", std::int64_t{4}},
                                    {"macs_per_pe", std::int64_t{1}},
                                    {"level_instances", std::vector<std::int64_t>{1, 1, 16}},
                                    {"link_words_per_cycle", 0.25}};
  hardware.cost = "imbrex.cost.loop-nest";
  hardware.cost_settings = {{"memories", std::string("segments")}};
  hardware.segments = true;
  hardware.floor_plans = true;
  const Counts counts = compare_all(hardware, 3000, 3400);
  EXPECT_GT(counts.segments, 40u);
}

}  // namespace
}  // namespace imbrex::property
