#include "analyzers.hpp"

#include <algorithm>
#include <stdexcept>

namespace imbrex::property {
namespace {

class Collector final : public TimelineSink {
 public:
  explicit Collector(Analysis& analysis) : analysis_(analysis) {}
  void job(const TimedJob& job) override { analysis_.jobs.push_back(job); }
  void statistic(std::string_view name, std::int64_t value) override {
    analysis_.statistics.emplace(name, value);
  }
  void note(std::string_view name, std::string_view text) override {
    analysis_.notes.emplace(name, text);
  }

 private:
  Analysis& analysis_;
};

void store(ConfigHandle& config, std::string_view name, const ParamValue& value) {
  for (const ParamSpec& spec : config.component().params) {
    if (spec.name == name) {
      ParamValue typed = value;
      typed.type = spec.type;
      if (spec.type == ParamType::choice) {
        const auto found = std::find(spec.choices.begin(), spec.choices.end(), value.text);
        if (found == spec.choices.end()) {
          throw std::logic_error("no such choice: " + std::string(value.text));
        }
        typed.integer = found - spec.choices.begin();
      }
      spec.store(config.get(), typed);
      return;
    }
  }
  throw std::logic_error("no such parameter: " + std::string(name));
}

ConfigHandle configure(const Component& component, const AnalyzerOptions& options) {
  constexpr std::string_view kShapes[] = {"row", "rows", "block", "pixel", "layer"};
  ConfigHandle config(component);
  ParamValue value;
  value.text = kShapes[static_cast<std::size_t>(options.shape.kind)];
  store(config, "granularity", value);
  value.integer = options.shape.height;
  store(config, "rows", value);
  const std::int64_t block[] = {options.shape.height, options.shape.width};
  value.integers = block;
  store(config, "block", value);
  if (!options.implementation.empty()) {
    value.text = options.implementation;
    store(config, "implementation", value);
  }
  if (options.buffer_bytes >= 0) {
    value.integer = options.buffer_bytes;
    store(config, "buffer_bytes", value);
  }
  return config;
}

}  // namespace

const Registry& registry() {
  static const Registry kRegistry([] {
    PluginSearchPath path;
    path.defaults = {IMBREX_PLUGIN_DIR};
    return path;
  }());
  return kRegistry;
}

Analysis analyze(std::string_view component, const AnalyzerOptions& options, const Design& design,
                 const Architecture& architecture, const CostModel& cost) {
  const Component* const found = registry().find(component);
  if (found == nullptr) {
    throw std::logic_error(registry().not_found_message(component));
  }
  Context context;
  context.workload = &design.workload();
  context.architecture = &architecture;
  context.cost = &cost;
  const ConfigHandle config = configure(*found, options);
  const Instance<OverlapAnalyzer> analyzer = make_instance<OverlapAnalyzer>(config, context);
  Analysis analysis;
  Collector collector(analysis);
  const Design* const designs[] = {&design};
  analyzer->analyze(designs, {&analysis.result, 1}, &collector);
  return analysis;
}

}  // namespace imbrex::property
