#pragma once

#include "network.hpp"

namespace imbrex::onnx_reader {

// Results that nobody reads become kNoValue, unless the node has no other. O(size of the network).
void drop_unread_results(Network& network);

}  // namespace imbrex::onnx_reader
