#include "bit_serial_map_space.hpp"

#include <string_view>

namespace imbrex::bit_serial {
namespace {

MapSlot slot(std::string_view name, LoopKind kind, std::uint8_t level) {
  MapSlot result;
  result.name = name;
  result.kind = kind;
  result.level = level;
  return result;
}
MapSlot spatial(std::string_view name, std::uint8_t level, std::int64_t fanout) {
  MapSlot result = slot(name, LoopKind::spatial, level);
  result.ordered = false;  // another order only numbers the instances differently
  result.fanout = fanout;
  return result;
}

}  // namespace

std::vector<std::string> slot_names() {
  return {"channel temporal", "channel spatial", "bank temporal",
          "bank spatial",     "lanes spatial",   "sequence temporal"};
}

MapSpaceSpec unconstrained_space(const LoopBounds& bounds, const Slice& slice, std::int64_t columns,
                                 bool imperfect) {
  MapSpaceSpec spec;
  spec.bounds = bounds;
  if (slice.channels > 1) {
    // Steps outside the channels that other dimensions or reductions take are steps of the banks
    // as well; leaving them out keeps every operator within the loops a mapping can have.
    MapSlot steps = slot("channel temporal", LoopKind::temporal, kChannelLevel);
    steps.dims = dim_bit(Dim::G) | dim_bit(Dim::K) | dim_bit(Dim::P) | dim_bit(Dim::Q);
    spec.slots.push_back(steps);
    spec.slots.push_back(spatial("channel spatial", kChannelLevel, slice.channels));
  }
  spec.slots.push_back(slot("bank temporal", LoopKind::temporal, kBankLevel));
  spec.slots.push_back(spatial("bank spatial", kBankLevel, slice.banks));
  spec.slots.push_back(spatial("lanes spatial", kLaneLevel, columns));
  spec.slots.back().outer = false;
  spec.slots.push_back(slot("sequence temporal", LoopKind::temporal, kSequenceLevel));
  spec.slots.back().outer = false;
  spec.slots.back().ordered = false;  // MACs of a lane take as long in any order
  for (MapSlot& each : spec.slots) {
    each.imperfect = imperfect && each.level == kBankLevel;
  }
  return spec;
}

}  // namespace imbrex::bit_serial
