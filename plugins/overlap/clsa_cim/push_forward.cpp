// Specification clsa-cim section 6.2, fast form: windows become range maxima, concatenation and
// element-wise operators maxima over their operands, slices and upsampling a choice of cells.
#include "axis_plan.hpp"

#include <algorithm>
#include <utility>

namespace imbrex::clsa {
namespace {

// Borders of the output's cells along one axis: wherever any operand's answer changes.
std::vector<std::int64_t> borders(const std::vector<InputPlan>& plans, std::size_t output_axis,
                                  std::int64_t extent) {
  std::vector<std::int64_t> cuts{0, extent};
  for (const InputPlan& plan : plans) {
    for (const AxisPlan& axis : plan) {
      if (axis.follows == static_cast<int>(output_axis)) {
        for (const Piece& piece : axis.pieces) {
          cuts.push_back(piece.begin);
        }
      }
    }
  }
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  return cuts;
}

// The plan's answer per output cell; one answer when it follows no axis.
std::vector<IndexRange> answers(const AxisPlan& plan, const AvailabilityMap& output) {
  if (plan.follows < 0) {
    return {plan.pieces.front().cells};
  }
  const std::vector<std::int64_t>& cuts = output.cuts[static_cast<std::size_t>(plan.follows)];
  std::vector<IndexRange> result;
  result.reserve(cuts.size() - 1);
  std::size_t piece = 0;
  for (std::size_t cell = 0; cell + 1 < cuts.size(); ++cell) {
    while (piece + 1 < plan.pieces.size() && plan.pieces[piece + 1].begin <= cuts[cell]) {
      ++piece;
    }
    result.push_back(plan.pieces[piece].cells);
  }
  return result;
}

// Adds one term of an operand: its cells reduced axis by axis, then along the axes of the output.
void add_operand(const InputPlan& plan, const AvailabilityMap& input, DenseArray reduced,
                 std::int64_t delay_ps, AvailabilityMap& output) {
  std::vector<std::int64_t> spare;
  for (std::size_t axis = 0; axis < input.shape.rank; ++axis) {
    reduce_term(reduced, axis, answers(plan[axis], output), spare);
  }
  const std::array<std::int64_t, kMaxRank> from = strides_of(reduced);
  std::array<std::int64_t, kMaxRank> strides{};
  DenseArray term;
  for (std::size_t axis = 0; axis < input.shape.rank; ++axis) {
    if (plan[axis].follows >= 0) {
      const auto to = static_cast<std::size_t>(plan[axis].follows);
      strides[to] = from[axis];
      term.extent[to] = reduced.extent[axis];
    }
  }
  std::size_t entries = 1;
  for (const std::int64_t extent : term.extent) {
    entries *= static_cast<std::size_t>(extent);
  }
  term.value.assign(entries, kAlwaysThere);
  accumulate(term, reduced.value, strides, delay_ps);
  add_term(output, std::move(term));
}

}  // namespace

std::optional<AvailabilityMap> push_forward(const Operator& op, const Shape& output,
                                            std::span<const AvailabilityMap* const> inputs,
                                            std::int64_t delay_ps, std::string& obstacle) {
  AvailabilityMap result;
  result.shape = output;
  std::vector<InputPlan> plans;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    auto plan = plan_input(op.maps[k], *inputs[k], result.whole_only, obstacle);
    if (!plan) {
      obstacle.insert(0, "operator '" + op.name + "': ");
      return std::nullopt;
    }
    plans.push_back(std::move(*plan));
  }
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    reduce_to_whole(op.maps[k], *inputs[k], result.whole_only, plans[k]);
  }
  for (std::size_t axis = 0; axis < output.rank; ++axis) {
    result.cuts[axis] = borders(plans, axis, output[axis]);
  }
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    for (const DenseArray& term : inputs[k]->terms) {
      add_operand(plans[k], *inputs[k], term, delay_ps, result);
    }
  }
  return result;
}

}  // namespace imbrex::clsa
