#pragma once

#include "node_view.hpp"

namespace imbrex::onnx_reader {

// Complains about an If whose condition is not known: names the inputs of the network that the
// condition hangs on, and how to bind them. O(size of the network). Errors: always InputError.
[[noreturn]] void fail_on_open_condition(const Network& network, const NodeView& node);

}  // namespace imbrex::onnx_reader
