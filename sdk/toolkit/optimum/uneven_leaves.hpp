// The mappings of a map space that a whole plan of classes stands for. [one thread]
#pragma once

#include "optimum/uneven_node.hpp"

#include <map>
#include <vector>

namespace imbrex::optimum {

// Ways to spread one dimension over the slots.
struct Chains {
  std::vector<SlotBounds> bounds;
  bool are_all = true;  // there are no others
};

class ClassLeaves {
 public:
  explicit ClassLeaves(const ClassParts& parts) : parts_(parts) {}

  // The mappings of the space that a node with all steps decided stands for, until `visit` says
  // false. False: there are more than were visited, because of that or because they are too many.
  bool each(const ClassNode& leaf, FunctionRef<bool(const Mapping&)> visit);

 private:
  // Of the tiles outside each slot, and of the MACs; and what spatial bounds may be.
  struct Classes {
    std::array<std::uint16_t, kMaxSlots + 1> tile{};
    std::array<std::int32_t, kMaxSlots> low{};
    std::array<std::int32_t, kMaxSlots> high{};  // 0: whatever leads from tile to tile
    friend auto operator<=>(const Classes&, const Classes&) = default;
  };
  using ChosenBounds = std::array<const SlotBounds*, kDimCount>;
  using Outermost = std::vector<std::vector<std::size_t>>;  // dimensions, per slot

  Classes classes_of(const ClassNode& leaf, std::size_t dim) const noexcept;
  const Chains& chains(std::size_t dim, const Classes& classes);
  void walk(std::size_t dim, const Classes& classes, std::size_t slot, std::int64_t rest,
            SlotBounds& bounds, Chains& chains) const;
  const Slot& limits_of(const MapSlot& slot) const noexcept;
  const Ending* ending_of(const ClassNode& leaf, const MapSlot& slot) const noexcept;
  Outermost outermost(const ClassNode& leaf, const ChosenBounds& choice) const;
  Mapping mapping(const ClassNode& leaf, const ChosenBounds& choice,
                  const Outermost& outermost) const;

  const ClassParts& parts_;
  std::map<std::pair<std::size_t, Classes>, Chains> known_;
};

}  // namespace imbrex::optimum
