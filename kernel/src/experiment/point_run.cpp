#include "experiment/point_run.hpp"

#include "base/files.hpp"
#include "plugin/host_services.hpp"
#include "run/runner.hpp"

#include <imbrex/plugin/error.hpp>

#include <set>

#include <dlfcn.h>
#include <fmt/format.h>

namespace imbrex::experiment {
namespace {

// The library that holds the language, as the loader found it.
std::string language_library() {
  Dl_info info{};
  const auto* const function = reinterpret_cast<const void*>(&sha256_hex_of_file);
  return ::dladdr(function, &info) != 0 && info.dli_fname != nullptr ? info.dli_fname
                                                                     : "/proc/self/exe";
}

void add_plugin(const recipe::PlannedComponent& component, const plugin::Registry& registry,
                const Provenance& provenance, std::map<std::string, std::string>& plugins) {
  const std::string id(registry.plugin_of(component.config.component()).descriptor->id);
  plugins.emplace(id, provenance.plugins.at(id));
}

std::map<std::string, std::string> plugins_of(const recipe::ResolvedPlan& plan,
                                              const plugin::Registry& registry,
                                              const Provenance& provenance) {
  std::map<std::string, std::string> plugins;
  for (const auto* component : {&plan.workload, &plan.architecture, &plan.cost}) {
    add_plugin(*component, registry, provenance, plugins);
  }
  for (const auto& stage : plan.stages) {
    add_plugin(stage, registry, provenance, plugins);
  }
  if (plan.baseline) {
    add_plugin(plan.baseline->architecture, registry, provenance, plugins);
    add_plugin(plan.baseline->cost, registry, provenance, plugins);
    for (const auto& stage : plan.baseline->stages) {
      add_plugin(stage, registry, provenance, plugins);
    }
  }
  return plugins;
}

}  // namespace

Provenance provenance_of(const plugin::Registry& registry) {
  Provenance provenance;
  provenance.imbrex_sha256 =
      sha256_hex(sha256_hex_of_file("/proc/self/exe") + sha256_hex_of_file(language_library()));
  for (const plugin::PluginEntry& entry : registry.plugins()) {
    if (entry.descriptor != nullptr) {
      provenance.plugins.emplace(entry.descriptor->id, registry.sha256_of(entry));
    }
  }
  return provenance;
}

PointRecord begin_record(const recipe::ResolvedPlan& plan, const std::string& plan_sha256,
                         const plugin::Registry& registry, const Provenance& provenance,
                         const std::filesystem::path& folder) {
  PointRecord record;
  record.plan_sha256 = plan_sha256;
  record.imbrex_sha256 = provenance.imbrex_sha256;
  record.plugins = plugins_of(plan, registry, provenance);
  record.plan = plan.to_toml(std::filesystem::absolute(folder).lexically_normal());
  return record;
}

std::string why_again(const PointRecord& kept, const PointRecord& now) {
  if (!is_final(kept.state)) {
    return fmt::format("the last run {}", kept.state == PointState::failed    ? "failed"
                                          : kept.state == PointState::crashed ? "crashed"
                                                                              : "took too long");
  }
  if (kept.imbrex_sha256 != now.imbrex_sha256) {
    return "imbrex has changed";
  }
  for (const auto& [id, sha256] : now.plugins) {
    const auto at = kept.plugins.find(id);
    if (at == kept.plugins.end() || at->second != sha256) {
      return fmt::format("plugin '{}' has changed", id);
    }
  }
  return {};
}

void run_point(const recipe::ResolvedPlan& plan, const plugin::Registry& registry,
               run::Checks checks, PointRecord& record) {
  plugin::HostOptions options;
  options.threads = 1;
  options.log_level = LogLevel::error;
  options.quiet = true;
  try {
    plugin::HostServices services(options);
    record.quantities = quantities_of(run::run_plan(plan, registry, services, checks).result);
    record.state = PointState::done;
    return;
  } catch (const InfeasibleError& error) {
    record.state = PointState::infeasible;
    record.message = error.what();
  } catch (const std::exception& error) {
    record.state = PointState::failed;
    record.message = error.what();
  }
}

}  // namespace imbrex::experiment
