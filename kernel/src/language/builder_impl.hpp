// What the families of builder functions share: the graph under construction, and complaints that
// name the operator, what was expected and what was given.
#pragma once

#include <imbrex/plugin/error.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <string>
#include <vector>

namespace imbrex {

// Rules of one input, filled axis by axis.
using AxisRules = std::array<AxisRule, kMaxRank>;

struct WorkloadBuilder::Impl {
  std::string name;
  std::int64_t samples = 1;
  IndexVector<OperatorId, Operator> operators;
  IndexVector<TensorId, Tensor> tensors;
  std::vector<TensorId> inputs;
  std::vector<TensorId> outputs;

  const Tensor& tensor(TensorId id) const;
  const Shape& shape(TensorId id) const { return tensor(id).shape; }

  // Appends the operator with its output tensor. Errors: InputError when the output has no
  // elements, too many of them, or the loop nest too many iterations.
  TensorId add(Operator op, const Shape& output, std::int32_t bits);
};

namespace workload_detail {

// Throws InputError: "operator 'name': expected ..., given ...".
[[noreturn]] void complain(std::string_view name, std::string_view expected,
                           std::string_view given);
std::string text(const Shape& shape);

// Extents at least 1 and at most 2^48 elements. `what`: "operator", "network input". Errors:
// InputError.
void check_shape(std::string_view what, std::string_view name, const Shape& shape);
// Does a product of positive extents stay within the limit? Never overflows.
bool product_within(std::span<const std::int64_t> extents, std::int64_t limit) noexcept;

Operator start(std::string_view name, OperatorKind kind);
void add_input(Operator& op, TensorId id, const BackwardMap& map);
BackwardMap make_map(const Shape& input, const Shape& output, const AxisRules& rules,
                     Exactness exactness = Exactness::exact);
// Every input axis equals the output axis of the same number. Callers overwrite what differs.
AxisRules same_axes(const Shape& input);

// Counts a negative axis from the end. Errors: InputError when outside the rank.
std::size_t checked_axis(std::string_view name, std::int64_t axis, std::size_t rank);
// Errors: InputError unless min <= rank <= max.
void check_rank(std::string_view name, const Shape& shape, std::size_t min, std::size_t max);
// Kernel, stride and dilation at least 1; pads at least 0. Errors: InputError.
void check_window(std::string_view name, const Window& window);
constexpr std::int64_t window_extent(const Window& window, std::size_t axis) noexcept {
  return (window.kernel[axis] - 1) * window.dilation[axis] + 1;
}
// Output extent of a sliding window over one spatial axis. Errors: InputError when it does not fit.
std::int64_t sliding_extent(std::string_view name, const Window& window, std::size_t axis,
                            std::int64_t input);
// Windows with gaps skip elements, so their boxes hold more than is needed.
Exactness window_exactness(const Window& window, std::size_t spatial_rank) noexcept;

}  // namespace workload_detail
}  // namespace imbrex
