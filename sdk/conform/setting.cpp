#include "setting.hpp"

#include "check.hpp"
#include "plugin/kinds.hpp"
#include "plugin/traits.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::conform {
namespace {

using plugin::hardware_needs;
using plugin::missing_traits;

bool has_defaults(const Component& component) {
  return std::none_of(component.params.begin(), component.params.end(),
                      [](const ParamSpec& spec) { return spec.required; });
}

// Puts a setting together from components that can be made by default.
class Finder {
 public:
  Finder(const plugin::Registry& registry, const Component& subject)
      : subject_(subject), entry_(registry.plugin_of(subject)) {
    for (const Component* const component : registry.components()) {
      if (component != &subject && has_defaults(*component)) {
        known_.push_back(component);
      }
    }
    const auto rank = [&](const Component* component) {
      const plugin::PluginEntry& entry = registry.plugin_of(*component);
      return &entry == &entry_ ? 0 : entry.explicitly_named ? 1 : 2;
    };
    std::stable_sort(
        known_.begin(), known_.end(),
        [&](const Component* one, const Component* other) { return rank(one) < rank(other); });
  }

  std::vector<Setting> all() const {
    if (subject_.kind == Kind::workload_reader) {
      return {bare()};
    }
    if (subject_.kind == Kind::architecture_model) {
      Setting setting = bare();
      setting.architecture = setting.subject;
      return {setting};
    }
    std::vector<Setting> found;
    for (const Component* const architecture : of_kind(Kind::architecture_model)) {
      for (const Component* const cost : costs()) {
        if (plugin::runs_on(*cost, *architecture)) {
          add(*architecture, *cost, found);
        }
      }
    }
    if (found.empty()) {
      throw Skipped(why_none());
    }
    return found;
  }

 private:
  Setting bare() const {
    Setting setting;
    setting.subject = planned(subject_);
    return setting;
  }

  std::vector<const Component*> of_kind(Kind kind) const {
    std::vector<const Component*> found;
    std::copy_if(known_.begin(), known_.end(), std::back_inserter(found),
                 [kind](const Component* component) { return component->kind == kind; });
    return found;
  }
  std::vector<const Component*> costs() const {
    return subject_.kind == Kind::cost_model ? std::vector<const Component*>{&subject_}
                                             : of_kind(Kind::cost_model);
  }

  void add(const Component& architecture, const Component& cost,
           std::vector<Setting>& found) const {
    const Trait hardware = architecture.provides_traits | cost.provides_traits;
    if (!has(hardware, hardware_needs(subject_)) || plugin::is_idle_search(subject_, hardware)) {
      return;
    }
    Setting setting = bare();
    setting.architecture = planned(architecture);
    setting.cost = subject_.kind == Kind::cost_model ? setting.subject : planned(cost);
    if (fill_stages(hardware, setting)) {
      found.push_back(std::move(setting));
    }
  }

  // Stages in front of the subject until nothing is missing, and who judges its designs.
  bool fill_stages(Trait hardware, Setting& setting) const {
    Trait given = hardware;
    Trait missing = missing_traits(subject_.requires_traits, given);
    while (missing != Trait::none && subject_.kind != Kind::reporter) {
      const Component* const stage = provider(missing, given);
      if (stage == nullptr) {
        return false;
      }
      setting.before.push_back(planned(*stage));
      given = given | stage->provides_traits;
      missing = missing_traits(subject_.requires_traits, given);
    }
    if (subject_.kind == Kind::overlap_analyzer) {
      setting.judge = setting.subject;
      return true;
    }
    for (const Component* const analyzer : of_kind(Kind::overlap_analyzer)) {
      if (has(given | subject_.provides_traits, analyzer->requires_traits)) {
        setting.judge = planned(*analyzer);
        return true;
      }
    }
    return subject_.kind == Kind::cost_model;
  }

  // A stage that leaves some of what is missing and can run on what is there.
  const Component* provider(Trait missing, Trait given) const {
    for (const Component* const stage : known_) {
      const bool decides = stage->kind == Kind::partitioner || stage->kind == Kind::search_strategy;
      const bool helps = missing_traits(missing, stage->provides_traits) != missing;
      if (decides && helps && has(given, stage->requires_traits)) {
        return stage;
      }
    }
    return nullptr;
  }

