// imbrex.report.terminal: what a person wants to know first. How long, how much faster, how well
// used, and which operators stand in the way.
#include "bottleneck_view.hpp"
#include "bounds.hpp"
#include "floor_plan_view.hpp"

#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/text/figures.hpp>
#include <imbrex/toolkit/text/width.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace imbrex::terminal {
namespace {

struct Config {
  std::int64_t operators = 10;
  std::int64_t floor_plans = 3;
};

constexpr std::string_view kOperatorsDoc =
    "How many operators the table shows, those that bound the makespan most first; 0 for all";
constexpr ParamSpec kParams[] = {
    param<&Config::operators>("operators", kOperatorsDoc).unit("operator").at_least(0),
    param<&Config::floor_plans>(
        "floor_plans",
        "How many floor plans of pipelined segments are drawn, the longest segments first; 0: none")
        .unit("segment")
        .at_least(0)};

double number(const MetricValue& value) {
  return std::visit([](auto v) { return static_cast<double>(v); }, value);
}

class Summary {
 public:
  // `floor_plans`: as drawn.
  Summary(const Result& result, const text::Style& style, std::size_t rows, std::string floor_plans)
      : result_(result),
        style_(style),
        rows_(rows),
        floor_plans_(std::move(floor_plans)),
        makespan_ps_(latency_ps(result.metrics)) {}

  std::string text() {
    title();
    objective();
    time();
    out_ += terminal::bottlenecks(result_, style_, rows_);
    figures();
    segments();
    out_ += floor_plans_;
    return std::move(out_);
  }

 private:
  // On a terminal, remarks are wrapped below where they begin.
  void line(std::string_view name, const std::string& value, const std::string& remark) {
    constexpr std::size_t kRemarkColumn = 29;
    std::vector<std::string> lines = {remark};
    if (style_.is_terminal && text::width(remark) + kRemarkColumn > style_.columns) {
      lines = text::wrapped(remark, std::max(kRemarkColumn, style_.columns - kRemarkColumn));
    }
    std::string first = fmt::format("  {:<13}{:<12}{}{}", name, value,
                                    lines.front().empty() ? "" : "  ", lines.front());
    first.erase(first.find_last_not_of(' ') + 1);
    out_ += first + "\n";
    for (std::size_t i = 1; i < lines.size(); ++i) {
      out_ += std::string(kRemarkColumn, ' ') + lines[i] + "\n";
    }
  }

  void title() {
    const std::string network = ": " + result_.workload_name;
    const std::string counts = fmt::format(
        "{} operators, {} of them mapped, {}MACs, {}weight bits", result_.workload_operators,
        result_.operators.size(), text::magnitude(static_cast<double>(result_.workload_macs)),
        text::magnitude(static_cast<double>(result_.workload_weight_bits)));
    const std::size_t length = result_.name.size() + network.size() + 2 + counts.size();
    out_ += text::painted(style_, text::Paint::strong, result_.name) + network +
            (length <= style_.columns ? ", " : "\n  ") + counts + "\n";
    if (result_.partial) {
      out_ +=
          text::painted(style_, text::Paint::strong, "  INTERRUPTED: these results are partial\n");
    }
    const MetricValue* const mapped = result_.metrics.find("macs_mapped");
    if (mapped != nullptr && number(*mapped) < static_cast<double>(result_.workload_macs)) {
      const std::string note = fmt::format(
          "note: {:.1f} % of the MACs have no constant weights or no mapping; "
          "they count as data movement",
          100 - 100 * number(*mapped) / static_cast<double>(result_.workload_macs));
      for (const std::string& part :
           text::wrapped(note, style_.is_terminal ? style_.columns - 2 : note.size())) {
        out_ += "  " + part + "\n";
      }
    }
  }

  void time() {
    constexpr std::string_view kWords[] = {"exact", "conservative: never too short", "an estimate"};
    line("makespan", text::duration(makespan_ps_),
         fmt::format("{} ps, {}", makespan_ps_, kWords[index(result_.exactness)]));
    reasons();
  }

  // What a person may want to know beside it.
  void figures() {
    const std::size_t before = out_.size();
    if (const auto* throughput = result_.metrics.find("throughput_per_s")) {
      line("throughput", text::magnitude(number(*throughput)) + "/s",
           "inferences, " + throughput_remark());
    }
    use();
    energy();
    if (out_.size() > before) {
      out_.insert(before, "\n");
    }
  }

  // Why the times are not exact.
  void reasons() {
    constexpr std::size_t kShown = 4;
    const auto& all = result_.exactness_reasons;
    const std::size_t shown = std::min(kShown, all.size());
    for (std::size_t i = 0; i < shown; ++i) {
      line("", i == 0 ? "because of" : "", all[i]);
    }
    if (shown < all.size()) {
      line("", "", fmt::format("and {} more in result.json", all.size() - shown));
    }
  }

