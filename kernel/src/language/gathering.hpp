// Which mapped operators stand behind every operator, through movement operators alone, and which
// of them need not be listed because a nearer one waits for them. In a residual stream every layer
// is a producer of every later one, so that whoever lists all pairs takes the square of the layers.
#pragma once

#include "language/operator_range.hpp"

#include <imbrex/values/ids.hpp>
#include <imbrex/values/workload.hpp>

#include <cstdint>
#include <vector>

namespace imbrex {

// What an operator is to those that read it.
struct Maker {
  enum class Role : std::uint8_t { movement, mapped, there };
  Role role = Role::movement;
  std::int32_t segment = 0;           // what operators of others make is there from the start
  std::int64_t least_ps = 0;          // mapped: that any job with work takes
  std::int64_t most_transfer_ps = 0;  // mapped: from it to whomever
};

struct Gathering {
  // Mapped operators whose output reaches the operator through movement operators only; ascending,
  // without those that are left out everywhere on the way.
  OperatorRange<std::vector<OperatorId>> producers;
  // Per movement operator, per operand: whoever needs a box of the output needs not wait for what
  // stands behind the operand, since what it waits for behind another operand has waited for it.
  // Empty: nothing is left out.
  OperatorRange<std::vector<bool>> left_out;

  bool leaves_out(OperatorId op, std::size_t operand) const noexcept {
    return !left_out[op].empty() && left_out[op][operand];
  }
};

// `makers` and the result have entries for some neighbouring operators; what others make is there.
// Operands are left out only of operators with more than `most` mapped ones behind them. Linear in
// the operators where nearly all can be left out then, as in residual streams.
Gathering gather(const Workload& workload, const OperatorRange<Maker>& makers, std::int64_t most);

}  // namespace imbrex
