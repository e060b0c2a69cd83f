// Strong identifiers and the loop dimensions every part of Imbrex speaks about.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace imbrex {

// Index of an operator or tensor inside its Workload; operators are topologically ordered.
enum class OperatorId : std::int32_t { none = -1 };
enum class TensorId : std::int32_t { none = -1 };

constexpr std::size_t index(OperatorId id) noexcept {
  return static_cast<std::size_t>(id);
}
constexpr std::size_t index(TensorId id) noexcept {
  return static_cast<std::size_t>(id);
}
constexpr OperatorId operator_id(std::size_t i) noexcept {
  return static_cast<OperatorId>(i);
}
constexpr TensorId tensor_id(std::size_t i) noexcept {
  return static_cast<TensorId>(i);
}

// Loop dimensions: batch, group, output channel per group, input channel per group, output row,
// output column, kernel row, kernel column (design, section 2).
enum class Dim : std::uint8_t { N, G, K, C, P, Q, R, S };
inline constexpr std::size_t kDimCount = 8;
inline constexpr std::array<std::string_view, kDimCount> kDimNames = {"N", "G", "K", "C",
                                                                      "P", "Q", "R", "S"};
constexpr std::size_t index(Dim dim) noexcept {
  return static_cast<std::size_t>(dim);
}

// Is a candidate usable? A value, never an exception, because searches meet millions of them.
enum class Verdict : std::uint8_t { feasible, infeasible, unsupported };

// Does an analysis give the true answer, a safe (never early) bound of it, or a guess that may be
// early or late?
enum class Exactness : std::uint8_t { exact, conservative, estimate };
inline constexpr std::string_view kExactnessNames[] = {"exact", "conservative", "estimate"};

}  // namespace imbrex
