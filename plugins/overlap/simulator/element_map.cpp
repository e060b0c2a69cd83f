#include "element_map.hpp"

namespace imbrex::simulator {
namespace {

constexpr std::uint32_t kNobody = 0xffffffff;

bool cuts_axis(std::span<const Region> regions, std::size_t axis, std::int64_t extent) {
  for (const Region& region : regions) {
    if (!region.empty() && region.axis[axis] != Interval{0, extent}) {
      return true;
    }
  }
  return false;
}

}  // namespace

ElementMap::ElementMap(const Shape& shape, std::span<const Region> regions) {
  std::size_t elements = 1;
  for (std::size_t axis = shape.rank; axis-- > 0;) {
    if (cuts_axis(regions, axis, shape.extent[axis])) {
      pitch_[axis] = elements;
      elements *= static_cast<std::size_t>(shape.extent[axis]);
    }
  }
  for (std::uint32_t job = 0; job < regions.size(); ++job) {
    if (regions[job].empty()) {
      continue;
    }
    std::size_t layer = 0;
    while (layer < layers_.size() && !is_clear(layers_[layer], regions[job])) {
      ++layer;
    }
    if (layer == layers_.size()) {
      layers_.emplace_back(elements, kNobody);
    }
    for_each_element(regions[job], [&](std::size_t element) { layers_[layer][element] = job; });
  }
}

template <class Visit>
void ElementMap::for_each_element(const Region& region, Visit visit) const {
  std::array<std::int64_t, kMaxRank> at{};
  std::size_t element = 0;
  for (std::size_t axis = 0; axis < kMaxRank; ++axis) {
    at[axis] = region.axis[axis].begin;
    element += static_cast<std::size_t>(at[axis]) * pitch_[axis];
  }
  while (true) {
    visit(element);
    std::size_t axis = kMaxRank;
    while (axis-- > 0) {
      if (pitch_[axis] == 0) {
        continue;
      }
      element += pitch_[axis];
      if (++at[axis] < region.axis[axis].end) {
        break;
      }
      element -= static_cast<std::size_t>(region.axis[axis].extent()) * pitch_[axis];
      at[axis] = region.axis[axis].begin;
    }
    if (axis == static_cast<std::size_t>(-1)) {
      return;
    }
  }
}

bool ElementMap::is_clear(const std::vector<std::uint32_t>& layer, const Region& region) const {
  bool clear = true;
  for_each_element(region,
                   [&](std::size_t element) { clear = clear && layer[element] == kNobody; });
  return clear;
}

void ElementMap::find(const Region& region, std::vector<std::uint32_t>& out) const {
  if (region.empty()) {
    return;
  }
  for (const std::vector<std::uint32_t>& layer : layers_) {
    std::uint32_t previous = kNobody;
    for_each_element(region, [&](std::size_t element) {
      if (layer[element] != previous && layer[element] != kNobody) {
        out.push_back(layer[element]);
      }
      previous = layer[element];
    });
  }
}

}  // namespace imbrex::simulator
