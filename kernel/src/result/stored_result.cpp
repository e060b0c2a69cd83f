#include "result/stored_result.hpp"

#include "result/result_json.hpp"
#include "result/timeline_file.hpp"
#include "run/metrics.hpp"
#include "run/objective.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::result {
namespace {

using Texts = std::vector<std::string>;

// False when the component has no such list.
bool give(const plugin::ConfigHandle& config, std::string_view name, const Texts& texts) {
  for (const ParamSpec& spec : config.component().params) {
    if (spec.name == name && spec.type == ParamType::text_array) {
      ParamValue value;
      value.type = ParamType::text_array;
      value.texts = texts;
      spec.store(config.get(), value);
      return true;
    }
  }
  return false;
}

struct NamedTexts {
  std::string_view name;
  const Texts& texts;
};

// Nothing when there is no such component, or another one of that name.
std::optional<recipe::PlannedComponent> given_component(const plugin::Registry& registry,
                                                        std::string_view id,
                                                        std::initializer_list<NamedTexts> lists) {
  const Component* const component = registry.find(id);
  if (component == nullptr) {
    return std::nullopt;
  }
  recipe::PlannedComponent planned{plugin::ConfigHandle(*component),
                                   fmt::format("the stored decisions ({})", id)};
  const bool has_all = std::all_of(lists.begin(), lists.end(), [&planned](const NamedTexts& list) {
    return give(planned.config, list.name, list.texts);
  });
  return has_all ? std::optional(planned) : std::nullopt;
}

// Line by line; both texts end with a line break.
std::string first_line_that_differs(std::string_view file, std::string_view then,
                                    std::string_view now) {
  const auto line_from = [](std::string_view text, std::size_t begin) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    return text.substr(begin, end - begin);
  };
  const auto [differs, other] = std::mismatch(then.begin(), then.end(), now.begin(), now.end());
  if (differs == then.end() && other == now.end()) {
    return {};
  }
  const std::string_view same(then.data(), static_cast<std::size_t>(differs - then.begin()));
  const std::size_t begin = same.rfind('\n') + 1;  // 0 when there is none
  const auto line = 1 + std::count(same.begin(), same.end(), '\n');
  return fmt::format("line {} of {} is '{}', and is '{}' now", line, file, line_from(then, begin),
                     line_from(now, begin));
}

}  // namespace

std::optional<recipe::ResolvedPlan> plan_of_decisions(const recipe::ResolvedPlan& plan,
                                                      const StoredResult& stored,
                                                      const plugin::Registry& registry,
                                                      const GivenComponents& given) {
  const auto placements =
      given_component(registry, given.partitioner, {{"placements", stored.placements}});
  const auto nests = given_component(
      registry, given.search,
      {{"loops", stored.loops}, {"outer", stored.outer}, {"job_extents", stored.job_extents}});
  if (!placements || !nests) {
    return std::nullopt;
  }
  recipe::ResolvedPlan decided = plan;
  decided.baseline.reset();
  decided.stages.clear();
  std::vector<recipe::PlannedComponent> behind;
  for (std::size_t i = 0; i + 1 < plan.stages.size(); ++i) {
    const Component& component = plan.stages[i].config.component();
    const bool chooses_nests = has(component.provides_traits, Trait::mappings);
    if (component.kind == Kind::partitioner &&
        (stored.has_floor_plans || stored.has_split_layers)) {
      decided.stages.push_back(plan.stages[i]);
    }
    if (component.kind == Kind::search_strategy && !chooses_nests && stored.has_jobs_dealt_anew) {
      behind.push_back(plan.stages[i]);
    }
  }
  if (!stored.has_floor_plans) {
    decided.stages.push_back(*placements);
  }
  decided.stages.push_back(*nests);
  decided.stages.insert(decided.stages.end(), behind.begin(), behind.end());
  decided.stages.push_back(plan.stages.back());
  return decided;
}

void restore(const recipe::ResolvedPlan& plan, const StoredResult& stored, Result& result) {
  result.plan_sha256 = plan.sha256();
  result.partial = stored.partial;
  result.stages = stored.stages;
  result.plugins = stored.plugins;
  result.has_baseline = stored.baseline.has_value();
  result.baseline = stored.baseline.value_or(Metrics{});
  result.speedup = stored.speedup;
  result.improvement = stored.speedup > 0
                           ? run::improvement_of(run::parse_objective(plan.objective),
                                                 result.metrics, result.baseline)
                           : 0;
}

std::string stored_difference(const StoredResult& stored, const run::RunOutcome& outcome) {
  const std::string difference = first_line_that_differs(
      "result.json", stored.json, result_json(outcome.result, *outcome.design));
  return !difference.empty()
             ? difference
             : first_line_that_differs("timeline.csv", stored.timeline,
                                       timeline_csv(outcome.result, stored.timeline_jobs));
}

}  // namespace imbrex::result
