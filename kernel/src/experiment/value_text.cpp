#include "experiment/experiment_reader.hpp"
#include "recipe/toml_text.hpp"

namespace imbrex::experiment {
std::string value_text(DocumentNode value) {
  switch (value.kind()) {
    case NodeKind::string:
      return recipe::toml_string(*value.string());
    case NodeKind::integer:
      return std::to_string(*value.integer());
    case NodeKind::real:
      return recipe::toml_real(*value.real());
    case NodeKind::boolean:
      return *value.boolean() ? "true" : "false";
    default:
      break;
  }
  const bool is_table = value.kind() == NodeKind::table;
  std::string text = is_table ? "{" : "[";
  for (std::size_t i = 0; i < value.size(); ++i) {
    text += i == 0 ? "" : ", ";
    text += is_table ? recipe::toml_key(value[i].key()) + " = " : "";
    text += value_text(value[i]);
  }
  return text + (is_table ? "}" : "]");
}

std::string override_text(std::string_view key, DocumentNode value) {
  return std::string(key) + "=" + value_text(value);
}

}  // namespace imbrex::experiment
