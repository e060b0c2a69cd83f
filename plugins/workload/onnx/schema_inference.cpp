#include "schema_inference.hpp"

#include <algorithm>
#include <array>
#include <exception>

#include <fmt/core.h>
#include <onnx/defs/schema.h>
#include <onnx/shape_inference/implementation.h>

namespace imbrex::onnx_reader {
namespace {

// Operators of the standard and of ai.onnx.ml that compute products the library knows nothing of.
constexpr std::array<std::string_view, 11> kHidesWork = {"Loop",
                                                         "Scan",
                                                         "If",
                                                         "SequenceMap",
                                                         "DeformConv",
                                                         "DFT",
                                                         "STFT",
                                                         "LinearClassifier",
                                                         "LinearRegressor",
                                                         "SVMClassifier",
                                                         "SVMRegressor"};
constexpr std::array<std::string_view, 4> kWindows = {"Conv", "Pool", "RoiAlign", "Col2Im"};

bool divides_by_attributes(const Node& node) {
  return std::any_of(kWindows.begin(), kWindows.end(), [&](std::string_view part) {
    return node.type.find(part) != std::string::npos;
  });
}

void set_type(::onnx::TypeProto& proto, const Value& value) {
  auto& tensor = *proto.mutable_tensor_type();
  tensor.set_elem_type(value.type == element_type::kUnknown ? element_type::kFloat : value.type);
  auto& shape = *tensor.mutable_shape();
  for (const std::int64_t extent : value.dims) {
    shape.add_dim()->set_dim_value(extent);
  }
}

void set_content(::onnx::TensorProto& proto, const Value& value) {
  for (const std::int64_t extent : value.dims) {
    proto.add_dims(extent);
  }
  if (is_real(value.type)) {
    proto.set_data_type(::onnx::TensorProto::FLOAT);
    for (const double real : value.data->reals) {
      proto.add_float_data(static_cast<float>(real));
    }
    return;
  }
  const bool narrow = value.type != element_type::kInt64;
  proto.set_data_type(value.type);
  for (const std::int64_t integer : value.data->integers) {
    if (narrow) {
      proto.add_int32_data(static_cast<std::int32_t>(integer));
    } else {
      proto.add_int64_data(integer);
    }
  }
}

void set_attribute(::onnx::AttributeProto& proto, const Attribute& attribute) {
  proto.set_name(attribute.name);
  switch (attribute.kind) {
    case Attribute::Kind::integer:
      proto.set_type(::onnx::AttributeProto::INT);
      proto.set_i(attribute.integer);
      break;
    case Attribute::Kind::real:
      proto.set_type(::onnx::AttributeProto::FLOAT);
      proto.set_f(static_cast<float>(attribute.real));
      break;
    case Attribute::Kind::text:
      proto.set_type(::onnx::AttributeProto::STRING);
      proto.set_s(attribute.text);
      break;
    case Attribute::Kind::integers:
      proto.set_type(::onnx::AttributeProto::INTS);
      proto.mutable_ints()->Assign(attribute.integers.begin(), attribute.integers.end());
      break;
    case Attribute::Kind::reals:
      proto.set_type(::onnx::AttributeProto::FLOATS);
      for (const double real : attribute.reals) {
        proto.add_floats(static_cast<float>(real));
      }
      break;
    default:
      break;
  }
}

bool is_foldable_content(const Value& value) {
  return value.constant && value.data && (is_real(value.type) || is_integral(value.type)) &&
         value.type != 12 && value.type != 13;
}

::onnx::ModelProto one_node_model(const NodeView& view) {
  const Node& node = view.node();
  ::onnx::ModelProto model;
  model.set_ir_version(::onnx::IR_VERSION);
  auto& opset = *model.add_opset_import();
  opset.set_domain(node.domain);
  opset.set_version(node.opset);
  auto& graph = *model.mutable_graph();
  auto& proto = *graph.add_node();
  proto.set_op_type(node.type);
  proto.set_domain(node.domain);
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const std::string name = view.has_input(i) ? fmt::format("i{}", i) : std::string();
    proto.add_input(name);
    if (!view.has_input(i)) {
      continue;
    }
    auto& info = *graph.add_input();
    info.set_name(name);
    set_type(*info.mutable_type(), view.input(i));
    if (is_foldable_content(view.input(i))) {
      auto& tensor = *graph.add_initializer();
      set_content(tensor, view.input(i));
      tensor.set_name(name);
    }
  }
  for (std::size_t i = 0; i < node.outputs.size(); ++i) {
    proto.add_output(fmt::format("o{}", i));
  }
  for (const Attribute& attribute : node.attributes) {
    if (attribute.kind < Attribute::Kind::texts) {
      set_attribute(*proto.add_attribute(), attribute);
    }
  }
  return model;
}

std::optional<Dims> read_dims(const ::onnx::TypeProto& type) {
  if (!type.has_tensor_type() || !type.tensor_type().has_shape()) {
    return std::nullopt;
  }
  Dims dims;
  for (const auto& dim : type.tensor_type().shape().dim()) {
    if (!dim.has_dim_value() || dim.dim_value() < 0) {
      return std::nullopt;
    }
    dims.push_back(dim.dim_value());
  }
  return dims;
}

}  // namespace

bool hides_work(const Node& node) {
  return std::find(kHidesWork.begin(), kHidesWork.end(), node.type) != kHidesWork.end();
}

bool has_schema(const Node& node) {
  if (hides_work(node)) {
    return false;
  }
  return ::onnx::OpSchemaRegistry::Schema(
             node.type, static_cast<int>(std::min<std::int64_t>(node.opset, 1 << 20)),
             node.domain) != nullptr;
}

std::optional<std::vector<Dims>> infer_with_schema(const NodeView& node) try {
  if (divides_by_attributes(node.node())) {
    return std::nullopt;
  }
  ::onnx::ModelProto model = one_node_model(node);
  ::onnx::ShapeInferenceOptions options{false, 0, true};
  ::onnx::shape_inference::InferShapes(model, ::onnx::OpSchemaRegistry::Instance(), options);
  std::vector<Dims> shapes;
  for (std::size_t i = 0; i < node.node().outputs.size(); ++i) {
    const std::string name = fmt::format("o{}", i);
    for (const auto& info : model.graph().value_info()) {
      if (info.name() == name) {
        if (auto dims = read_dims(info.type())) {
          shapes.push_back(*std::move(dims));
        }
      }
    }
    if (shapes.size() != i + 1) {
      return std::nullopt;
    }
  }
  return shapes;
} catch (const std::exception&) {
  return std::nullopt;
}

}  // namespace imbrex::onnx_reader
