// imbrex.report.trace: when everything happens, as a trace that Perfetto, speedscope and
// chrome://tracing open.
#include "trace_model.hpp"

#include <imbrex/plugin.hpp>

#include <string>

namespace imbrex::trace {
namespace {

struct Config : Options {
  std::string file = "trace.json";
};

constexpr std::string_view kRows[] = {"operators", "segments"};
constexpr ParamSpec kParams[] = {
    param<&Config::file>("file", "Name of the file in the result folder"),
    choice<&Config::rows, Config>(
        "rows", "What a process of the trace is; its threads are the servers of operators", kRows),
    param<&Config::arrows, Config>(
        "arrows", "Whether arrows lead along data between operators and along the critical path"),
    param<&Config::max_jobs, Config>(
        "max_jobs", "When there are more jobs than this, slices are whole operators")
        .unit("job")
        .at_least(0),
    param<&Config::counter_intervals, Config>(
        "counter_intervals",
        "Intervals of equal length in which the mean number of busy servers and the occupancy of "
        "the chip are counted; 0: none")
        .range(0, 100'000),
};

class Trace final : public Reporter {
 public:
  Trace(const Config& config, const Context& /*context*/) : config_(config) {}

  void report(const Result& result, OutputFolder& folder) override {
    folder.write(config_.file, trace_json(result, config_));
  }

 private:
  Config config_;
};

constexpr Component kComponents[] = {component<Trace, Config>(
    "imbrex.report.trace", "The timeline as a Chrome trace, for Perfetto and speedscope", kParams)};

}  // namespace

IMBREX_PLUGIN("imbrex.report.trace", "0.1.0", "Chrome traces", "Apache-2.0", kComponents)

}  // namespace imbrex::trace
