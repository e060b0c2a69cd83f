// Where the parts of every tensor come from, and where they are needed.
#pragma once

#include <imbrex/toolkit/segments/segment_traffic.hpp>

#include <vector>

namespace imbrex::segments {

// Part of a tensor along `TensorSlices::axis`.
struct TensorSlice {
  Interval interval;
  std::int32_t position = -1;  // -1: there from the beginning
};
// What somebody reads of a tensor, and at which position.
struct TensorNeed {
  Region region;
  std::int32_t position = -1;
};
struct TensorSlices {
  std::size_t axis = 0;             // of the channels, or what became of them
  std::vector<TensorSlice> slices;  // ascending, together the whole axis
  std::vector<TensorNeed> needs;
};

// By tensor. `homes` as for SliceTraffic.
std::vector<TensorSlices> slice_tensors(const Workload& workload,
                                        std::span<const ChannelHome> homes);

}  // namespace imbrex::segments
