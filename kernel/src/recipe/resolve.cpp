#include "recipe/baseline_shape.hpp"
#include "recipe/load_recipe.hpp"
#include "recipe/plan.hpp"
#include "recipe/read_params.hpp"
#include "recipe/recipe_head.hpp"
#include "recipe/recipe_keys.hpp"
#include "recipe/stage_chain.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace imbrex::recipe {
namespace {

constexpr std::array kWorkloadKinds = {Kind::workload_reader};
constexpr std::array kArchitectureKinds = {Kind::architecture_model};
constexpr std::array kCostKinds = {Kind::cost_model};
constexpr std::array kStageKinds = {Kind::partitioner, Kind::search_strategy,
                                    Kind::overlap_analyzer};
constexpr std::array kReportKinds = {Kind::reporter};

// Stages or reports of one recipe; people write five.
constexpr std::size_t kMaxListed = 1000;

// A place of the recipe that takes a component.
struct Slot {
  std::string label;        // what `where` starts with: "stage 2"
  std::string_view header;  // as written in the recipe: "[[stage]]"
  std::span<const Kind> kinds;

  bool takes(Kind kind) const { return std::find(kinds.begin(), kinds.end(), kind) != kinds.end(); }
  // "a partitioner, a search strategy or an overlap analyzer"
  std::string expectation() const {
    std::string text;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      text += i == 0 ? "" : i + 1 == kinds.size() ? " or " : ", ";
      text += with_article(kinds[i]);
    }
    return text;
  }
};

// A component that may have been complained about (then empty), and its table.
struct Resolved {
  PlannedComponent planned;
  const RecipeValue* table = nullptr;
  bool good = false;

  ChainLink link() const { return {&planned.config.component(), planned.where, table}; }
};

std::vector<PlannedComponent> planned(std::vector<Resolved>& resolved) {
  std::vector<PlannedComponent> result;
  for (Resolved& component : resolved) {
    result.push_back(std::move(component.planned));
  }
  return result;
}

class Resolver {
 public:
  Resolver(const LoadedRecipe& recipe, const ComponentLookup& lookup)
      : recipe_(recipe), root_(recipe.root), lookup_(lookup) {}

  ResolvedPlan resolve() {
    ResolvedPlan plan;
    RecipeHead head = read_head(recipe_, diagnostics_);
    plan.name = std::move(head.name);
    plan.seed = head.seed;
    plan.objective = std::move(head.objective);
    RecipePlugins plugins = read_plugins(root_, diagnostics_);
    plan.plugin_paths = std::move(plugins.paths);
    plan.plugin_pins = std::move(plugins.pins);
    read_design(plan);
    read_baseline(plan);
    std::vector<Resolved> reports =
        read_list(root_.find("report"), {"report", "[[report]]", kReportKinds});
    plan.reports = planned(reports);
    plan.file_sha256 = digest_files(root_, files_, diagnostics_);
    throw_if_any();
    return plan;
  }

 private:
  // One library that cannot be loaded may explain several missing components: it is named once.
  void throw_if_any() const {
    const std::string failures = explain_missing_ ? lookup_.load_failures_message() : std::string();
    if (!failures.empty()) {
      throw InputError(diagnostics_.text() + "\n" + failures);
    }
    diagnostics_.throw_if_any();
  }

  void read_design(ResolvedPlan& plan) {
    workload_ = read_section("workload", {"workload", "[workload]", kWorkloadKinds});
    Resolved architecture =
        read_section("architecture", {"architecture", "[architecture]", kArchitectureKinds});
    Resolved cost = read_section("cost", {"cost", "[cost]", kCostKinds});
    const RecipeValue* const list = root_.find("stage");
    std::vector<Resolved> stages = read_list(list, {"stage", "[[stage]]", kStageKinds});
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
    Resolved architecture =
        read_component(architecture_table,
                       {"baseline architecture", "[baseline] architecture", kArchitectureKinds});
    Resolved cost = read_component(cost_table, {"baseline cost", "[baseline] cost", kCostKinds});
    const RecipeValue* const list = table->find("stages");
    std::vector<Resolved> stages =
        read_list(list, {"baseline stage", "[baseline] stages", kStageKinds});
    if (list == nullptr || (list->kind == NodeKind::array && list->children.empty())) {
      complain(diagnostics_, *table,
               "[baseline] needs stages, e.g. stages = [{ use = \"COMPONENT\" }]; 'imbrex plugins' "
               "lists the components");
    }
    for (Resolved& stage : stages) {
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
      merge(result, *over);
    }
    return result;
  }

