// File: pipeorgan.cpp
//
// imbrex.overlap.pipeorgan: stages of a segment work interval by interval, each limited by its
// elements and by the busiest link on its ways; global buffer and external memory run beside them
// (PipeOrgan). The specification is reconstructed from the paper's abstract; its section 0
// says what is known and what is not. Specification pipeorgan, sections 6.6 and 7.1.
#include "link_time.hpp"
#include "recurrence.hpp"

#include <imbrex/job_shape_params.hpp>
#include <imbrex/plugin.hpp>
#include <imbrex/segment_pass.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

namespace {

using namespace imbrex;  // NOLINT(google-build-using-namespace): the plugin speaks only this
                         // language
using pipeorgan::LinkDelays;
using pipeorgan::LinkTime;
using pipeorgan::Recurrence;

struct Config : JobShapeParams {
  bool links = true;
};

constexpr ParamSpec kParams[] = {
    granularity_param<Config>(),
    rows_param<Config>(),
    block_param<Config>(),
    samples_param<Config>(),
    param<&Config::links>("links",
                          "Whether words that stages hand over wait for the links of the array, as "
                          "the floor plan of an earlier stage lays them out"),
};

// Rounded up, but sums of words that miss a whole number only by the rounding of doubles are it.
std::int64_t whole(double ps) {
  const double nearest = std::round(ps);
  return static_cast<std::int64_t>(std::abs(ps - nearest) <= 1e-12 * ps ? nearest : std::ceil(ps));
}

class PipeOrgan final : public OverlapAnalyzer {
 public:
  PipeOrgan(const Config& config, const Context& context)
      : shape_(imbrex::job_shape(config)),
        architecture_(*context.architecture),
        cost_(*context.cost) {
    const ElementLinks& links = architecture_.links;
    if (config.links && links.word_bits > 0 && (links.words_per_ps > 0 || links.hop_ps > 0)) {
      topology_.emplace(topology_of(architecture_));
    }
  }

  // The busiest link as a rate neither sees words wait for one another nor a stage send while it
  // computes the next interval; without links the stages are exact.
  Exactness exactness() const noexcept override {
    return topology_ ? Exactness::estimate : Exactness::exact;
  }
  JobShape job_shape() const noexcept override { return shape_; }

  void analyze(std::span<const Design* const> designs, std::span<OverlapResult> out,
               TimelineSink* detail) const override {
    analyze_batch(designs, out, detail, [this](const Design& design, TimelineSink* all) {
      const auto body = [&](const WorkGraph& graph, TimelineSink* sink) -> OverlapResult {
        return {Verdict::feasible, time_segment(graph, design, sink)};
      };
      return analyze_segments(design, architecture_, cost_, shape_, all, body);
    });
  }

 private:
  std::int64_t time_segment(const WorkGraph& graph, const Design& design,
                            TimelineSink* sink) const {
    const LinkDelays delays = link_delays(graph, design);
    Recurrence recurrence(graph, design, cost_, shape_, delays);
    const std::int64_t pipeline_ps = recurrence.run();
    if (sink != nullptr) {
      report(recurrence, graph, design, pipeline_ps, *sink);
    }
    return pipeline_ps;
  }

  LinkDelays link_delays(const WorkGraph& graph, const Design& design) const {
    LinkDelays delays;
    delays.least_job_ps.assign(graph.mapped().size(), 0);
    const FloorPlan* const plan =
        !topology_ || graph.mapped().empty()
            ? nullptr
            : floor_plan_of(design.floor_plans(), design.placement(graph.mapped().front()).segment);
    if (plan == nullptr) {
      return delays;
    }
    const std::vector<LinkTime> times =
        pipeorgan::link_times(*topology_, architecture_.links, *plan);
    for (std::size_t i = 0; i < times.size(); ++i) {
      const HandOver& hand_over = plan->hand_overs[i];
      delays.ways.push_back({hand_over.producer, hand_over.consumer, times[i].first_word_ps});
      for (const OperatorId end : {hand_over.producer, hand_over.consumer}) {
        const auto at = std::lower_bound(graph.mapped().begin(), graph.mapped().end(), end);
        IMBREX_ASSERT(at != graph.mapped().end() && *at == end);
        const auto jobs = static_cast<double>(graph.order(end).job_count());
        std::int64_t& least =
            delays.least_job_ps[static_cast<std::size_t>(at - graph.mapped().begin())];
        least = std::max(least, whole(times[i].busiest_ps / jobs));
      }
    }
    return delays;
  }

  // Stalls: what links add to the jobs of the stage that is busiest with them, and what memories
  // add to the segment, the external one first.
  void report(const Recurrence& recurrence, const WorkGraph& graph, const Design& design,
              std::int64_t pipeline_ps, TimelineSink& sink) const {
    const auto busiest = std::max_element(
        recurrence.stages().begin(), recurrence.stages().end(), [](const auto& a, const auto& b) {
          return a.compute_ps + a.stall_ps < b.compute_ps + b.stall_ps;
        });
    const bool any = busiest != recurrence.stages().end();
    SegmentOverhead overhead;
    if (any) {
      overhead = cost_.segment_overhead(design, design.placement(graph.mapped().front()).segment);
    }
    const std::int64_t external_stall =
        std::max<std::int64_t>(0, overhead.external_ps - pipeline_ps);
    sink.statistic("compute_ps", any ? busiest->compute_ps : 0);
    sink.statistic("noc_stall_ps", any ? busiest->stall_ps : 0);
    sink.statistic("dram_stall_ps", external_stall);
    sink.statistic("buffer_stall_ps",
                   std::max<std::int64_t>(0, overhead.buffer_ps - pipeline_ps - external_stall));
    for (const TimedJob& job : recurrence.jobs()) {
      sink.job(job);
    }
  }

  const JobShape shape_;
  const Architecture& architecture_;
  const CostModel& cost_;
  std::optional<Topology> topology_;  // none: links cost nothing
};

constexpr Component kComponents[] = {
    component<PipeOrgan, Config>(
        "imbrex.overlap.pipeorgan",
        "Pipelined stages on an array, limited by the links of their floor plan", kParams)
        .provides(Trait::timeline)
        .cites("R. Garg et al., PipeOrgan: Efficient Inter-operation Pipelining with Flexible "
               "Spatial Organization and Interconnects, arXiv:2405.01736")};

}  // namespace

IMBREX_PLUGIN("imbrex.overlap.pipeorgan", "0.1.0", "PipeOrgan: pipelined stages on an array",
              "Apache-2.0", kComponents)
