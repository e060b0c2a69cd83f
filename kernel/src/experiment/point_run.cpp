#include "experiment/point_run.hpp"

#include "plugin/host_services.hpp"
#include "run/plugin_records.hpp"
#include "run/runner.hpp"

#include <imbrex/plugin/error.hpp>

#include <fmt/format.h>

namespace imbrex::experiment {
PointRecord begin_record(const recipe::ResolvedPlan& plan, const std::string& plan_sha256,
                         const plugin::Registry& registry, const std::string& imbrex_sha256,
                         const std::filesystem::path& folder) {
  PointRecord record;
  record.plan_sha256 = plan_sha256;
  record.imbrex_sha256 = imbrex_sha256;
  for (const run::UsedPlugin& used : run::plugin_records(plan, registry)) {
    record.plugins.emplace(used.record.id, used.record.sha256);
  }
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
