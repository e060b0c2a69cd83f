// Attributes and operands of movement operators in one form for all opsets; shape rules, folding
// and lowering read the same parse.
#pragma once

#include "node_view.hpp"

namespace imbrex::onnx_reader {

// One axis of a Slice: elements begin, begin + step, ... `count` of them.
struct SliceAxis {
  std::int64_t begin = 0;
  std::int64_t step = 1;
  std::int64_t count = 0;
};
// One entry per axis of operand 0; untouched axes are whole.
std::vector<SliceAxis> slice_axes(const NodeView& node);

// Target of Reshape: 0 copies the operand's extent, one -1 takes what is left.
Dims reshape_target(const NodeView& node);
std::vector<std::int64_t> permutation_of(const NodeView& node);
std::size_t concat_axis(const NodeView& node);
// Extents of the parts of Split along its axis.
std::vector<std::int64_t> split_parts(const NodeView& node);
std::vector<std::int64_t> tile_repeats(const NodeView& node);
Dims expand_target(const NodeView& node);
std::vector<std::size_t> squeezed_axes(const NodeView& node);
std::vector<std::size_t> unsqueezed_axes(const NodeView& node);
// Elements of Gather's index operand, negative ones counted from the end and checked; nothing when
// the indices are not known.
std::optional<std::vector<std::int64_t>> gather_indices(const NodeView& node, std::size_t axis);

}  // namespace imbrex::onnx_reader
