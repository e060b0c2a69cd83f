#include "given_shapes.hpp"

#include "text.hpp"

#include <imbrex/plugin/document.hpp>
#include <imbrex/plugin/error.hpp>

#include <algorithm>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

[[noreturn]] void fail_on_entry(const std::string& name) {
  throw InputError(
      fmt::format("[workload.shape] needs a list of extents for every tensor, for example:\n  "
                  "[workload.shape]\n  \"{}\" = [1, 64, 7, 7]",
                  printable(name)));
}

struct Place {
  std::string name;
  std::string axis;  // empty: of a scalar
};

Place place_of(const std::string& entry) {
  const std::size_t dot = entry.rfind('.');
  if (dot == std::string::npos ||
      !std::all_of(entry.begin() + static_cast<std::ptrdiff_t>(dot) + 1, entry.end(),
                   [](char c) { return c >= '0' && c <= '9'; })) {
    fail_on_entry(entry);
  }
  return {entry.substr(0, dot), entry.substr(dot + 1)};
}

}  // namespace

GivenShapes::GivenShapes(std::span<const NamedInteger> entries) {
  std::map<std::string, std::map<std::string, std::int64_t>> axes;  // by name, by axis
  for (const NamedInteger& entry : entries) {
    const Place place = place_of(entry.name);
    shapes_[place.name];
    if (entry.value < 0) {
      throw InputError(fmt::format("[workload.shape] gives {} the extent {}; it cannot be negative",
                                   in_quotes(place.name), entry.value));
    }
    const bool fresh =
        place.axis.empty() || axes[place.name].emplace(place.axis, entry.value).second;
    if (!fresh) {
      throw InputError(fmt::format("[workload.shape] gives axis {} of {} twice", place.axis,
                                   in_quotes(place.name)));
    }
  }
  for (const auto& [name, extents] : axes) {
    for (std::size_t axis = 0; axis < extents.size(); ++axis) {
      const auto extent = extents.find(std::to_string(axis));
      if (extent == extents.end()) {
        fail_on_entry(name);
      }
      shapes_[name].push_back(extent->second);
    }
  }
}

const Dims* GivenShapes::find(const std::string& name) const {
  if (shapes_.empty()) {
    return nullptr;
  }
  const auto found = shapes_.find(name);
  asked_[name] = found != shapes_.end();
  return found == shapes_.end() ? nullptr : &found->second;
}

void GivenShapes::require_all_used() const {
  for (const auto& [name, dims] : shapes_) {
    if (asked_.contains(name)) {
      continue;
    }
    std::vector<std::string_view> known;
    for (const auto& [other, given] : asked_) {
      known.push_back(other);
    }
    const std::string_view near = nearest_name(name, known);
    throw InputError(fmt::format(
        "[workload.shape] names {}, which is neither an input nor a result of a node{}",
        in_quotes(name),
        near.empty() ? std::string() : fmt::format("; did you mean {}?", in_quotes(near))));
  }
}

}  // namespace imbrex::onnx_reader
