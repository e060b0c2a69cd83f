#include "rules.hpp"

#include <unordered_map>

namespace imbrex::onnx_reader {
namespace {

using Table = std::unordered_map<std::string_view, const Rule*>;

Table make_table() {
  Table table;
  for (const std::span<const Rule> family :
       {convolution_rules(), pool_rules(), product_rules(), recurrent_rules(), pointwise_rules(),
        normalization_rules(), layout_rules(), slicing_rules(), resize_rules(), gather_rules(),
        reduction_rules()}) {
    for (const Rule& rule : family) {
      table.emplace(rule.type, &rule);
    }
  }
  return table;
}

}  // namespace

const Rule* find_rule(std::string_view domain, std::string_view type) noexcept {
  static const Table table = make_table();
  const auto found = table.find(type);
  return found != table.end() && found->second->domain == domain ? found->second : nullptr;
}

}  // namespace imbrex::onnx_reader
