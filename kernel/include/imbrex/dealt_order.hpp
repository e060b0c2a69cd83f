// File: dealt_order.hpp
//
// The jobs of one operator dealt to its servers anew: a decision of its own, made by a stage, kept
// in the design and replayed by every analyzer (specification fast-overlapim, section 4).
#pragma once

#include <imbrex/mapping.hpp>

#include <cstdint>
#include <vector>

namespace imbrex {

// One job of the mapping, on another server or at another time.
struct DealtJob {
  std::int64_t step = 0;  // as the mapping numbers it
  std::int64_t server = 0;
  std::int64_t move_ps = 0;   // longer, because its inputs and weights move with it
  std::int64_t merge_ps = 0;  // after its end, until partial sums on other servers are added up
  friend constexpr bool operator==(const DealtJob&, const DealtJob&) = default;
};

// Legal for an operator when it deals every job with work of `mapping` (canonical or searched, with
// one copy) exactly once, to as many servers as the mapping has, at times of at least 0.
struct DealtOrder {
  Mapping mapping;
  std::vector<DealtJob> jobs;           // server by server, each in its new order
  std::vector<std::int64_t> first_job;  // per server, and one more: its jobs are [s], [s + 1])
  friend bool operator==(const DealtOrder&, const DealtOrder&) = default;
};

}  // namespace imbrex
