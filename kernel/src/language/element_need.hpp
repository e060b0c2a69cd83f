// What an element of one tensor surely needs of a tensor further back: a lower bound of what jobs
// wait for, whatever boxes they are cut into. A box of needs is the box's hull, which may be more;
// this says what is left when somebody cuts the box down to single elements.
#pragma once

#include <imbrex/values/workload.hpp>

#include <array>
#include <cstdint>
#include <optional>

namespace imbrex {

// Of one axis of the tensor further back, when element x of the first tensor is made.
struct AxisNeed {
  enum class Kind : std::uint8_t {
    some,   // at least one coordinate, nobody knows which
    same,   // the coordinate that x has along `axis`
    whole,  // every coordinate
  };
  Kind kind = Kind::some;
  std::uint8_t axis = 0;
  friend constexpr bool operator==(const AxisNeed&, const AxisNeed&) = default;
};

// For every choice of coordinates along the axes that are whole, some element is needed that has
// them, and has those of x along the axes that are the same.
struct ElementNeed {
  std::uint8_t rank = 0;
  std::array<AxisNeed, kMaxRank> axis{};

  bool is_whole() const noexcept;
  // More where more is known: one for every axis that is the same, two for every whole one.
  int known() const noexcept;
};

// The element itself.
ElementNeed same_element(const Shape& shape) noexcept;
// Every element.
ElementNeed whole_tensor(const Shape& shape) noexcept;

// What is needed of an operand when `output` is needed of the operator's output; of a mapped
// operator by all jobs together that add to it. No value: perhaps nothing. O(rank^2).
std::optional<ElementNeed> need_behind_movement(const BackwardMap& map,
                                                const ElementNeed& output) noexcept;
std::optional<ElementNeed> need_behind_jobs(const Workload& workload, OperatorId op,
                                            std::size_t operand,
                                            const ElementNeed& output) noexcept;

// What is needed of one operand of a concatenation when the needed element of its output lies in
// that operand. No value: which one it lies in is not the same for all that is needed. O(rank^2).
std::optional<ElementNeed> need_behind_part(const BackwardMap& map,
                                            const ElementNeed& output) noexcept;

// What boxes of the output need is what their elements need, all together: no hull adds anything.
bool boxes_are_unions(const BackwardMap& map) noexcept;

}  // namespace imbrex
