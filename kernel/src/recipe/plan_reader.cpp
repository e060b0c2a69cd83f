// Makes the [workload] table that a recipe for this network would have, and reads it as such.
#include "recipe/plan_reader.hpp"

#include "recipe/load_recipe.hpp"
#include "recipe/read_params.hpp"

#include <memory>
#include <utility>

#include <fmt/format.h>

namespace imbrex::recipe {
namespace {

constexpr std::string_view kSection = "workload";

// The reader whose name is the ending of the file: vendor.workload.onnx reads network.onnx.
const Component* named_after(const std::string& ending, const plugin::Registry& registry) {
  for (const Component* component : registry.components()) {
    if (component->kind == Kind::workload_reader && !ending.empty() &&
        component->id.ends_with(ending)) {
      return component;
    }
  }
  return nullptr;
}

const Component& reader_of(const NetworkSource& source, const plugin::Registry& registry) {
  if (!source.reader.empty()) {
    const Component* const component = registry.find(source.reader);
    if (component == nullptr) {
      throw InputError(registry.not_found_message(source.reader));
    }
    if (component->kind != Kind::workload_reader) {
      throw InputError(fmt::format("{} reads no networks", source.reader));
    }
    return *component;
  }
  const std::string ending = std::filesystem::path(source.file).extension().string();
  const Component* const component = named_after(ending, registry);
  if (component == nullptr) {
    throw InputError(
        fmt::format("no workload reader is named after the ending '{}' of '{}'; name "
                    "one with --reader",
                    ending, source.file));
  }
  return *component;
}

RecipeValue text_value(const Document& document, std::string_view key, std::string_view text) {
  RecipeValue value;
  value.kind = NodeKind::string;
  value.key = key;
  value.document = &document;
  value.text = text;
  return value;
}

RecipeValue table_value(const Document& document, std::string_view key) {
  RecipeValue table;
  table.kind = NodeKind::table;
  table.key = key;
  table.document = &document;
  return table;
}

}  // namespace

PlannedComponent plan_reader(const NetworkSource& source, const plugin::Registry& registry) {
  const Component& component = reader_of(source, registry);
  LoadedRecipe recipe;
  // Paths in it are relative to the working folder, as on any command line.
  recipe.documents.push_back(
      std::make_shared<const Document>(Document::without_values("", kOverridesName)));
  const Document& document = *recipe.documents.front();
  RecipeValue table = table_value(document, kSection);
  table.children.push_back(text_value(document, "use", component.id));
  table.children.push_back(text_value(document, "file", source.file));
  recipe.root = table_value(document, "");
  recipe.root.children.push_back(std::move(table));
  Edits edits;
  for (const std::string& parameter : source.parameters) {
    edits.emplace_back(fmt::format("{}.{}", kSection, parameter));
  }
  apply_edits(recipe, edits);
  PlannedComponent planned{plugin::ConfigHandle(component),
                           fmt::format("{} ({})", kSection, component.id)};
  Diagnostics diagnostics;
  std::vector<std::filesystem::path> files;
  read_params({*recipe.root.find(kSection), component, {}}, planned.config.get(), diagnostics,
              files);
  diagnostics.throw_if_any();
  return planned;
}

}  // namespace imbrex::recipe
