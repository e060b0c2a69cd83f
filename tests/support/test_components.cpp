// A plugin of the tests: networks small enough to schedule by hand, and stages that misbehave in
// the ways that the runner and the command must survive. Never installed.
#include "fakes/overlap_analyzer.hpp"

#include <imbrex/plugin.hpp>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using imbrex::Context;
using imbrex::Design;
using imbrex::Evaluator;
using imbrex::OperatorId;

// The chain of specification clsa-cim section 11.2: 4x4x16 -> A 3x3 same, 64 -> B 3x3 same, 300.
class Chain final : public imbrex::WorkloadReader {
 public:
  Chain(const imbrex::NoConfig&, const Context&) {}
  void read(imbrex::WorkloadBuilder& builder) override {
    imbrex::Shape shape;
    shape.rank = 4;
    shape.extent = {1, 16, 4, 4, 1, 1};
    imbrex::ConvolutionParams a;
    a.output_channels = 64;
    a.window.kernel = {3, 3};
    a.window.pad_begin = a.window.pad_end = {1, 1};
    imbrex::ConvolutionParams b = a;
    b.output_channels = 300;
    const auto first = builder.convolution("A", builder.input("image", shape), a);
    builder.convolution("B", builder.activation("relu", first), b);
  }
};

// Nothing a crossbar could hold.
class Unmappable final : public imbrex::WorkloadReader {
 public:
  Unmappable(const imbrex::NoConfig&, const Context&) {}
  void read(imbrex::WorkloadBuilder& builder) override {
    imbrex::Shape shape;
    shape.rank = 4;
    shape.extent = {1, 16, 4, 4, 1, 1};
    builder.activation("relu", builder.input("image", shape));
  }
};

struct CopiesConfig {
  std::int64_t copies = 2;
};
constexpr imbrex::ParamSpec kCopiesParams[] = {
    imbrex::param<&CopiesConfig::copies>("copies", "Copies of the first mapped operator")};

class Copies final : public imbrex::Partitioner {
 public:
  Copies(const CopiesConfig& config, const Context&) : config_(config) {}
  void partition(Design& design, Evaluator& evaluator) override {
    for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
      if (evaluator.cost().demand(imbrex::operator_id(i)).mappable) {
        design.placement(imbrex::operator_id(i)).copies = config_.copies;
        return;
      }
    }
  }

 private:
  CopiesConfig config_;
};

struct ScorerConfig {
  std::int64_t candidates = 64;
};
constexpr imbrex::ParamSpec kScorerParams[] = {
    imbrex::param<&ScorerConfig::candidates>("candidates", "Random placements to score")};

// Random search over copies: its statistics show every score, so a result that depended on threads
// would differ.
class Scorer final : public imbrex::SearchStrategy {
 public:
  Scorer(const ScorerConfig& config, const Context& context)
      : config_(config), host_(*context.host) {}
  void search(Design& design, Evaluator& evaluator) override {
    imbrex::Random random = host_.random(0);
    std::vector<Design> designs;
    std::vector<const Design*> pointers;
    designs.reserve(static_cast<std::size_t>(config_.candidates));
    for (std::int64_t i = 0; i < config_.candidates; ++i) {
      designs.push_back(design);
      for (std::size_t op = 0; op < design.workload().operators().size(); ++op) {
        designs.back().placement(imbrex::operator_id(op)).copies = random.between(1, 4);
      }
      pointers.push_back(&designs.back());
    }
    std::vector<imbrex::Score> scores(designs.size());
    evaluator.score(pointers, scores);
    double sum = 0;
    std::size_t best = 0;
    std::int64_t infeasible = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (scores[i].verdict != imbrex::Verdict::feasible) {
        ++infeasible;
        continue;
      }
      sum += scores[i].objective / static_cast<double>(i + 1);
      if (scores[best].verdict != imbrex::Verdict::feasible ||
          scores[i].objective < scores[best].objective) {
        best = i;
      }
    }
    if (scores[best].verdict == imbrex::Verdict::feasible) {
      design = designs[best];
    }
    evaluator.statistic("weighted_sum", sum);
    evaluator.statistic("infeasible", infeasible);
    evaluator.note("strategy", "random copies");
  }

 private:
  ScorerConfig config_;
  imbrex::Host& host_;
};

struct SleeperConfig {
  std::string marker;
  std::string gate;
  bool score_first = false;
  bool deaf = false;
};
constexpr imbrex::ParamSpec kSleeperParams[] = {
    imbrex::param<&SleeperConfig::marker>("marker", "File to make once the stage is asleep"),
    imbrex::param<&SleeperConfig::gate>("gate",
                                        "File; while it is missing, make it and do no more"),
    imbrex::param<&SleeperConfig::score_first>("score_first", "Score two copies before sleeping"),
    imbrex::param<&SleeperConfig::deaf>("deaf", "Never ask whether it is cancelled")};

