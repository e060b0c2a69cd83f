// Where the loops of an operator go when nobody searched: some ways of spreading work over banks
// and lanes, of which the cost model takes the fastest that fits.
#pragma once

#include "bit_serial_model.hpp"

#include <span>

namespace imbrex::bit_serial {

// Dimensions in the order in which they fill a slot as far as a divisor of their bound allows.
struct Spread {
  std::span<const Dim> banks;
  std::span<const Dim> lanes;
  bool steps_over_channels = false;  // what is left of G, K, C becomes steps, not a sequence
};
// The spreads that are tried, in the order that decides ties.
std::span<const Spread> spreads() noexcept;

// Are sums spread over banks? Merging them shares the way between banks, which the model does not
// charge: little where it happens once, much at every step of a chain.
bool sums_across_banks(const Mapping& mapping) noexcept;

// A mapping whose jobs have the given shape; those of kind `layer` are one step if they can. Every
// loop stands where the map space has a slot for it. With a chain (`Operator::chain`) a job is one
// step of it, and its loop the outermost temporal one.
Mapping spread_mapping(const PreparedOperator& op, const Slice& slice, std::int64_t columns,
                       const JobShape& shape, const Spread& spread) noexcept;

}  // namespace imbrex::bit_serial
