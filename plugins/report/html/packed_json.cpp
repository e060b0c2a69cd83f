#include "packed_json.hpp"

#include <nlohmann/json.hpp>

namespace imbrex::html {

namespace {

// The numbers from `begin` on that are evenly apart; at least one.
std::size_t run_end(std::span<const std::int64_t> values, std::size_t begin) noexcept {
  std::size_t end = begin + 1;
  while (end < values.size() &&
         (end == begin + 1 || values[end] - values[end - 1] == values[begin + 1] - values[begin])) {
    ++end;
  }
  return end;
}

Json differences(std::span<const std::int64_t> values) {
  Json list = Json::array();
  std::int64_t before = 0;
  for (const std::int64_t value : values) {
    list.push_back(value - before);
    before = value;
  }
  return list;
}

}  // namespace

Json packed(std::span<const std::int64_t> values) {
  Json runs = Json::array();
  for (std::size_t begin = 0; begin < values.size();) {
    const std::size_t end = run_end(values, begin);
    runs.push_back(end - begin);
    runs.push_back(values[begin]);
    runs.push_back(end - begin > 1 ? values[begin + 1] - values[begin] : 0);
    begin = end;
    if (runs.size() >= values.size() && values.size() > 3) {
      return differences(values);
    }
  }
  return {{"runs", std::move(runs)}};
}

}  // namespace imbrex::html
