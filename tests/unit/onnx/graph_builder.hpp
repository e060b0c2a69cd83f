// Writes the graph of a small ONNX model, node by node.
#pragma once

#include "network.hpp"

#include <initializer_list>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

namespace imbrex::onnx_reader {

// A node under construction; attributes chain.
class NodeHandle {
 public:
  explicit NodeHandle(::onnx::NodeProto* node) : node_(node) {}
  NodeHandle& name(const std::string& text) {
    node_->set_name(text);
    return *this;
  }
  NodeHandle& domain(const std::string& text) {
    node_->set_domain(text);
    return *this;
  }
  NodeHandle& integer(const std::string& key, std::int64_t value) {
    auto& attribute = add(key, ::onnx::AttributeProto::INT);
    attribute.set_i(value);
    return *this;
  }
  NodeHandle& integers(const std::string& key, const Dims& values) {
    auto& attribute = add(key, ::onnx::AttributeProto::INTS);
    for (const std::int64_t value : values) {
      attribute.add_ints(value);
    }
    return *this;
  }
  NodeHandle& text(const std::string& key, const std::string& value) {
    add(key, ::onnx::AttributeProto::STRING).set_s(value);
    return *this;
  }
  NodeHandle& reals(const std::string& key, std::initializer_list<float> values) {
    auto& attribute = add(key, ::onnx::AttributeProto::FLOATS);
    for (const float value : values) {
      attribute.add_floats(value);
    }
    return *this;
  }
  NodeHandle& refers(const std::string& key, const std::string& to) {
    auto& attribute = add(key, ::onnx::AttributeProto::INTS);
    attribute.set_ref_attr_name(to);
    return *this;
  }
  ::onnx::GraphProto& graph(const std::string& key) {
    return *add(key, ::onnx::AttributeProto::GRAPH).mutable_g();
  }
  ::onnx::TensorProto& tensor(const std::string& key) {
    return *add(key, ::onnx::AttributeProto::TENSOR).mutable_t();
  }

 private:
  ::onnx::AttributeProto& add(const std::string& key, ::onnx::AttributeProto::AttributeType type) {
    auto& attribute = *node_->add_attribute();
    attribute.set_name(key);
    attribute.set_type(type);
    return attribute;
  }
  ::onnx::NodeProto* node_;
};

// Adds things to one graph.
class GraphBuilder {
 public:
  explicit GraphBuilder(::onnx::GraphProto& graph) : graph_(graph) {}

  void input(const std::string& name, const Dims& dims, int type = ::onnx::TensorProto::FLOAT) {
    describe(*graph_.add_input(), name, dims, type);
  }
  // Every entry is a symbol, or a number when it starts with a digit.
  void symbolic_input(const std::string& name, const std::vector<std::string>& dims,
                      int type = ::onnx::TensorProto::FLOAT) {
    auto& info = *graph_.add_input();
    describe(info, name, {}, type);
    auto& shape = *info.mutable_type()->mutable_tensor_type()->mutable_shape();
    for (const std::string& dim : dims) {
      if (!dim.empty() && dim[0] >= '0' && dim[0] <= '9') {
        shape.add_dim()->set_dim_value(std::stoll(dim));
      } else if (dim.empty()) {
        shape.add_dim();
      } else {
        shape.add_dim()->set_dim_param(dim);
      }
    }
  }
  void output(const std::string& name) { graph_.add_output()->set_name(name); }
  void stored_shape(const std::string& name, const Dims& dims) {
    describe(*graph_.add_value_info(), name, dims, ::onnx::TensorProto::FLOAT);
  }
  // Weights without content.
  ::onnx::TensorProto& weight(const std::string& name, const Dims& dims,
                              int type = ::onnx::TensorProto::FLOAT) {
    auto& tensor = *graph_.add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(type);
    for (const std::int64_t extent : dims) {
      tensor.add_dims(extent);
    }
    return tensor;
  }
  void integers(const std::string& name, std::initializer_list<std::int64_t> values) {
    auto& tensor =
        weight(name, {static_cast<std::int64_t>(values.size())}, ::onnx::TensorProto::INT64);
    for (const std::int64_t value : values) {
      tensor.add_int64_data(value);
    }
  }
  void integer(const std::string& name, std::int64_t value) {
    weight(name, {}, ::onnx::TensorProto::INT64).add_int64_data(value);
  }
  void reals(const std::string& name, std::initializer_list<float> values) {
    auto& tensor = weight(name, {static_cast<std::int64_t>(values.size())});
    for (const float value : values) {
      tensor.add_float_data(value);
    }
  }
  NodeHandle node(const std::string& type, const std::vector<std::string>& inputs,
                  const std::vector<std::string>& outputs) {
    auto& proto = *graph_.add_node();
    proto.set_op_type(type);
    for (const std::string& name : inputs) {
      proto.add_input(name);
    }
    for (const std::string& name : outputs) {
      proto.add_output(name);
    }
    return NodeHandle(&proto);
  }

 private:
  static void describe(::onnx::ValueInfoProto& info, const std::string& name, const Dims& dims,
                       int type) {
    info.set_name(name);
    auto& tensor = *info.mutable_type()->mutable_tensor_type();
    tensor.set_elem_type(type);
    auto& shape = *tensor.mutable_shape();
    for (const std::int64_t extent : dims) {
      shape.add_dim()->set_dim_value(extent);
    }
  }
  ::onnx::GraphProto& graph_;
};

}  // namespace imbrex::onnx_reader
