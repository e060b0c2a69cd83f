#include "packed_json.hpp"

#include <nlohmann/json.hpp>

namespace imbrex::html {

Json packed(std::span<const std::int64_t> values) {
  const std::int64_t first = values.empty() ? 0 : values[0];
  const std::int64_t step = values.size() < 2 ? 0 : values[1] - values[0];
  bool even = true;
  for (std::size_t i = 1; i < values.size(); ++i) {
    even = even && values[i] - values[i - 1] == step;
  }
  if (even) {
    return {{"n", values.size()}, {"first", first}, {"step", step}};
  }
  Json list = Json::array();
  std::int64_t before = 0;
  for (const std::int64_t value : values) {
    list.push_back(value - before);
    before = value;
  }
  return list;
}

}  // namespace imbrex::html
