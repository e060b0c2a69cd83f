#include "recipe/recipe_name.hpp"

#include "recipe/recipe_head.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::recipe {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxNameBytes = 100;

bool is_name_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

// What a workload is known by, and the last layer that chose it.
struct Network {
  std::string name;
  std::uint32_t layer = 0;
};

// Named after its first file, or after its reader when that makes it up.
Network network_of(const ResolvedComponent& workload) {
  Network network;
  if (!workload.good) {
    return network;
  }
  const RecipeValue& use = *workload.table->find("use");
  network.layer = use.changed;
  for (const ParamSpec& spec : workload.planned.config.component().params) {
    const RecipeValue* const file =
        spec.type == ParamType::path ? workload.table->find(spec.name) : nullptr;
    if (file != nullptr && !file->text.empty()) {
      network.name = network.name.empty() ? fs::path(file->text).stem().string() : network.name;
      network.layer = std::max(network.layer, file->changed);
    }
  }
  if (network.name.empty()) {
    network.name = use.text.substr(use.text.rfind('.') + 1);
  }
  return network;
}

void check_name(const RecipeValue& name, Diagnostics& diagnostics) {
  if (name.kind != NodeKind::string) {
    complain_type(name, "a string", diagnostics);
  } else if (!is_run_name(name.text)) {
    complain(diagnostics, name,
             "'name' becomes the name of a folder: up to 100 letters, digits, '.', '_' or '-', not "
             "starting with '.'");
  }
}

}  // namespace

bool is_run_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= kMaxNameBytes && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), is_name_character);
}

std::string made_a_name(std::string name) {
  for (char& c : name) {
    c = is_name_character(c) ? c : '-';
  }
  return is_run_name(name) ? name : "recipe";
}

std::string recipe_name(LoadedRecipe& recipe, const ResolvedComponent& workload,
                        Diagnostics& diagnostics) {
  const std::string of_file = made_a_name(recipe.path.stem().string());
  const RecipeValue* const given = recipe.root.find("name");
  const Network network = network_of(workload);
  if (given != nullptr) {
    check_name(*given, diagnostics);
  }
  if (given != nullptr && given->stated >= network.layer) {
    return given->text;
  }
  // A name that the recipe itself gives is meant for what it says itself.
  const bool is_own = given != nullptr && given->stated + 1 >= recipe.file_layers;
  std::string name = is_own ? given->text : of_file;
  if (network.layer < recipe.file_layers) {
    return name;
  }
  name = made_a_name(fmt::format("{}-{}", network.name, name).substr(0, kMaxNameBytes));
  if (given != nullptr) {
    tell(recipe.notes, "note", *given->document, given->position,
         fmt::format("'{}' names what the recipe does with another workload; with this one it is "
                     "called '{}' unless a name is given beside the workload",
                     given->text, name));
  }
  return name;
}

}  // namespace imbrex::recipe
