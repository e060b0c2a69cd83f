// The schema of recipes.
#include "recipe/recipe_keys.hpp"
#include "recipe/recipe_name.hpp"
#include "recipe/recipe_sections.hpp"
#include "schema.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace imbrex::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kDigest = "^sha256:[0-9a-f]{64}$";

Json definition(std::string_view name) {
  return {{"$ref", fmt::format("#/definitions/{}", name)}};
}

std::string whole(const recipe::Section& section) {
  return fmt::format("whole-{}", section.key);
}

Json alternatives(std::initializer_list<Json> schemas) {
  Json out;
  out["anyOf"] = Json::array();
  for (const Json& each : schemas) {
    out["anyOf"].push_back(each);
  }
  return out;
}

// What the parameters of components of one section may be, by name: a list of all that is allowed.
using Allowed = std::map<std::string, Json>;

Allowed allowed_of(std::span<const Component* const> components) {
  Allowed found;
  for (const Component* each : components) {
    for (const ParamSpec& spec : each->params) {
      Json& known = found.try_emplace(std::string(spec.name), Json::array()).first->second;
      Json allowed = allowed_schema(spec);
      if (std::find(known.begin(), known.end(), allowed) == known.end()) {
        known.push_back(std::move(allowed));
      }
    }
  }
  return found;
}

// Which parameters a component has, what they mean, and what they may be where that is not the same
// for all components of its section.
Json described(const Component& component, const Allowed& allowed) {
  Json out = component_schema(component);
  for (const ParamSpec& spec : component.params) {
    const std::string name(spec.name);
    if (allowed.at(name).size() > 1) {
      out["properties"][name].update(allowed_schema(spec));
    }
  }
  return out;
}

// A component, once it is named, with all that must be given: each is one that is not named, or has
// what it needs.
Json completeness(std::span<const Component* const> components) {
  Json out = {{"required", {"use"}}};
  for (const Component* each : components) {
    Json required = Json::array();
    for (const ParamSpec& spec : each->params) {
      if (spec.required) {
        required.push_back(spec.name);
      }
    }
    if (!required.empty()) {
      const Json named = {{"properties", {{"use", {{"enum", {each->id}}}}}}};
      out["allOf"].push_back(alternatives({{{"not", named}}, {{"required", required}}}));
    }
  }
  return out;
}

std::vector<const Component*> components_of(const recipe::Section& section,
                                            const plugin::Registry& registry) {
  std::vector<const Component*> out;
  for (const Component* each : registry.components()) {
    if (section.takes(each->kind)) {
      out.push_back(each);
    }
  }
  return out;
}

// A component and its parameters. Without `use` it has those of any one component of the section.
// What parameters may be is said here, and not by each component, so that a mistake is told at the
// value, and not as "none of these twenty components".
Json section_table(const recipe::Section& section, std::span<const Component* const> components,
                   const Allowed& allowed) {
  Json out =
      typed_schema("object", fmt::format("{}: a component and its parameters", section.header));
  if (components.empty()) {  // no plugin: nothing can be said
    return out;
  }
  out["additionalProperties"] = false;
  out["properties"]["use"] = typed_schema("string", "Id of the component");
  out["properties"][kUnsetMark]["enum"] = {true};
  for (const auto& [name, schemas] : allowed) {
    out["properties"][name] = schemas.size() == 1 ? schemas[0] : Json{{"anyOf", schemas}};
  }
  Json ids = Json::array();
  out["anyOf"] = Json::array();
  for (const Component* each : components) {
    ids.push_back(each->id);
    out["anyOf"].push_back(definition(each->id));
  }
  // An unknown id is told by `use` alone.
  const Json known = {{"properties", {{"use", {{"enum", ids}}}}}};
  out["anyOf"].push_back({{"not", known}});
  out["anyOf"].push_back(definition(kUnsetMark));
  out["properties"]["use"]["enum"] = std::move(ids);
  return out;
}

Json list_of(const recipe::Section& section, std::string_view doc) {
  Json out = typed_schema("array", doc);
  out["items"]["allOf"] = {definition(section.key), definition(whole(section))};
  return out;
}

Json digests(std::string_view doc) {
  Json out = typed_schema("object", doc);
  out["additionalProperties"] = or_unset({{"type", "string"}, {"pattern", kDigest}});
  return out;
}

Json stages(std::string_view doc) {
  Json out = list_of(recipe::kStageSection, doc);
  out["minItems"] = 1;
  return or_unset(std::move(out));
}