// Sleeps until it is cancelled; ends by itself after a minute so that a failing test ends.
class Sleeper final : public imbrex::SearchStrategy {
 public:
  Sleeper(const SleeperConfig& config, const Context& context)
      : config_(config), host_(*context.host) {}
  void search(Design& design, Evaluator& evaluator) override {
    if (!config_.gate.empty() && !std::ifstream(config_.gate)) {
      std::ofstream(config_.gate) << "open\n";
      return;
    }
    if (config_.score_first) {
      Design candidate = design;
      candidate.placement(imbrex::operator_id(0)).copies = 2;
      const Design* const one = &candidate;
      imbrex::Score score;
      evaluator.score({&one, 1}, {&score, 1});
    }
    design.placement(imbrex::operator_id(0)).copies = 1000;  // an edit that must not survive
    std::ofstream(config_.marker) << "asleep\n";
    for (int i = 0; i < 6000 && (config_.deaf || !host_.cancelled()); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    throw imbrex::CancelledError();
  }

 private:
  SleeperConfig config_;
  imbrex::Host& host_;
};

class Thrower final : public imbrex::Partitioner {
 public:
  Thrower(const imbrex::NoConfig&, const Context&) {}
  void partition(Design&, Evaluator&) override { throw std::out_of_range("index 7"); }
};

struct LossyConfig {
  double stretch = 1;
  imbrex::Exactness claims = imbrex::Exactness::exact;
};
constexpr imbrex::ParamSpec kLossyParams[] = {
    imbrex::param<&LossyConfig::stretch>("stretch", "Factor on every duration; 1 is honest"),
    imbrex::choice<&LossyConfig::claims>("claims", "What it says of its times",
                                         imbrex::kExactnessNames)};
constexpr imbrex::FactSpec kLossyFacts[] = {{"late", "operator", "Operators that waited in vain"}};

// Layer by layer, with durations that may be wrong.
class Lossy final : public imbrex::test::FakeAnalyzer {
 public:
  Lossy(const LossyConfig& config, const Context& context)
      : FakeAnalyzer(
            [this](const imbrex::AnalysisRequest& request, const Design& design,
                   imbrex::TimelineSink* sink) { return stretched(request, design, sink); }),
        stretch_(config.stretch),
        machine_(context.machine()) {
    claims.exactness = config.claims;
    if (config.claims != imbrex::Exactness::exact) {
      claims.reasons = {"it waits in vain", "it was told to say so"};
    }
  }

 private:
  imbrex::OverlapResult stretched(const imbrex::AnalysisRequest& request, const Design& design,
                                  imbrex::TimelineSink* sink) const {
    const imbrex::WorkGraph graph(design, machine_, request);
    const auto jobs = imbrex::test::layer_by_layer_jobs(graph, stretch_);
    for (std::size_t i = 0; sink != nullptr && i < jobs.size(); ++i) {
      sink->job(jobs[i]);
    }
    return {imbrex::Verdict::feasible, imbrex::test::last_end_ps(jobs)};
  }

  double stretch_;
  imbrex::Machine machine_;
};

// Tries to replace a file of the kernel's.
class Collider final : public imbrex::Reporter {
 public:
  Collider(const imbrex::NoConfig&, const Context&) {}
  void report(const imbrex::Result&, imbrex::OutputFolder& folder) override {
    folder.write("result.json", "mine");
  }
};

struct TalkerConfig {
  std::int64_t shown_bytes = 0;
  std::int64_t written_bytes = 0;
};
constexpr imbrex::ParamSpec kTalkerParams[] = {
    imbrex::param<&TalkerConfig::shown_bytes>("shown_bytes", "Length of its summary"),
    imbrex::param<&TalkerConfig::written_bytes>("written_bytes", "Length of its file talk.txt")};

// Says as much as it is told to.
class Talker final : public imbrex::Reporter {
 public:
  Talker(const TalkerConfig& config, const Context&) : config_(config) {}
  void report(const imbrex::Result&, imbrex::OutputFolder& folder) override {
    folder.show(std::string(static_cast<std::size_t>(config_.shown_bytes), 's') + "\n");
    folder.write("talk.txt", std::string(static_cast<std::size_t>(config_.written_bytes), 'w'));
  }

 private:
  TalkerConfig config_;
};

using imbrex::component;
using imbrex::NoConfig;
using imbrex::Trait;

constexpr imbrex::FactSpec kScorerFacts[] = {
    {"weighted_sum", "ps", "Latencies times their number in the batch: changes with any of them"},
    {"infeasible", "design", "Designs without a score"},
    {"strategy", "", "How candidates were made"}};

constexpr imbrex::Component kComponents[] = {
    component<Chain, NoConfig>("test.workload.chain", "Worked example 1", {}),
    component<Unmappable, NoConfig>("test.workload.unmappable", "One activation", {}),
    component<Copies, CopiesConfig>("test.partition.copies", "Copies as told", kCopiesParams),
    component<Scorer, ScorerConfig>("test.search.scorer", "Random copies", kScorerParams)
        .states(kScorerFacts),
    component<Sleeper, SleeperConfig>("test.search.sleeper", "Waits for Ctrl-C", kSleeperParams),
    component<Thrower, NoConfig>("test.partition.thrower", "Throws", {}),
    component<Lossy, LossyConfig>("test.overlap.lossy", "Wrong durations", kLossyParams)
        .provides(Trait::timeline)
        .states(kLossyFacts),
    component<Talker, TalkerConfig>("test.report.talker", "Any number of bytes", kTalkerParams),
    component<Collider, NoConfig>("test.report.collider", "Writes result.json", {})};

}  // namespace

IMBREX_PLUGIN("test.components", "1.0.0", "Components of the tests", "Apache-2.0", kComponents)
