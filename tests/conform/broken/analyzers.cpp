// Overlap analyzers that break one law each. Honest, jobs start as early as they can.
#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/analysis/forward_pass.hpp>
#include <imbrex/toolkit/analysis/order_completions.hpp>
#include <imbrex/toolkit/analysis/segment_pass.hpp>

namespace {

using imbrex::Design;
using imbrex::OverlapResult;
using imbrex::TimelineSink;

enum class Fault : std::uint8_t { none, late, fact, batch, detail, delays, unwritten };

// Passes on what it is told, every time later by as much.
class Later final : public TimelineSink {
 public:
  Later(TimelineSink& inner, std::int64_t by_ps) : inner_(inner), by_ps_(by_ps) {}
  void job(const imbrex::TimedJob& job) override {
    imbrex::TimedJob later = job;
    later.start_ps += by_ps_;
    later.end_ps += by_ps_;
    inner_.job(later);
  }
  void segment(const imbrex::SegmentTimes& times) override { inner_.segment(times); }
  void statistic(std::string_view name, std::int64_t value) override {
    inner_.statistic(name, value);
  }
  void note(std::string_view name, std::string_view text) override { inner_.note(name, text); }

 private:
  TimelineSink& inner_;
  std::int64_t by_ps_;
};

template <Fault F>
class Overlap final : public imbrex::OverlapAnalyzer {
 public:
  Overlap(const imbrex::NoConfig&, const imbrex::Context& context) : machine_(context.machine()) {}

  imbrex::AnalysisRequest request() const noexcept override { return {}; }
  imbrex::Fidelity fidelity(const imbrex::WorkGraph&) const override {
    imbrex::Fidelity fidelity;
    if (F == Fault::batch || F == Fault::detail) {
      fidelity.exactness = imbrex::Exactness::conservative;
      fidelity.reasons = {"a test says so"};
    }
    return fidelity;
  }

  void analyze(const imbrex::AnalysisRequest& request, std::span<const Design* const> designs,
               std::span<OverlapResult> out, TimelineSink* detail) const override {
    if (F == Fault::unwritten) {
      return;
    }
    const auto one_segment = [](const imbrex::WorkGraph& graph, TimelineSink* sink) {
      return timed(graph, sink);
    };
    imbrex::analysis::analyze_batch(
        designs, out, detail, [&](const Design& design, TimelineSink* sink) {
          return imbrex::analysis::analyze_segments(design, machine_, request, sink, one_segment);
        });
    out.front().makespan_ps += F == Fault::late ? 1 : 0;
    for (OverlapResult& result : out) {
      result.makespan_ps += F == Fault::detail && detail == nullptr ? 1 : 0;
    }
    out.back().makespan_ps += F == Fault::batch && out.size() > 1 ? 1 : 0;
    if (F == Fault::fact && detail != nullptr) {
      detail->statistic("secret", 7);
    }
  }

 private:
  static OverlapResult timed(const imbrex::WorkGraph& graph, TimelineSink* sink) {
    imbrex::analysis::OrderCompletions completions(graph, {});
    imbrex::analysis::ForwardPass pass(graph, completions);
    if (F != Fault::delays) {
      return {imbrex::Verdict::feasible, pass.run(sink)};
    }
    // Everything a picosecond late, which the audit cannot know to be in vain.
    if (sink == nullptr) {
      return {imbrex::Verdict::feasible, pass.run(nullptr) + 1};
    }
    Later later(*sink, 1);
    return {imbrex::Verdict::feasible, pass.run(&later) + 1};
  }

  imbrex::Machine machine_;
};

template <Fault F>
consteval imbrex::Component component(std::string_view id) {
  return imbrex::component<Overlap<F>, imbrex::NoConfig>(id, "Breaks one law", {})
      .provides(imbrex::Trait::timeline);
}

constexpr imbrex::Component kComponents[] = {
    component<Fault::none>("broken.overlap.none"),
    component<Fault::late>("broken.overlap.late"),
    component<Fault::unwritten>("broken.overlap.unwritten"),
    component<Fault::fact>("broken.overlap.fact"),
    component<Fault::batch>("broken.overlap.batch"),
    component<Fault::detail>("broken.overlap.detail"),
    component<Fault::delays>("broken.overlap.delays"),
    component<Fault::none>("broken.overlap.no-timeline").provides(imbrex::Trait::none)};

}  // namespace

IMBREX_PLUGIN("broken.analyzers", "1.0.0", "Analyzers that break one law each", "MIT", kComponents)
