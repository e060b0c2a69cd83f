#include "experiment/experiment_reader.hpp"

#include <fmt/format.h>

namespace imbrex::experiment {
namespace {

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace

std::string value_text(DocumentNode value) {
  switch (value.kind()) {
    case NodeKind::string:
      return toml_string(*value.string());
    case NodeKind::integer:
      return std::to_string(*value.integer());
    case NodeKind::real: {
      const std::string text = fmt::format("{}", *value.real());
      return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
    }
    case NodeKind::boolean:
      return *value.boolean() ? "true" : "false";
    default:
      break;
  }
  const bool is_table = value.kind() == NodeKind::table;
  std::string text = is_table ? "{" : "[";
  for (std::size_t i = 0; i < value.size(); ++i) {
    text += i == 0 ? "" : ", ";
    text += is_table ? toml_string(value[i].key()) + " = " : "";
    text += value_text(value[i]);
  }
  return text + (is_table ? "}" : "]");
}

std::string override_text(std::string_view key, DocumentNode value) {
  return std::string(key) + "=" + value_text(value);
}

}  // namespace imbrex::experiment
