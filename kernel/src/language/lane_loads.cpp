#include "language/lane_loads.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace imbrex {
namespace {

// Round a ring the shorter way, forwards when both are equally long: as `Topology::route` goes.
std::int32_t ring_distance(std::int32_t from, std::int32_t to, std::int32_t size) noexcept {
  const std::int32_t forwards = (to - from + size) % size;
  return 2 * forwards <= size ? forwards : forwards - size;
}

}  // namespace

LaneLoads::LaneLoads(const Topology& topology)
    : topology_(topology),
      express_(topology.express_length()),
      load_(topology.links_and_ports().size(), 0.0) {
  if (topology.kind() == TopologyKind::flattened_butterfly) {
    return;  // every way is one link
  }
  for (const std::int32_t length : {1, express_}) {
    for (const bool in_rows : {false, true}) {
      for (const bool forwards : {false, true}) {
        if (length > 0) {
          chains_.emplace_back(topology, in_rows, length, forwards);
        }
      }
    }
  }
}

LaneLoads::Place LaneLoads::place(bool in_row, std::int32_t node) const noexcept {
  const std::int32_t row = node / topology_.columns();
  const std::int32_t column = node % topology_.columns();
  return in_row ? Place{row, column, topology_.columns()} : Place{column, row, topology_.rows()};
}

Chains& LaneLoads::chains(bool in_row, bool express, bool forwards) {
  return chains_[(express ? 4U : 0U) + (in_row ? 2U : 0U) + (forwards ? 1U : 0U)];
}

std::int32_t LaneLoads::move(bool in_row, std::int32_t from, std::int32_t target, ExpressUse use,
                             double words) {
  const Place at = place(in_row, from);
  if (at.position == target) {
    return 0;
  }
  if (chains_.empty()) {
    path_.clear();
    topology_.route(
        from, in_row ? topology_.node(at.lane, target) : topology_.node(target, at.lane), path_);
    load_[path_.front()] += words;
    return 1;
  }
  const std::int32_t distance = topology_.kind() == TopologyKind::torus
                                    ? ring_distance(at.position, target, at.size)
                                    : target - at.position;
  const bool forwards = distance > 0;
  const std::int32_t steps = std::abs(distance);
  const std::int32_t express = use != ExpressUse::none && express_ > 0 ? steps / express_ : 0;
  const std::int32_t unit = steps - express * express_;
  const std::int32_t before = use == ExpressUse::last ? unit : express * express_;
  const std::int32_t turn = forwards ? at.position + before : at.position - before;
  const auto [first_unit, first_express] =
      use == ExpressUse::last ? std::pair(at.position, turn) : std::pair(turn, at.position);
  chains(in_row, false, forwards).add(at.lane, first_unit, unit, words, load_);
  if (express > 0) {
    chains(in_row, true, forwards).add(at.lane, first_express, express, words, load_);
  }
  return express + unit;
}

void LaneLoads::spread(bool in_row, std::int32_t from, std::span<const std::int32_t> targets,
                       double words) {
  if (targets.empty()) {
    return;
  }
  if (chains_.empty()) {
    for (const std::int32_t target : targets) {
      move(in_row, from, target, ExpressUse::first, words);
    }
  } else if (topology_.kind() == TopologyKind::torus) {
    spread_ring(in_row, place(in_row, from), targets, words);
  } else {
    spread_forwards(in_row, place(in_row, from), targets, words);
    spread_backwards(in_row, place(in_row, from), targets, words);
  }
}

// Express links lead to stops; between a stop and the next one, unit links lead as far as the last
// target there.
void LaneLoads::spread_forwards(bool in_row, const Place& from,
                                std::span<const std::int32_t> targets, double words) {
  const std::int32_t furthest = targets.back();
  if (furthest <= from.position) {
    return;
  }
  if (express_ > 0) {
    const std::int32_t links = (furthest - from.position) / express_;
    chains(in_row, true, true).add(from.lane, from.position, links, words, load_);
  }
  Chains& unit = chains(in_row, false, true);
  auto end = targets.end();
  while (end != targets.begin() && *(end - 1) > from.position) {
    const std::int32_t last = *(end - 1);
    const std::int32_t stop =
        express_ > 0 ? last - (last - from.position) % express_ : from.position;
    unit.add(from.lane, stop, last - stop, words, load_);
    end = std::lower_bound(targets.begin(), end, stop);
  }
}

void LaneLoads::spread_backwards(bool in_row, const Place& from,
                                 std::span<const std::int32_t> targets, double words) {
  const std::int32_t furthest = targets.front();
  if (furthest >= from.position) {
    return;
  }
  if (express_ > 0) {
    const std::int32_t links = (from.position - furthest) / express_;
    chains(in_row, true, false).add(from.lane, from.position, links, words, load_);
  }
  Chains& unit = chains(in_row, false, false);
  auto begin = targets.begin();
  while (begin != targets.end() && *begin < from.position) {
    const std::int32_t last = *begin;
    const std::int32_t stop =
        express_ > 0 ? last + (from.position - last) % express_ : from.position;
    unit.add(from.lane, stop, stop - last, words, load_);
    begin = std::upper_bound(begin, targets.end(), stop);
  }
}

// Each way leads as far as the furthest target that is nearer that way round.
void LaneLoads::spread_ring(bool in_row, const Place& from, std::span<const std::int32_t> targets,
                            double words) {
  const auto furthest = [&](std::int32_t low, std::int32_t high, bool largest) -> std::int32_t {
    const auto first = std::lower_bound(targets.begin(), targets.end(), low);
    const auto end = std::upper_bound(first, targets.end(), high);
    return first == end ? -1 : (largest ? *(end - 1) : *first);
  };
  const std::int32_t ahead = from.position + from.size / 2 - from.size;  // seen from behind
  std::int32_t links = 0;
  if (const std::int32_t wrapped = furthest(0, ahead, true); wrapped >= 0) {
    links = wrapped + from.size - from.position;
  } else if (const std::int32_t at = furthest(from.position, ahead + from.size, true); at >= 0) {
    links = at - from.position;
  }
  chains(in_row, false, true).add(from.lane, from.position, links, words, load_);
  const std::int32_t behind = from.position - (from.size - 1) / 2;
  links = 0;
  if (const std::int32_t wrapped = furthest(behind + from.size, from.size - 1, false);
      wrapped >= 0) {
    links = from.position + from.size - wrapped;
  } else if (const std::int32_t at = furthest(behind, from.position, false); at >= 0) {
    links = from.position - at;
  }
  chains(in_row, false, false).add(from.lane, from.position, links, words, load_);
}

void LaneLoads::pass_port(std::int32_t from, std::int32_t to, double words) {
  path_.clear();
  topology_.route(from, to, path_);
  load_[path_.front()] += words;
}

Loads LaneLoads::finish() {
  for (Chains& chains : chains_) {
    chains.finish(load_);
  }
  return std::move(load_);
}

}  // namespace imbrex
