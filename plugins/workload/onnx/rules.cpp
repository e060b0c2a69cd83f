#include "rules.hpp"

#include <map>
#include <utility>

namespace imbrex::onnx_reader {
namespace {

// By domain and type: both domains have an Attention.
using Table = std::map<std::pair<std::string_view, std::string_view>, const Rule*>;

Table make_table() {
  Table table;
  for (const std::span<const Rule> family :
       {convolution_rules(), pool_rules(), product_rules(), fused_product_rules(), einsum_rules(),
        attention_rules(), recurrent_rules(), pointwise_rules(), normalization_rules(),
        layout_rules(), slicing_rules(), resize_rules(), gather_rules(), reduction_rules()}) {
    for (const Rule& rule : family) {
      table.emplace(std::pair(rule.domain, rule.type), &rule);
    }
  }
  return table;
}

const Table& table_of_rules() {
  static const Table table = make_table();
  return table;
}

}  // namespace

std::vector<const Rule*> all_rules() {
  std::vector<const Rule*> rules;
  for (const auto& [name, rule] : table_of_rules()) {
    rules.push_back(rule);
  }
  return rules;
}

const Rule* find_rule(std::string_view domain, std::string_view type) noexcept {
  const Table& table = table_of_rules();
  const auto found = table.find(std::pair(domain, type));
  return found != table.end() ? found->second : nullptr;
}

}  // namespace imbrex::onnx_reader
