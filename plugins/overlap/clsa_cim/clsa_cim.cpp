// imbrex.overlap.clsa-cim: cross-layer scheduling of tiled compute-in-memory (CLSA-CIM, DATE 2024).
// The published method keeps every weight in place (specification clsa-cim section 2.4); here it
// schedules each segment of weights that are resident together.
// Two implementations of one analysis: jobs with explicit dependences, or availability maps.
#include "availability.hpp"
#include "explicit_graph.hpp"

#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/analysis/job_shape_params.hpp>
#include <imbrex/toolkit/analysis/order_completions.hpp>
#include <imbrex/toolkit/analysis/segment_pass.hpp>

#include <string>
#include <utility>

namespace imbrex::clsa {
namespace {

enum class Implementation : std::uint8_t { automatic, explicit_graph, availability };
constexpr std::string_view kImplementationNames[] = {"auto", "explicit", "availability"};

struct Config : analysis::AnalysisParams {
  Implementation implementation = Implementation::automatic;
};

constexpr ParamSpec kParams[] = {
    analysis::granularity_param<Config>(),
    analysis::rows_param<Config>(),
    analysis::block_param<Config>(),
    analysis::samples_param<Config>(),
    analysis::links_param<Config>(),
    choice<&Config::implementation>(
        "implementation",
        "How dependences are represented: explicit (every dependence, any design), availability "
        "(one time per output region, no dependences; fastest), or auto (availability where it is "
        "exact, unless a small final analysis can count the dependences as well)",
        kImplementationNames),
};

constexpr FactSpec kFacts[] = {
    {"implementation", "", "How dependences were represented: explicit or availability."},
    {"why_explicit", "", "What kept availability maps from being exact here."},
    {"sets", "set", "Jobs with work, which the CLSA-CIM paper calls sets."},
    {"edges", "dependence", "Distinct pairs of a producing and a consuming job; explicit only."}};

// Final analyses up to this many jobs count dependences for the result: a few milliseconds.
constexpr std::int64_t kJobsWorthCounting = 20'000;

class ClsaCim final : public OverlapAnalyzer {
 public:
  ClsaCim(const Config& config, const Context& context)
      : request_(analysis::analysis_request(config)),
        implementation_(config.implementation),
        machine_(context.machine()) {}

  AnalysisRequest request() const noexcept override { return request_; }

  Fidelity fidelity(const WorkGraph& graph) const override {
    return analysis::fidelity_by_regions(graph);
  }

  void analyze(const AnalysisRequest& request, std::span<const Design* const> designs,
               std::span<OverlapResult> out, TimelineSink* detail) const override {
    const auto one_segment = [&](const WorkGraph& graph, TimelineSink* sink) -> OverlapResult {
      return {Verdict::feasible, schedule(graph, sink).makespan_ps};
    };
    analysis::analyze_batch(designs, out, detail, [&](const Design& design, TimelineSink* sink) {
      return analysis::analyze_segments(design, machine_, request, sink, one_segment);
    });
  }

 private:
  clsa::Schedule schedule(const WorkGraph& graph, TimelineSink* detail) const {
    std::string obstacle;
    const bool explicitly = implementation_ == Implementation::explicit_graph ||
                            (implementation_ == Implementation::automatic && detail != nullptr &&
                             job_count(graph) <= kJobsWorthCounting);
    if (!explicitly) {
      clsa::JobLog log(detail != nullptr);
      if (const auto found = clsa::schedule_by_availability(graph, log, obstacle)) {
        for (const JobRun& run : log.jobs().runs()) {
          detail->jobs(run);
        }
        report(detail, *found, "availability");
        return *found;
      }
      if (implementation_ == Implementation::availability) {
        throw InputError("implementation = \"availability\" cannot be exact here: " + obstacle +
                         "; use implementation = \"auto\" or \"explicit\"");
      }
    }
    const clsa::Schedule found = clsa::schedule_explicitly(graph, detail);
    report(detail, found, "explicit");
    if (detail != nullptr && !obstacle.empty()) {
      detail->note("why_explicit", obstacle);
    }
    return found;
  }

  static std::int64_t job_count(const WorkGraph& graph) {
    std::int64_t count = 0;
    for (const OperatorId op : graph.mapped()) {
      count += graph.order(op).job_count();
    }
    return count;
  }

  static void report(TimelineSink* detail, const clsa::Schedule& found,
                     std::string_view implementation) {
    if (detail == nullptr) {
      return;
    }
    detail->note("implementation", implementation);
    detail->statistic("sets", found.jobs);
    if (found.edges > 0) {
      detail->statistic("edges", found.edges);
    }
  }

  const AnalysisRequest request_;
  const Implementation implementation_;
  const Machine machine_;
};

constexpr Component kComponents[] = {
    component<ClsaCim, Config>(
        "imbrex.overlap.clsa-cim",
        "Cross-layer overlap of tiles on resident weights: ASAP over row, block or pixel sets",
        kParams)
        .provides(Trait::timeline)
        .states(kFacts)
        .cites("R. Pelke et al., CLSA-CIM: A Cross-Layer Scheduling Approach for "
               "Computing-in-Memory Architectures, DATE 2024, arXiv:2401.07671"),
};

}  // namespace

IMBREX_PLUGIN("imbrex.overlap.clsa-cim", "0.1.0", "CLSA-CIM cross-layer overlap analysis",
              "Apache-2.0", kComponents)

}  // namespace imbrex::clsa
