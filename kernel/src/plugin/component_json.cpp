#include "plugin/component_json.hpp"

#include "plugin/kinds.hpp"
#include "plugin/parameter_text.hpp"
#include "plugin/traits.hpp"

#include <nlohmann/json.hpp>

namespace imbrex::plugin {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

nlohmann::ordered_json default_json(const ParamSpec& spec, const ParamValue& value) {
  switch (value.type) {
    case ParamType::boolean:
      return value.boolean;
    case ParamType::integer:
      return value.integer;
    case ParamType::real:
      return value.real;
    case ParamType::text:
    case ParamType::path:
      return std::string(value.text);
    case ParamType::choice:
      return std::string(spec.choices[static_cast<std::size_t>(value.integer)]);
    case ParamType::integer_array:
      return std::vector<std::int64_t>(value.integers.begin(), value.integers.end());
    case ParamType::real_array:
      return std::vector<double>(value.reals.begin(), value.reals.end());
    case ParamType::text_array:
      return std::vector<std::string>(value.texts.begin(), value.texts.end());
    case ParamType::integer_table:
      break;
  }
  Json table = Json::object();
  for (const NamedInteger& entry : value.table) {
    table[entry.name] = entry.value;
  }
  return table;
}

namespace {

Json parameter(const ParamSpec& spec, const ParamValue& value) {
  Json out;
  out["name"] = std::string(spec.name);
  out["type"] = type_text(spec.type);
  out["doc"] = std::string(spec.doc);
  out["required"] = spec.required;
  if (!spec.required) {
    out["default"] = default_json(spec, value);
  }
  if (!spec.unit_name.empty()) {
    out["unit"] = std::string(spec.unit_name);
  }
  if (spec.has_range) {
    out["minimum"] = spec.minimum;
    out["maximum"] = spec.maximum;
  }
  if (!spec.choices.empty()) {
    out["choices"] = std::vector<std::string>(spec.choices.begin(), spec.choices.end());
  }
  return out;
}

Json fact(const FactSpec& spec) {
  Json out;
  out["name"] = std::string(spec.name);
  if (!spec.unit.empty()) {
    out["unit"] = std::string(spec.unit);
  }
  out["meaning"] = std::string(spec.meaning);
  return out;
}

Json component(const Registry& registry, const Component& described) {
  const PluginEntry& entry = registry.plugin_of(described);
  const ConfigHandle defaults(described);
  Json out;
  out["id"] = std::string(described.id);
  out["kind"] = std::string(words_of(described.kind).interface_name);
  out["summary"] = std::string(described.summary);
  out["citation"] = std::string(described.citation);
  out["requires"] = trait_list(described.requires_traits);
  out["provides"] = trait_list(described.provides_traits);
  out["plugin"] = std::string(entry.descriptor->id);
  out["version"] = std::string(entry.descriptor->version);
  out["file"] = entry.path.string();
  out["parameters"] = Json::array();
  for (const ParamSpec& spec : described.params) {
    out["parameters"].push_back(parameter(spec, defaults.value(spec)));
  }
  out["facts"] = Json::array();
  for (const FactSpec& spec : described.facts) {
    out["facts"].push_back(fact(spec));
  }
  return out;
}

Json library(const Registry& registry, const PluginEntry& entry) {
  constexpr const char* kStates[] = {"loaded", "refused", "failed to open"};
  Json out;
  out["file"] = entry.path.string();
  out["state"] = kStates[index(entry.state)];
  if (entry.descriptor == nullptr) {
    out["message"] = entry.message;
    return out;
  }
  out["id"] = std::string(entry.descriptor->id);
  out["version"] = std::string(entry.descriptor->version);
  out["summary"] = std::string(entry.descriptor->summary);
  out["license"] = std::string(entry.descriptor->license);
  out["compiler"] = std::string(entry.descriptor->compiler);
  out["sha256"] = registry.sha256_of(entry);
  return out;
}

// Messages may quote bytes of broken files: replace what is not UTF-8 instead of throwing.
std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string plugins_json(const Registry& registry) {
  Json out;
  out["imbrex"] = IMBREX_VERSION;
  out["libraries"] = Json::array();
  for (const PluginEntry& entry : registry.plugins()) {
    out["libraries"].push_back(library(registry, entry));
  }
  out["components"] = Json::array();
  for (const Component* each : registry.components()) {
    out["components"].push_back(component(registry, *each));
  }
  return dump(out);
}

std::string component_json(const Registry& registry, const Component& described) {
  return dump(component(registry, described));
}

}  // namespace imbrex::plugin