  // What the recipe asks for, against the baseline.
  void objective() {
    if (!result_.has_baseline || result_.speedup <= 0) {
      return;
    }
    const std::string baseline =
        fmt::format("over the baseline's {}", text::duration(latency_ps(result_.baseline)));
    if (result_.objective == "latency" || result_.improvement <= 0) {
      line("speed-up", fmt::format("{:.2f}x", result_.speedup), baseline);
      return;
    }
    line("improvement", fmt::format("{:.2f}x", result_.improvement),
         fmt::format("in {}; {:.2f}x in latency, {}",
                     result_.objective == "edp" ? "energy-delay product" : result_.objective,
                     result_.speedup, baseline));
  }

  std::string throughput_remark() const {
    const auto* batch = result_.metrics.find("batch");
    const std::string samples = batch == nullptr ? "" : fmt::format(" of {}", number(*batch));
    return result_.segments.empty()
               ? "when pipelined" + (samples.empty() ? samples : ", in batches" + samples)
               : "one batch" + samples + " after another";
  }

  // Units that are at work, and how much of what they could multiply they do.
  void use() {
    const auto* occupancy = result_.metrics.find("occupancy");
    const auto* total = result_.metrics.find("units_total");
    const auto* used = result_.metrics.find("units_used");
    if (occupancy == nullptr || total == nullptr || used == nullptr) {
      return;
    }
    line("occupancy", fmt::format("{:.2f} %", 100 * number(*occupancy)),
         fmt::format("of {} units, {} of them hold weights", number(*total), number(*used)) +
             baseline_share("occupancy"));
    if (const auto* macs = result_.metrics.find("mac_utilisation"); macs != nullptr) {
      line("MACs used", fmt::format("{:.2f} %", 100 * number(*macs)),
           "of what all units could do" + baseline_share("mac_utilisation"));
    }
  }

  std::string baseline_share(std::string_view metric) const {
    const auto* base = result_.baseline.find(metric);
    return base == nullptr ? std::string()
                           : fmt::format("; baseline {:.2f} %", 100 * number(*base));
  }

  void energy() {
    if (const auto* energy_pj = result_.metrics.find("energy_pj")) {
      line("energy", fmt::format("{:.4g} uJ", number(*energy_pj) * 1e-6), energy_remark());
    }
    if (const auto* edp_js = result_.metrics.find("edp_js")) {
      line("energy-delay", fmt::format("{:.4g} J*s", number(*edp_js)), "");
    }
  }

  std::string energy_remark() const {
    const auto* per_sample = result_.metrics.find("energy_per_sample_pj");
    return per_sample == nullptr
               ? "one inference"
               : fmt::format("the batch; {:.4g} uJ per sample", number(*per_sample) * 1e-6);
  }

  // Nothing when all weights are in place before the network starts.
  void segments() {
    if (result_.segments.empty()) {
      return;
    }
    const std::size_t count = result_.segments.size();
    const std::size_t shown = rows_ == 0 ? count : std::min(rows_, count);
    out_ += fmt::format("\n{}\n",
                        text::painted(style_, text::Paint::strong, "Segments, one after another"));
    out_ += fmt::format("  {:>7} {:>9} {:>7} {:>9} {:>9} {:>9} {:>9} {:>9}\n", "segment",
                        "operators", "units", "weights", "work", "data", "start", "end");
    for (std::size_t s = 0; s < shown; ++s) {
      segment_row(result_.segments[s]);
    }
    if (shown < count) {
      out_ += fmt::format("  and {} more in result.json\n", count - shown);
    }
  }

  void segment_row(const SegmentResult& segment) {
    const SegmentTimes& times = segment.times;
    const SegmentOverhead& overhead = segment.overhead;
    const std::int64_t work_ps =
        std::max<std::int64_t>(0, times.end_ps - times.work_start_ps - overhead.data_ps);
    out_ += fmt::format("  {:>7} {:>9} {:>7} {:>9} {:>9} {:>9} {:>9} {:>9}\n", times.segment,
                        segment.operators.size(), segment.units,
                        text::duration(overhead.weight_load_ps + overhead.weight_write_ps),
                        text::duration(work_ps), text::duration(overhead.data_ps),
                        text::duration(times.start_ps), text::duration(times.end_ps));
  }

  const Result& result_;
  const text::Style& style_;
  std::size_t rows_;
  std::string floor_plans_;
  std::int64_t makespan_ps_;
  std::string out_;
};

class Terminal final : public Reporter {
 public:
  Terminal(const Config& config, const Context& context)
      : config_(config), architecture_(context.architecture) {}

  void report(const Result& result, OutputFolder& folder) override {
    const text::Style style = text::detect_style(folder.terminal_columns());
    const std::string plans =
        terminal::floor_plans(result, style, static_cast<std::size_t>(config_.floor_plans),
                              architecture_ == nullptr ? nullptr : &architecture_->links);
    folder.show(Summary(result, style, static_cast<std::size_t>(config_.operators), plans).text());
  }

 private:
  Config config_;
  const Architecture* architecture_;
};

constexpr Component kComponents[] = {component<Terminal, Config>(
    "imbrex.report.terminal", "Summary and bottlenecks on the terminal", kParams)};

}  // namespace

IMBREX_PLUGIN("imbrex.report.terminal", "0.1.0", "Terminal summary", "Apache-2.0", kComponents)

}  // namespace imbrex::terminal