Json baseline() {
  Json keys;
  keys["stages"] = stages("The stages in place of those of the recipe");
  keys["architecture"] = definition(recipe::kArchitectureSection.key);
  keys["cost"] = definition(recipe::kCostSection.key);
  Json out =
      table_schema(recipe::kBaselineKeys, std::move(keys), "What speed-ups are quoted against");
  out["properties"][kUnsetMark]["enum"] = {true};
  return out;
}

Json plugins() {
  Json keys;
  keys["paths"] = typed_schema("array", "Folders or libraries with plugins, relative to this file");
  keys["paths"]["items"] = {{"type", "string"}, {"minLength", 1}};
  keys["paths"] = or_unset(keys["paths"]);
  keys["pin"] = digests("Plugin id = digest: refuses other binaries");
  return table_schema(recipe::kPluginsKeys, std::move(keys), "Where further plugins are");
}

// What a profile may change as well as the recipe itself.
Json changeable() {
  Json keys;
  keys["name"] = typed_schema("string", "Names the result folder; default: the name of the file");
  keys["name"]["pattern"] = "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$";
  keys["seed"] = typed_schema("integer", "All random numbers of a run derive from it; default 0");
  keys["seed"]["minimum"] = 0;
  keys["objective"] =
      words_schema(recipe::kObjectives, "What searches make small; default latency");
  for (const char* const key : {"name", "seed", "objective"}) {
    keys[key] = or_unset(std::move(keys[key]));
  }
  for (const recipe::Section& section : recipe::kSections) {
    keys[std::string(section.key)] = definition(section.key);
  }
  keys["stage"] = stages("Partitioners, searches and analyzers in the order they run");
  keys["report"] = or_unset(list_of(recipe::kReportSection, "Reporters"));
  keys["baseline"] = baseline();
  keys["plugins"] = plugins();
  keys["files"] = digests("Path = digest: the file must have this content");
  return keys;
}

Json recipe_table() {
  Json keys = changeable();
  keys["imbrex"] = typed_schema("integer", "Version of the format");
  keys["imbrex"]["enum"] = {recipe::kRecipeFormat};
  keys["extends"] = texts_schema("Paths of the recipes that this one changes");
  Json refs;
  for (const std::string_view key : recipe::kProfileKeys) {
    refs[std::string(key)] = {{"$ref", fmt::format("#/properties/{}", key)}};
  }
  keys["profile"] = typed_schema("object", "Changes that --profile NAME makes");
  keys["profile"]["additionalProperties"] =
      table_schema(recipe::kProfileKeys, std::move(refs), "Laid on the recipe by --profile");
  return table_schema(recipe::kRecipeKeys, std::move(keys),
                      "What to compute, on what, at which cost, and which stages schedule it");
}

// A recipe without a base says everything itself. Only what is lacking, not what it says: else
// every mistake would be told as one of the whole file.
Json stands_alone() {
  Json out;
  out["required"] = {"imbrex"};
  for (const recipe::Section& section : recipe::kSections) {
    if (section.key != recipe::kReportSection.key) {
      out["required"].push_back(section.key);
    }
    if (!section.is_list()) {
      out["properties"][std::string(section.key)] = definition(whole(section));
    }
  }
  out["properties"]["baseline"]["required"] = {"stages"};
  return out;
}

}  // namespace

std::string recipe_schema(const plugin::Registry& registry) {
  Json out;
  out["$schema"] = kSchemaDraft;
  out["title"] = "Imbrex recipe";
  out.update(recipe_table());
  out["anyOf"] = Json::array({{{"required", {"extends"}}}, stands_alone()});
  Json mark = typed_schema("object", "Takes away what a base writes");
  mark["properties"] = {{kUnsetMark, {{"enum", {true}}}}};
  mark["required"] = {kUnsetMark};
  mark["additionalProperties"] = false;
  out["definitions"][kUnsetMark] = std::move(mark);
  for (const recipe::Section& section : recipe::kSections) {
    const std::vector<const Component*> components = components_of(section, registry);
    const Allowed allowed = allowed_of(components);
    out["definitions"][std::string(section.key)] = section_table(section, components, allowed);
    out["definitions"][whole(section)] = completeness(components);
    for (const Component* each : components) {
      out["definitions"][std::string(each->id)] = described(*each, allowed);
    }
  }
  return schema_text(out);
}

}  // namespace imbrex::app
