#include <imbrex/values/result.hpp>

namespace imbrex {

void Metrics::set(std::string_view name, MetricValue value) {
  for (auto& [known, old] : values) {
    if (known == name) {
      old = value;
      return;
    }
  }
  values.emplace_back(std::string(name), value);
}

const MetricValue* Metrics::find(std::string_view name) const noexcept {
  for (const auto& [known, value] : values) {
    if (known == name) {
      return &value;
    }
  }
  return nullptr;
}

}  // namespace imbrex
