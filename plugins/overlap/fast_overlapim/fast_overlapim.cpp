// imbrex.overlap.fast-overlapim: analytical overlap of loop-nest mappings (Fast-OverlaPIM). The
// ready step of a data space follows from the digits of its coordinates; nothing is compared with
// anything. Specification fast-overlapim, sections 3 and 4.1; the forms are exact against pairwise
// comparison, and reconstructed, as the paper's formulas are not public.
#include "hole_completions.hpp"
#include "pair_analysis.hpp"

#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/analysis/forward_pass.hpp>
#include <imbrex/toolkit/analysis/job_shape_params.hpp>
#include <imbrex/toolkit/analysis/segment_pass.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace imbrex::overlapim {
namespace {

using overlapim::HoleCompletions;
using overlapim::Holes;
using overlapim::Method;

constexpr std::string_view kMethodNames[] = {"auto", "digit-walk", "tables", "separable"};
constexpr std::string_view kHolesNames[] = {"box", "exact"};

struct Config : analysis::AnalysisParams {
  Method method = Method::automatic;
  Holes holes = Holes::box;
};

constexpr ParamSpec kParams[] = {
    analysis::granularity_param<Config>(),
    analysis::rows_param<Config>(),
    analysis::block_param<Config>(),
    analysis::samples_param<Config>(),
    analysis::links_param<Config>(),
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
};

constexpr FactSpec kFacts[] = {{"bound", "",
                                "Whether completions were \"exact\" or \"conservative\", with the "
                                "clock of the latest server."},
                               {"data_spaces", "data space", "Jobs with work."}};

// Jobs of one step that start together take the same time. O(jobs).
bool steps_end_together(const WorkOrder& order) {
  std::vector<std::int64_t> duration_ps;  // per step
  for (std::int64_t server = 0; server < order.server_count(); ++server) {
    for (std::int64_t step = 0; step < order.step_count(server); ++step) {
      const Job job = order.job(step, server);
      duration_ps.resize(std::max(duration_ps.size(), static_cast<std::size_t>(step) + 1), -1);
      std::int64_t& of_step_ps = duration_ps[static_cast<std::size_t>(step)];
      if (!job.box.empty() && of_step_ps >= 0 && of_step_ps != job.duration_ps) {
        return false;
      }
      of_step_ps = job.box.empty() ? of_step_ps : job.duration_ps;
    }
  }
  return true;
}

class FastOverlapim final : public OverlapAnalyzer {
 public:
  FastOverlapim(const Config& config, const Context& context)
      : request_(analysis::analysis_request(config)),
        options_{config.method, config.holes},
        machine_(context.machine()) {}

  AnalysisRequest request() const noexcept override { return request_; }

  Fidelity fidelity(const WorkGraph& graph) const override {
    Fidelity result;
    std::string late;
    for (const OperatorId op : graph.mapped()) {
      if (late_clock(graph, op)) {
        late += (late.empty() ? "" : ", ") + graph.workload().at(op).name;
      }
    }
    if (!late.empty()) {
      result.exactness = Exactness::conservative;
      result.reasons.push_back("method " + std::string(kMethodNames[index(options_.method)]) +
                               " takes the clock of the latest server for all servers of " + late);
    }
    if (options_.holes == Holes::exact) {
      result.exactness = Exactness::estimate;
      result.reasons.push_back("holes \"exact\" lets jobs start before all of a box is there");
    }
    return result;
  }

  void analyze(const AnalysisRequest& request, std::span<const Design* const> designs,
               std::span<OverlapResult> out, TimelineSink* detail) const override {
    const auto one_segment = [&](const WorkGraph& graph, TimelineSink* sink) -> OverlapResult {
      const analysis::OrderCompletions::Options digits{
          options_.method == Method::tables || options_.method == Method::automatic,
          options_.method != Method::automatic};
      if (options_.holes == Holes::exact) {
        return run(graph, HoleCompletions(graph, digits), sink);
      }
      return run(graph, analysis::OrderCompletions(graph, digits), sink);
    };
    analysis::analyze_batch(designs, out, detail, [&](const Design& design, TimelineSink* sink) {
      return analysis::analyze_segments(design, machine_, request, sink, one_segment);
    });
  }

  void analyze_pairs(const PairBatch& batch, std::span<PairResult> out) const override {
    IMBREX_ASSERT(batch.candidates.size() == out.size());
    const overlapim::PairAnalysis pairs(batch, machine_, options_);
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = pairs.analyze(batch.candidates[i]);
    }
  }

 private:
  static OverlapResult run(const WorkGraph& graph, analysis::OrderCompletions&& completions,
                           TimelineSink* detail) {
    analysis::ForwardPass pass(graph, completions);
    const std::int64_t makespan_ps = pass.run(detail);
    if (detail != nullptr) {
      detail->note("bound", completions.conservative() ? "conservative" : "exact");
      detail->statistic("data_spaces", pass.jobs());
    }
    return {Verdict::feasible, makespan_ps};
  }

  // Digits answer with the clock of the latest server, which is late where others end before it.
  bool late_clock(const WorkGraph& graph, OperatorId op) const {
    const WorkOrder& order = graph.order(op);
    return options_.method != Method::automatic && order.server_count() > 1 &&
           analysis::digits_number_steps(graph, op) &&
           !(order.lock_step() && steps_end_together(order));
  }

  const AnalysisRequest request_;
  const overlapim::Options options_;
  const Machine machine_;
};

constexpr Component kComponents[] = {
    component<FastOverlapim, Config>(
        "imbrex.overlap.fast-overlapim",
        "Analytical overlap of loop-nest mappings: ready steps from the digits of coordinates",
        kParams)
        .provides(Trait::timeline)
        .states(kFacts)
        .cites("X. Wang, M. Zhou, T. Rosing, Fast-OverlaPIM: A Fast Overlap-Driven Mapping "
               "Framework for Processing In-Memory Neural Network Acceleration, IEEE TCAD 2024, "
               "arXiv:2407.00604"),
};

}  // namespace

IMBREX_PLUGIN("imbrex.overlap.fast-overlapim", "0.1.0",
              "Fast-OverlaPIM analytical overlap analysis", "Apache-2.0", kComponents)

}  // namespace imbrex::overlapim
