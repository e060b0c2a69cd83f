#include "analyzers.hpp"

#include "clsa_fixture.hpp"

namespace imbrex::property {
namespace {

test::Settings settings(const AnalyzerOptions& options) {
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

}  // namespace

Analysis analyze(std::string_view component, const AnalyzerOptions& options,
                      const Design& design, const Architecture& architecture,
                      const CostModel& cost) {
  Context context;
  context.workload = &design.workload();
  context.architecture = &architecture;
  context.cost = &cost;
  context.host = &test::host();
  const auto analyzer = plugin::make_instance<OverlapAnalyzer>(
      test::configure(component, settings(options)), context);
  test::Detail detail;
  Analysis analysis;
  const Design* const designs[] = {&design};
  analyzer->analyze(analyzer->request(), designs, {&analysis.result, 1}, &detail);
  analysis.jobs = std::move(detail.jobs);
  analysis.segments = std::move(detail.segments);
  analysis.statistics.insert(detail.statistics.begin(), detail.statistics.end());
  analysis.notes.insert(detail.notes.begin(), detail.notes.end());
  return analysis;
}

}  // namespace imbrex::property
