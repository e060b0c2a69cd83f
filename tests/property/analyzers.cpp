#include "analyzers.hpp"

#include "analyze_one.hpp"
#include "fakes/timeline_sink.hpp"

namespace imbrex::property {

test::Settings settings_of(const AnalyzerOptions& options) {
  constexpr const char* kShapes[] = {"row", "rows", "block", "pixel", "layer"};
  test::Settings result{
      {"granularity", std::string(kShapes[static_cast<std::size_t>(options.shape.kind)])},
      {"rows", options.shape.height},
      {"samples", options.shape.samples},
      {"block", std::vector<std::int64_t>{options.shape.height, options.shape.width}}};
  if (!options.implementation.empty()) {
    result.emplace_back("implementation", options.implementation);
  }
  if (options.buffer_bytes >= 0) {
    result.emplace_back("buffer_bytes", options.buffer_bytes);
  }
  if (!options.segments.empty()) {
    result.emplace_back("segments", options.segments);
  }
  if (options.links >= 0) {
    result.emplace_back("links", options.links);
  }
  return result;
}

Analysis analyze(std::string_view component, const test::Settings& settings, const Design& design,
                 const Architecture& architecture, const CostModel& cost) {
  Context context;
  context.workload = &design.workload();
  context.architecture = &architecture;
  context.cost = &cost;
  context.host = &test::host();
  const auto analyzer = test::make<OverlapAnalyzer>(component, settings, context);
  test::Detail detail;
  Analysis analysis;
  analysis.result = test::analyze_one(*analyzer, design, &detail);
  analysis.jobs = std::move(detail.jobs);
  analysis.segments = std::move(detail.segments);
  analysis.statistics.insert(detail.statistics.begin(), detail.statistics.end());
  analysis.notes.insert(detail.notes.begin(), detail.notes.end());
  return analysis;
}

Analysis analyze(std::string_view component, const AnalyzerOptions& options, const Design& design,
                 const Architecture& architecture, const CostModel& cost) {
  return analyze(component, settings_of(options), design, architecture, cost);
}

}  // namespace imbrex::property
