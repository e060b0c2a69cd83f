#include "recipe/component_reader.hpp"

#include "recipe/read_params.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace imbrex::recipe {
namespace {

// Stages or reports of one recipe; people write five.
constexpr std::size_t kMaxListed = 1000;

}  // namespace

bool Slot::takes(Kind kind) const {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

std::string Slot::expectation() const {
  std::string text;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    text += i == 0 ? "" : i + 1 == kinds.size() ? " or " : ", ";
    text += with_article(kinds[i]);
  }
  return text;
}

std::string ComponentReader::advice(const Slot& slot) const {
  std::string text = fmt::format("write use = \"...\", the id of {}", slot.expectation());
  for (const Component* component : lookup_.components()) {
    if (slot.takes(component->kind)) {
      return text + fmt::format(", e.g. {}", component->id);
    }
  }
  return text;
}

std::vector<ResolvedComponent> ComponentReader::read_list(const RecipeValue* list,
                                                          const Slot& slot) {
  std::vector<ResolvedComponent> result;
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
    numbered.path += fmt::format(".{}", result.size() + 1);
    if (element.kind != NodeKind::table) {
      complain(diagnostics_, element,
               fmt::format("{} expects a table with 'use', found {}", numbered.label,
                           to_string(element.kind)));
      result.emplace_back();
      continue;
    }
    result.push_back(read(element, numbered));
  }
  return result;
}

ResolvedComponent ComponentReader::read(const RecipeValue& table, const Slot& slot) {
  ResolvedComponent result;
  result.table = &table;
  result.path = slot.path;
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
  read_params({table, *component, slot.path}, result.planned.config.get(), diagnostics_, files_);
  return result;
}

const Component* ComponentReader::find_component(const RecipeValue& table, const Slot& slot) {
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
    has_missed_ = true;
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

}  // namespace imbrex::recipe
