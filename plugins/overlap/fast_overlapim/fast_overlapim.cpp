// File: fast_overlapim.cpp
//
// imbrex.overlap.fast-overlapim: analytical overlap of loop-nest mappings (Fast-OverlaPIM). The
// ready step of a data space follows from the digits of its coordinates; nothing is compared with
// anything. Specification fast-overlapim, sections 3 and 4; the forms are exact against pairwise
// comparison, and reconstructed, as the paper's formulas are not public.
#include "design_pass.hpp"
#include "pair_analysis.hpp"

#include <imbrex/job_shape_params.hpp>
#include <imbrex/plugin.hpp>
#include <imbrex/segment_pass.hpp>

namespace {

using namespace imbrex;  // NOLINT(google-build-using-namespace): the plugin speaks only this
                         // language
using overlapim::DesignPass;
using overlapim::Holes;
using overlapim::Method;
using overlapim::Outcome;
using overlapim::PassOptions;

enum class Transform : std::uint8_t { never, automatic };
enum class Unit : std::uint8_t { job, output_tile };
constexpr std::string_view kMethodNames[] = {"auto", "digit-walk", "tables", "separable"};
constexpr std::string_view kHolesNames[] = {"box", "exact"};
constexpr std::string_view kTransformNames[] = {"never", "auto"};
constexpr std::string_view kUnitNames[] = {"job", "output-tile"};

struct Config : JobShapeParams {
  Method method = Method::automatic;
  Holes holes = Holes::box;
  Transform transform = Transform::never;
  Unit transform_unit = Unit::job;
  bool move_weights = true;
  double move_bits_per_ps = 0;
  std::int64_t merge_add_ps = 0;
};

constexpr ParamSpec kParams[] = {
    granularity_param<Config>(),
    rows_param<Config>(),
    block_param<Config>(),
    samples_param<Config>(),
    choice<&Config::method>(
        "method",
        "How ready steps are found: digit-walk (O(loops) per question), tables (O(1) after "
        "O(D log D) per dimension), separable (pairs of layers without listing data spaces), or "
        "auto (the cheapest exact one, and a grid of end times where servers run apart; the others "
        "take the latest server's clock there, which is late)",
        kMethodNames),
    choice<&Config::holes>(
        "holes",
        "What a job needs where strides or dilations leave holes: box (the hull; what published "
        "analyses and the simulator use) or exact (the coordinates themselves; never later)",
        kHolesNames),
    choice<&Config::transform>(
        "transform",
        "Deal the data spaces of a layer anew, earliest ready first: never, or auto (where it "
        "pays, overhead included)",
        kTransformNames),
    choice<&Config::transform_unit>(
        "transform_unit",
        "What is dealt anew: every job on its own, or all jobs of an output tile together, which "
        "leaves no partial sums to merge",
        kUnitNames),
    param<&Config::move_weights>("move_weights",
                                 "A job dealt to another server takes its weights along; false: "
                                 "weights are replicated on all servers"),
    param<&Config::move_bits_per_ps>("move_bits_per_ps",
                                     "Bandwidth at which inputs, weights and partial sums move "
                                     "between servers when jobs are dealt anew; 0: free")
        .unit("bit/ps")
        .at_least(0),
    param<&Config::merge_add_ps>("merge_add_ps",
                                 "Time of one addition when partial sums on several servers merge")
        .unit("ps")
        .at_least(0),
};

class FastOverlapim final : public OverlapAnalyzer {
 public:
  FastOverlapim(const Config& config, const Context& context)
      : shape_(imbrex::job_shape(config)),
        transform_(config.transform == Transform::automatic),
        architecture_(*context.architecture),
        cost_(*context.cost) {
    options_.method = config.method;
    options_.holes = config.holes;
    options_.transform = transform_;
    options_.moves = {config.transform_unit == Unit::output_tile, config.move_weights,
                      config.move_bits_per_ps, config.merge_add_ps};
  }

  Exactness exactness() const noexcept override {
    return options_.method == Method::automatic ? Exactness::exact : Exactness::conservative;
  }
  JobShape job_shape() const noexcept override { return shape_; }

  void analyze(std::span<const Design* const> designs, std::span<OverlapResult> out,
               TimelineSink* detail) const override {
    analyze_batch(designs, out, detail, [this](const Design& design, TimelineSink* sink) {
      return analyze_one(design, sink);
    });
  }

  void analyze_pairs(const PairBatch& batch, std::span<PairResult> out) const override {
    IMBREX_ASSERT(batch.candidates.size() == out.size());
    const overlapim::PairAnalysis pairs(batch, architecture_, cost_, options_);
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = pairs.analyze(batch.candidates[i]);
    }
  }

 private:
  OverlapResult analyze_one(const Design& design, TimelineSink* detail) const {
    const auto one_segment = [&](const WorkGraph& graph, TimelineSink* sink) -> OverlapResult {
      const Outcome outcome = best_outcome(graph, design, sink != nullptr);
      report(outcome, sink);
      return {Verdict::feasible, outcome.makespan_ps};
    };
    return analyze_segments(design, architecture_, cost_, shape_, detail, one_segment);
  }

  // What pays for one layer may cost the next; then nothing is dealt anew.
  Outcome best_outcome(const WorkGraph& graph, const Design& design, bool keep_jobs) const {
    PassOptions plain = options_;
    plain.transform = false;
    Outcome in_order = DesignPass(graph, design, cost_, shape_, plain).run(keep_jobs);
    if (!transform_) {
      return in_order;
    }
    Outcome dealt = DesignPass(graph, design, cost_, shape_, options_).run(keep_jobs);
    return dealt.makespan_ps < in_order.makespan_ps ? dealt : in_order;
  }

  void report(const Outcome& outcome, TimelineSink* detail) const {
    if (detail == nullptr) {
      return;
    }
    detail->note("bound", outcome.conservative ? "conservative" : "exact");
    detail->statistic("data_spaces", outcome.data_spaces);
    if (transform_) {
      detail->statistic("transformed_operators", outcome.transformed);
    }
    for (const TimedJob& job : outcome.jobs) {
      detail->job(job);
    }
  }

  const JobShape shape_;
  const bool transform_;
  PassOptions options_;
  const Architecture& architecture_;
  const CostModel& cost_;
};

constexpr Component kComponents[] = {
    component<FastOverlapim, Config>(
        "imbrex.overlap.fast-overlapim",
        "Analytical overlap of loop-nest mappings, with data spaces dealt anew where it pays",
        kParams)
        .provides(Trait::timeline)
        .cites("X. Wang, M. Zhou, T. Rosing, Fast-OverlaPIM: A Fast Overlap-Driven Mapping "
               "Framework for Processing In-Memory Neural Network Acceleration, IEEE TCAD 2024, "
               "arXiv:2407.00604"),
};

}  // namespace

IMBREX_PLUGIN("imbrex.overlap.fast-overlapim", "0.1.0",
              "Fast-OverlaPIM analytical overlap analysis", "Apache-2.0", kComponents)
