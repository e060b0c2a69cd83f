#include "recipe/baseline_shape.hpp"
#include "recipe/component_reader.hpp"
#include "recipe/cost_follows.hpp"
#include "recipe/merge.hpp"
#include "recipe/parsed_recipe.hpp"
#include "recipe/recipe_head.hpp"
#include "recipe/recipe_keys.hpp"
#include "recipe/recipe_name.hpp"
#include "recipe/recipe_sections.hpp"

#include <utility>

#include <fmt/format.h>

namespace imbrex::recipe {
namespace {

Slot slot_of(const Section& section) {
  return {std::string(section.key), std::string(section.key), section.header, section.kinds};
}

std::vector<PlannedComponent> planned(std::vector<ResolvedComponent>& resolved) {
  std::vector<PlannedComponent> result;
  for (ResolvedComponent& component : resolved) {
    result.push_back(std::move(component.planned));
  }
  return result;
}

class Resolver {
 public:
  Resolver(LoadedRecipe& recipe, FileDigests& digests, const ComponentLookup& lookup)
      : recipe_(recipe), root_(recipe.root), digests_(digests), lookup_(lookup) {}

  ResolvedPlan resolve() {
    ResolvedPlan plan;
    const RecipeHead head = read_head(recipe_, diagnostics_);
    plan.seed = head.seed;
    plan.objective = head.objective;
    RecipePlugins plugins = read_plugins(root_, diagnostics_);
    plan.plugin_paths = std::move(plugins.paths);
    plan.plugin_pins = std::move(plugins.pins);
    read_design(plan);
    read_baseline(plan);
    std::vector<ResolvedComponent> reports =
        reader_.read_list(root_.find("report"), slot_of(kReportSection));
    plan.reports = planned(reports);
    plan.file_sha256 = digest_files(root_, reader_.files(), digests_, diagnostics_);
    throw_if_any();
    return plan;
  }

 private:
  // One library that cannot be loaded may explain several missing components: it is named once.
  void throw_if_any() const {
    const std::string failures =
        reader_.has_missed_a_component() ? lookup_.load_failures_message() : std::string();
    if (!failures.empty()) {
      throw InputError(diagnostics_.text() + "\n" + failures);
    }
    diagnostics_.throw_if_any();
  }

  void read_design(ResolvedPlan& plan) {
    workload_ = read_section(slot_of(kWorkloadSection));
    plan.name = recipe_name(recipe_, workload_, diagnostics_);
    ResolvedComponent architecture = read_section(slot_of(kArchitectureSection));
    follow_architecture(recipe_, lookup_);
    ResolvedComponent cost = read_section(slot_of(kCostSection));
    const RecipeValue* const list = root_.find("stage");
    std::vector<ResolvedComponent> stages = reader_.read_list(list, slot_of(kStageSection));
    if (list == nullptr || (list->kind == NodeKind::array && list->children.empty())) {
      complain_missing(
          "a recipe needs at least one [[stage]]; the last one is an overlap analyzer");
    }
    check(architecture, cost, stages);
    plan.workload = workload_.planned;
    plan.architecture = std::move(architecture.planned);
    plan.cost = std::move(cost.planned);
    plan.stages = planned(stages);
  }

  // The baseline is the same recipe with other stages, and changes to the hardware and its cost.
  void read_baseline(ResolvedPlan& plan) {
    const RecipeValue* const table = find_table(root_, "baseline", diagnostics_);
    if (table == nullptr) {
      return;
    }
    refuse_unknown_keys(*table, kBaselineKeys, "[baseline]", diagnostics_);
    const RecipeValue architecture_table = overlaid("architecture", *table);
    const RecipeValue cost_table = overlaid("cost", *table);
    ResolvedComponent architecture =
        reader_.read(architecture_table, {"baseline architecture", "baseline.architecture",
                                          "[baseline] architecture", kArchitectureKinds});
    ResolvedComponent cost =
        reader_.read(cost_table, {"baseline cost", "baseline.cost", "[baseline] cost", kCostKinds});
    const RecipeValue* const list = table->find("stages");
    std::vector<ResolvedComponent> stages = reader_.read_list(
        list, {"baseline stage", "baseline.stages", "[baseline] stages", kStageKinds});
    if (list == nullptr || (list->kind == NodeKind::array && list->children.empty())) {
      complain(diagnostics_, *table,
               "[baseline] needs stages, e.g. stages = [{ use = \"COMPONENT\" }]; 'imbrex plugins' "
               "lists the components");
    }
    for (ResolvedComponent& stage : stages) {
      if (stage.good) {
        take_job_shape(stage.planned, *stage.table, plan.stages);
      }
    }
    check(architecture, cost, stages);
    plan.baseline.emplace();
    plan.baseline->architecture = std::move(architecture.planned);
    plan.baseline->cost = std::move(cost.planned);
    plan.baseline->stages = planned(stages);
  }

  RecipeValue overlaid(std::string_view key, const RecipeValue& baseline) {
    const RecipeValue* const main = root_.find(key);
    const RecipeValue* const over = find_table(baseline, key, diagnostics_);
    RecipeValue result = main != nullptr ? *main : RecipeValue();
    if (over != nullptr) {
      Merge(result, over->stated, false, recipe_.notes)
          .lay_on(result, fmt::format("baseline.{}", key), *over);
    }
    return result;
  }

  void complain_missing(std::string_view message) {
    diagnostics_.error(*recipe_.documents.front(), {}, message);
  }

  ResolvedComponent read_section(const Slot& slot) {
    const RecipeValue* const table = find_table(root_, slot.path, diagnostics_);
    if (root_.find(slot.path) == nullptr) {
      complain_missing(fmt::format("the recipe has no {}; {}", slot.header, reader_.advice(slot)));
    }
    return table != nullptr ? reader_.read(*table, slot) : ResolvedComponent();
  }

  // Says what is missing between components; only when all of them are known.
  void check(const ResolvedComponent& architecture, const ResolvedComponent& cost,
             const std::vector<ResolvedComponent>& stages) {
    bool good = workload_.good && architecture.good && cost.good && !stages.empty();
    Chain chain;
    for (const ResolvedComponent& stage : stages) {
      good = good && stage.good;
      if (good) {
        chain.stages.push_back(stage.link());
      }
    }
    if (good) {
      chain.workload = &workload_.planned.config.component();
      chain.architecture = architecture.link();
      chain.cost = cost.link();
      check_chain(chain, lookup_, diagnostics_);
    }
  }

  LoadedRecipe& recipe_;
  const RecipeValue& root_;
  FileDigests& digests_;
  const ComponentLookup& lookup_;
  Diagnostics diagnostics_;
  ComponentReader reader_{lookup_, diagnostics_};
  ResolvedComponent workload_;
};

}  // namespace

Variant resolve_variant(const ParsedRecipe& recipe, const Edits& edits,
                        const ComponentLookup& lookup) {
  Variant variant;
  LoadedRecipe loaded = recipe.loaded();
  try {
    apply_edits(loaded, edits);
    variant.plan = Resolver(loaded, recipe.digests(), lookup).resolve();
  } catch (const InputError& error) {
    variant.errors = error.what();
  }
  variant.notes = std::move(loaded.notes);
  return variant;
}

ResolvedPlan resolve(const RecipeSource& source, const ComponentLookup& lookup) {
  Variant variant = resolve_variant(ParsedRecipe::of_file(source.path), source.edits, lookup);
  if (!variant.plan) {
    throw InputError(variant.errors);
  }
  return std::move(*variant.plan);
}

}  // namespace imbrex::recipe
