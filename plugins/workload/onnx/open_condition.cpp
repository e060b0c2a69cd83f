#include "open_condition.hpp"

#include "text.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

// Inputs of the network above the condition, sorted by name.
std::vector<std::string> causes_of_condition(const Network& network, const NodeView& node) {
  IndexVector<ValueId, bool> seen(network.values.size(), false);
  std::vector<ValueId> open{node.node().inputs[0]};
  std::vector<std::string> causes;
  while (!open.empty()) {
    const ValueId id = open.back();
    open.pop_back();
    if (id == kNoValue || seen[id] || network.at(id).constant) {
      continue;
    }
    seen[id] = true;
    const Value& value = network.at(id);
    if (value.producer >= 0) {
      const Node& producer = network.nodes[static_cast<std::size_t>(value.producer)];
      open.insert(open.end(), producer.inputs.begin(), producer.inputs.end());
    } else {
      causes.push_back(value.name);
    }
  }
  std::sort(causes.begin(), causes.end());
  return causes;
}

}  // namespace

void fail_on_open_condition(const Network& network, const NodeView& node) {
  const std::vector<std::string> causes = causes_of_condition(network, node);
  if (causes.empty()) {
    node.fail("the content of its condition is not known");
  }
  std::vector<std::string> words;
  words.reserve(causes.size());
  for (const std::string& cause : causes) {
    words.push_back(in_quotes(cause));
  }
  node.fail(fmt::format(
      "which branch runs depends on the value of {} {}; bind it in the recipe if it is a "
      "scalar, for example:\n  [workload.bind]\n  {} = 1",
      causes.size() == 1 ? "input" : "inputs", listed(words), printable(causes[0])));
}

}  // namespace imbrex::onnx_reader