  void complain_missing(std::string_view message) {
    diagnostics_.error(*recipe_.documents.front(), {}, message);
  }

  Resolved read_section(std::string_view key, const Slot& slot) {
    const RecipeValue* const table = find_table(root_, key, diagnostics_);
    if (root_.find(key) == nullptr) {
      complain_missing(fmt::format("the recipe has no {}; {}", slot.header, advice(slot)));
    }
    return table != nullptr ? read_component(*table, slot) : Resolved();
  }

  std::vector<Resolved> read_list(const RecipeValue* list, const Slot& slot) {
    std::vector<Resolved> result;
    if (list == nullptr) {
      return result;
    }
    if (list->kind != NodeKind::array) {
      complain(
          diagnostics_, *list,
          fmt::format("'{}' expects a list of tables, found {}", list->key, to_string(list->kind)));
      return result;
    }
    if (list->children.size() > kMaxListed) {
      complain(diagnostics_, *list,
               fmt::format("'{}' expects at most {} tables, found {}", list->key, kMaxListed,
                           list->children.size()));
      return result;
    }
    for (const RecipeValue& element : list->children) {
      Slot numbered = slot;
      numbered.label += fmt::format(" {}", result.size() + 1);
      if (element.kind != NodeKind::table) {
        complain(diagnostics_, element,
                 fmt::format("{} expects a table with 'use', found {}", numbered.label,
                             to_string(element.kind)));
        result.emplace_back();
        continue;
      }
      result.push_back(read_component(element, numbered));
    }
    return result;
  }

  Resolved read_component(const RecipeValue& table, const Slot& slot) {
    Resolved result;
    result.table = &table;
    if (table.kind != NodeKind::table) {
      return result;  // complained about where the section itself was read
    }
    const Component* const component = find_component(table, slot);
    if (component == nullptr) {
      return result;
    }
    result.good = true;
    result.planned.config = plugin::ConfigHandle(*component);
    result.planned.where = fmt::format("{} ({})", slot.label, component->id);
    read_params(table, *component, result.planned.config.get(), diagnostics_, files_);
    return result;
  }

  const Component* find_component(const RecipeValue& table, const Slot& slot) {
    const RecipeValue* const use = table.find("use");
    if (use == nullptr) {
      complain(diagnostics_, table,
               fmt::format("{} names no component; {}", slot.label, advice(slot)));
      return nullptr;
    }
    if (use->kind != NodeKind::string) {
      complain(diagnostics_, *use,
               fmt::format("'use' expects the id of a component, found {}", to_string(use->kind)));
      return nullptr;
    }
    const Component* const component = lookup_.find(use->text);
    if (component == nullptr) {
      complain(diagnostics_, *use, lookup_.not_found_message(use->text));
      explain_missing_ = true;
      return nullptr;
    }
    if (!slot.takes(component->kind)) {
      complain(diagnostics_, *use,
               fmt::format("{} is {}; {} takes {}", component->id, with_article(component->kind),
                           slot.header, slot.expectation()));
      return nullptr;
    }
    return component;
  }

  // How to fill the slot: "write use = "...", the id of a cost model, e.g. imbrex.cost.crossbar".
  std::string advice(const Slot& slot) const {
    std::string text = fmt::format("write use = \"...\", the id of {}", slot.expectation());
    for (const Component* component : lookup_.components()) {
      if (slot.takes(component->kind)) {
        return text + fmt::format(", e.g. {}", component->id);
      }
    }
    return text;
  }

  // Says what is missing between components; only when all of them are known.
  void check(const Resolved& architecture, const Resolved& cost,
             const std::vector<Resolved>& stages) {
    bool good = workload_.good && architecture.good && cost.good && !stages.empty();
    Chain chain;
    for (const Resolved& stage : stages) {
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

  const LoadedRecipe& recipe_;
  const RecipeValue& root_;
  const ComponentLookup& lookup_;
  Diagnostics diagnostics_;
  bool explain_missing_ = false;  // a component was not found
  std::vector<std::filesystem::path> files_;
  Resolved workload_;
};

}  // namespace

ResolvedPlan resolve(const RecipeSource& source, const ComponentLookup& lookup) {
  const LoadedRecipe recipe = load_recipe(source.path, source.overrides);
  return Resolver(recipe, lookup).resolve();
}

}  // namespace imbrex::recipe
