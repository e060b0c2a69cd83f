// JSON Schema, draft-04, of the files that people write: editors check, complete and explain them
// with it. Everything is taken from what the readers themselves use: the words of the formats, and
// what components say of their parameters.
#pragma once

#include "plugin/registry.hpp"

#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace imbrex::app {

// Of recipes, with the parameters of the components at hand. A recipe that extends another one may
// leave out whatever that one says. Ends with a newline.
std::string recipe_schema(const plugin::Registry& registry);
// Of the files of experiments (ablations). Ends with a newline.
std::string experiment_schema();

inline constexpr const char* kSchemaDraft = "http://json-schema.org/draft-04/schema#";

// {"unset": true} takes away what a base writes, whatever type that has.
inline constexpr const char* kUnsetMark = "unset";

// {"type": type, "description": doc}
nlohmann::ordered_json typed_schema(std::string_view type, std::string_view doc);
// A value, or the mark that takes it away.
nlohmann::ordered_json or_unset(nlohmann::ordered_json schema);
nlohmann::ordered_json words_schema(std::span<const std::string_view> words, std::string_view doc);
// One text that is not empty, or a list of them.
nlohmann::ordered_json texts_schema(std::string_view doc);
// A table without other keys: one schema per key, in the order of the keys. Errors:
// std::logic_error when a key has no schema, or a schema no key: the format has grown.
nlohmann::ordered_json table_schema(std::span<const std::string_view> keys,
                                    nlohmann::ordered_json schemas, std::string_view doc);
// What a parameter may be: its type, range and choices.
nlohmann::ordered_json allowed_schema(const ParamSpec& spec);
// The table of a component: its id, which parameters it has, what they mean and their defaults.
// Not what they may be, which the table of a section says (recipe_schema_json.cpp).
nlohmann::ordered_json component_schema(const Component& component);
// As printed.
std::string schema_text(const nlohmann::ordered_json& schema);

}  // namespace imbrex::app
