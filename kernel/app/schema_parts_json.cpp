// What schemas of all files are made of.
#include "plugin/component_json.hpp"
#include "schema.hpp"

#include <limits>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace imbrex::app {
namespace {

using Json = nlohmann::ordered_json;

std::string_view element_type(ParamType type) {
  switch (type) {
    case ParamType::boolean:
      return "boolean";
    case ParamType::integer:
    case ParamType::integer_array:
    case ParamType::integer_table:
      return "integer";
    case ParamType::real:
    case ParamType::real_array:
      return "number";
    default:
      return "string";
  }
}

Json limit_of(double value) {
  constexpr double kWhole = 9007199254740992;  // up to here doubles hold every integer
  if (value >= -kWhole && value <= kWhole &&
      value == static_cast<double>(static_cast<std::int64_t>(value))) {
    return static_cast<std::int64_t>(value);
  }
  return value;
}

void add_range(Json& out, const ParamSpec& spec) {
  if (!spec.has_range) {
    return;
  }
  if (spec.minimum > std::numeric_limits<double>::lowest()) {
    out["minimum"] = limit_of(spec.minimum);
  }
  if (spec.maximum < std::numeric_limits<double>::max()) {
    out["maximum"] = limit_of(spec.maximum);
  }
}

Json element(const ParamSpec& spec) {
  Json out;
  out["type"] = element_type(spec.type);
  add_range(out, spec);
  return out;
}

// Entries may be booleans, and lists for the axes of a tensor (recipe/param_reader.cpp).
Json integer_table(const ParamSpec& spec) {
  Json entry = element(spec);
  entry["items"] = entry;
  entry["type"] = {"integer", "boolean", "array"};
  Json out;
  out["type"] = "object";
  out["additionalProperties"] = std::move(entry);
  return out;
}

}  // namespace

Json typed_schema(std::string_view type, std::string_view doc) {
  Json out;
  out["type"] = type;
  out["description"] = doc;
  return out;
}

// Whatever a schema says of numbers, texts and lists holds for these alone, so that both fit into
// one: a mistake is told as one of the value, not as "neither of two".
Json or_unset(Json schema) {
  const Json mark = {{kUnsetMark, true}};
  if (schema.contains("enum")) {
    schema["enum"].push_back(mark);
  } else if (schema["type"] != "object") {
    schema["type"] = {schema["type"], "object"};
    schema["properties"] = {{kUnsetMark, {{"enum", {true}}}}};
    schema["required"] = {kUnsetMark};
    schema["additionalProperties"] = false;
  }
  return schema;
}

Json words_schema(std::span<const std::string_view> words, std::string_view doc) {
  Json out;
  out["description"] = doc;
  out["enum"] = std::vector<std::string>(words.begin(), words.end());
  return out;
}

Json texts_schema(std::string_view doc) {
  Json text = {{"type", "string"}, {"minLength", 1}};
  Json out = typed_schema("string", doc);
  out["type"] = {"string", "array"};
  out["minLength"] = 1;
  out["items"] = std::move(text);
  return out;
}

Json table_schema(std::span<const std::string_view> keys, Json schemas, std::string_view doc) {
  Json out = typed_schema("object", doc);
  out["additionalProperties"] = false;
  out["properties"] = Json::object();
  for (const std::string_view key : keys) {
    const auto found = schemas.find(key);
    if (found == schemas.end()) {
      throw std::logic_error(fmt::format("the key '{}' has no schema", key));
    }
    out["properties"][std::string(key)] = std::move(*found);
    schemas.erase(found);
  }
  if (!schemas.empty()) {
    throw std::logic_error(fmt::format("'{}' is no key any more", schemas.begin().key()));
  }
  return out;
}

Json allowed_schema(const ParamSpec& spec) {
  Json out;
  switch (spec.type) {
    case ParamType::choice:
      out["enum"] = std::vector<std::string>(spec.choices.begin(), spec.choices.end());
      break;
    case ParamType::integer_table:
      out = integer_table(spec);
      break;
    case ParamType::integer_array:
    case ParamType::real_array:
    case ParamType::text_array:
      out["type"] = "array";
      out["items"] = element(spec);
      break;
    default:
      out = element(spec);
  }
  return or_unset(std::move(out));
}

Json component_schema(const Component& component) {
  const std::string source =
      component.citation.empty() ? "" : fmt::format(" ({})", component.citation);
  Json out = typed_schema("object", std::string(component.summary) + source);
  out["title"] = component.id;
  out["additionalProperties"] = false;
  out["properties"]["use"]["enum"] = {component.id};
  const plugin::ConfigHandle defaults(component);
  for (const ParamSpec& spec : component.params) {
    Json& parameter = out["properties"][std::string(spec.name)];
    parameter["description"] =
        std::string(spec.doc) +
        (spec.unit_name.empty() ? "" : fmt::format(" (unit: {})", spec.unit_name));
    if (!spec.required) {
      parameter["default"] = plugin::default_json(spec, defaults.value(spec));
    }
  }
  return out;
}

std::string schema_text(const Json& schema) {
  return schema.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace imbrex::app
