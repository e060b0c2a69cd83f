#include <imbrex/plugin/error.hpp>
#include <imbrex/values/topology.hpp>

#include <cstdlib>

namespace imbrex {

void Topology::step(std::int32_t& at, Direction way, bool express, std::int32_t count,
                    std::vector<std::int32_t>& links) const {
  for (std::int32_t i = 0; i < count; ++i) {
    const std::int32_t link = next_[at][express ? 1 : 0][way];
    links.push_back(link);
    at = links_[link].to;
  }
}

void Topology::along(std::int32_t& at, bool in_row, std::int32_t distance, ExpressUse use,
                     std::vector<std::int32_t>& links) const {
  if (distance == 0) {
    return;
  }
  if (kind_ == TopologyKind::flattened_butterfly) {
    const std::int32_t row = at / columns_;
    const std::int32_t column = at % columns_;
    const std::int32_t target = in_row ? column + distance : row + distance;
    const std::int32_t here = in_row ? column : row;
    const std::int32_t slot = (in_row ? 0 : columns_ - 1) + (target > here ? target - 1 : target);
    links.push_back(at * (columns_ + rows_ - 2) + slot);
    at = in_row ? node(row, target) : node(target, column);
    return;
  }
  const Direction way = in_row ? (distance > 0 ? east : west) : (distance > 0 ? south : north);
  const std::int32_t steps = std::abs(distance);
  const std::int32_t express = use != ExpressUse::none && express_ > 0 ? steps / express_ : 0;
  const std::int32_t unit = steps - express * express_;
  if (use == ExpressUse::last) {
    step(at, way, false, unit, links);
  }
  step(at, way, true, express, links);
  if (use != ExpressUse::last) {
    step(at, way, false, unit, links);
  }
}

void Topology::route(std::int32_t from, std::int32_t to, std::vector<std::int32_t>& links,
                     ExpressUse use) const {
  IMBREX_ASSERT(from >= 0 && from < nodes() + rows_ && to >= 0 && to < nodes() + rows_);
  const std::int32_t first_port_link = static_cast<std::int32_t>(array_links_);
  std::int32_t at = from;
  if (from >= nodes()) {
    const std::int32_t row = from - nodes();
    links.push_back(first_port_link + 2 * row + 1);
    at = node(row, 0);
  }
  const std::int32_t target = to >= nodes() ? node(to - nodes(), 0) : to;
  along(at, true, signed_distance(at % columns_, target % columns_, columns_), use, links);
  along(at, false, signed_distance(at / columns_, target / columns_, rows_), use, links);
  if (to >= nodes()) {
    links.push_back(first_port_link + 2 * (to - nodes()));
  }
}

std::int32_t Topology::dimension_hops(std::int32_t distance) const noexcept {
  const std::int32_t steps = std::abs(distance);
  if (kind_ == TopologyKind::flattened_butterfly) {
    return steps > 0 ? 1 : 0;
  }
  return express_ > 0 ? steps / express_ + steps % express_ : steps;
}

std::int32_t Topology::hops(std::int32_t from, std::int32_t to) const noexcept {
  const std::int32_t ports = (from >= nodes() ? 1 : 0) + (to >= nodes() ? 1 : 0);
  const std::int32_t start = from >= nodes() ? node(from - nodes(), 0) : from;
  const std::int32_t end = to >= nodes() ? node(to - nodes(), 0) : to;
  return ports + dimension_hops(signed_distance(start % columns_, end % columns_, columns_)) +
         dimension_hops(signed_distance(start / columns_, end / columns_, rows_));
}

}  // namespace imbrex