  std::string why_none() const {
    const std::string needs = plugin::trait_names(subject_.requires_traits);
    return fmt::format(
        "no {} that is installed gives what it needs{}{}; name a recipe that uses it with --recipe",
        subject_.kind == Kind::cost_model ? "architecture" : "pair of architecture and cost model",
        needs.empty() ? "" : ": ", needs);
  }

  const Component& subject_;
  const plugin::PluginEntry& entry_;
  std::vector<const Component*> known_;
};

bool is_of(const recipe::PlannedComponent& one, const Component& component) {
  return &one.config.component() == &component;
}

// The place of the subject in a chain: what comes before it, and the next analyzer.
bool fill_from_chain(const std::vector<recipe::PlannedComponent>& stages, const Component& subject,
                     Setting& setting) {
  bool found = false;
  for (const recipe::PlannedComponent& stage : stages) {
    const bool analyzes = stage.config.component().kind == Kind::overlap_analyzer;
    if (!found && is_of(stage, subject)) {
      setting.subject = stage;
      found = true;
    } else if (!found && !analyzes) {
      setting.before.push_back(stage);
    }
    if (analyzes) {
      setting.judge = stage;
      if (found) {
        return true;
      }
    }
  }
  return found;
}

recipe::ResolvedPlan plan_of(const plugin::Registry& registry,
                             const std::filesystem::path& recipe) {
  recipe::RecipeSource source;
  source.path = recipe;
  return recipe::resolve(source, registry);
}

// No value: the plan does not use the subject.
std::optional<Setting> setting_of(const recipe::ResolvedPlan& plan, const Component& subject) {
  Setting setting;
  setting.architecture = plan.architecture;
  setting.cost = plan.cost;
  if (fill_from_chain(plan.stages, subject, setting)) {
    return setting;
  }
  std::vector<const recipe::PlannedComponent*> others = {&plan.workload, &plan.architecture,
                                                         &plan.cost};
  for (const recipe::PlannedComponent& report : plan.reports) {
    others.push_back(&report);
  }
  for (const recipe::PlannedComponent* const other : others) {
    if (is_of(*other, subject)) {
      setting.subject = *other;
      return setting;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string Setting::text() const {
  std::string text = "on " + std::string(architecture.id()) + " with " + std::string(cost.id());
  for (const recipe::PlannedComponent& stage : before) {
    text += ", behind " + std::string(stage.id());
  }
  return text;
}

recipe::PlannedComponent planned(const Component& component) {
  return {plugin::ConfigHandle(component), std::string(component.id)};
}

std::vector<Setting> settings_for(const plugin::Registry& registry, const Component& subject,
                                  const std::optional<std::filesystem::path>& recipe) {
  if (recipe) {
    const recipe::ResolvedPlan plan = plan_of(registry, *recipe);
    if (auto setting = setting_of(plan, subject)) {
      return {std::move(*setting)};
    }
    throw Skipped(fmt::format("the recipe '{}' does not use {}", plan.name, subject.id));
  }
  const auto required = std::find_if(subject.params.begin(), subject.params.end(),
                                     [](const ParamSpec& spec) { return spec.required; });
  if (required != subject.params.end()) {
    throw Skipped(fmt::format(
        "parameter '{}' has no default; name a recipe that sets it with --recipe", required->name));
  }
  return Finder(registry, subject).all();
}

bool uses(const plugin::Registry& registry, const Component& subject,
          const std::filesystem::path& recipe) {
  return setting_of(plan_of(registry, recipe), subject).has_value();
}

std::shared_ptr<const run::BoundMachine> machine_of(const Setting& setting,
                                                    std::shared_ptr<const Workload> workload,
                                                    plugin::HostServices& services) {
  return std::make_shared<const run::BoundMachine>(setting.architecture, setting.cost,
                                                   std::move(workload), services, 1);
}

}  // namespace imbrex::conform
