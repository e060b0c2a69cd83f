#include "unread_results.hpp"

#include <algorithm>
#include <vector>

namespace imbrex::onnx_reader {

void drop_unread_results(Network& network) {
  IndexVector<ValueId, bool> read(network.values.size(), false);
  const auto mark = [&](const std::vector<ValueId>& ids) {
    for (const ValueId id : ids) {
      if (id != kNoValue) {
        read[id] = true;
      }
    }
  };
  mark(network.outputs);
  for (const Node& node : network.nodes) {
    mark(node.inputs);
  }
  for (Node& node : network.nodes) {
    const auto unread = [&](ValueId id) { return id == kNoValue || !read[id]; };
    const bool all = std::all_of(node.outputs.begin(), node.outputs.end(), unread);
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      if (unread(node.outputs[i]) && (!all || i > 0)) {
        node.outputs[i] = kNoValue;
      }
    }
  }
}

}  // namespace imbrex::onnx_reader
