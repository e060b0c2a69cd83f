// The names that the nodes of one graph, branch or function body see.
#pragma once

#include "network.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include <onnx/onnx_pb.h>

namespace imbrex::onnx_reader {

// Versions of the operator sets in use, by domain.
using Opsets = std::unordered_map<std::string, std::int64_t>;

// Two names of the same domain.
inline std::string normal_domain(const std::string& domain) {
  return domain == "ai.onnx" ? "" : domain;
}

template <class Proto>
Opsets opsets_of(const Proto& proto) {
  Opsets opsets;
  for (const auto& entry : proto.opset_import()) {
    opsets[normal_domain(entry.domain())] = entry.version();
  }
  return opsets;
}

// What the file says about tensors, by name, with or without a shape: names and types belong to the
// graph.
using StoredTypes = std::unordered_map<std::string_view, const ::onnx::TypeProto*>;

inline StoredTypes stored_types(const ::onnx::GraphProto& graph) {
  StoredTypes types;
  for (const auto* list : {&graph.value_info(), &graph.output()}) {
    for (const auto& info : *list) {
      if (info.type().has_tensor_type()) {
        types.emplace(info.name(), &info.type());
      }
    }
  }
  return types;
}

struct Scope {
  const Scope* outer = nullptr;  // sub-graphs see outward, functions do not
  const Opsets* opsets = nullptr;
  const ::onnx::GraphProto* graph = nullptr;  // null in a function
  StoredTypes stored;
  const Node* call = nullptr;  // in a function: whose attributes are referred to
  std::string prefix;
  int depth = 0;
  std::unordered_map<std::string, ValueId> values;

  const ValueId* find(const std::string& name) const {
    for (const Scope* scope = this; scope != nullptr; scope = scope->outer) {
      const auto found = scope->values.find(name);
      if (found != scope->values.end()) {
        return &found->second;
      }
    }
    return nullptr;
  }
};

}  // namespace imbrex::onnx_reader
