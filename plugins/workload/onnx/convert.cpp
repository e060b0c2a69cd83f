#include "convert.hpp"

#include "node_view.hpp"
#include "text.hpp"

#include <imbrex/plugin/error.hpp>

#include <cstring>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

using ::onnx::TensorProto;

template <class Stored, class Wide>
void append_raw(const std::string& raw, std::vector<Wide>& out) {
  for (std::size_t offset = 0; offset + sizeof(Stored) <= raw.size(); offset += sizeof(Stored)) {
    Stored value;
    std::memcpy(&value, raw.data() + offset, sizeof(Stored));
    out.push_back(static_cast<Wide>(value));
  }
}

Data raw_content(const TensorProto& tensor) {
  const std::string& raw = tensor.raw_data();
  Data data;
  switch (tensor.data_type()) {
    case TensorProto::FLOAT:
      append_raw<float>(raw, data.reals);
      break;
    case TensorProto::DOUBLE:
      append_raw<double>(raw, data.reals);
      break;
    case TensorProto::INT64:
      append_raw<std::int64_t>(raw, data.integers);
      break;
    case TensorProto::INT32:
      append_raw<std::int32_t>(raw, data.integers);
      break;
    case TensorProto::INT16:
      append_raw<std::int16_t>(raw, data.integers);
      break;
    case TensorProto::INT8:
      append_raw<std::int8_t>(raw, data.integers);
      break;
    case TensorProto::UINT64:
      append_raw<std::uint64_t>(raw, data.integers);
      break;
    case TensorProto::UINT32:
      append_raw<std::uint32_t>(raw, data.integers);
      break;
    case TensorProto::UINT16:
      append_raw<std::uint16_t>(raw, data.integers);
      break;
    case TensorProto::UINT8:
    case TensorProto::BOOL:
      append_raw<std::uint8_t>(raw, data.integers);
      break;
    default:
      break;
  }
  return data;
}

Data typed_content(const TensorProto& tensor) {
  Data data;
  const auto append = [](const auto& from, auto& to) {
    for (const auto value : from) {
      to.push_back(static_cast<typename std::remove_reference_t<decltype(to)>::value_type>(value));
    }
  };
  switch (tensor.data_type()) {
    case TensorProto::FLOAT:
      append(tensor.float_data(), data.reals);
      break;
    case TensorProto::DOUBLE:
      append(tensor.double_data(), data.reals);
      break;
    case TensorProto::INT64:
      append(tensor.int64_data(), data.integers);
      break;
    case TensorProto::UINT64:
    case TensorProto::UINT32:
      append(tensor.uint64_data(), data.integers);
      break;
    case TensorProto::INT32:
    case TensorProto::INT16:
    case TensorProto::INT8:
    case TensorProto::UINT16:
    case TensorProto::UINT8:
    case TensorProto::BOOL:
      append(tensor.int32_data(), data.integers);
      break;
    default:
      break;
  }
  return data;
}

std::shared_ptr<const Data> content_of(const TensorProto& tensor, std::int64_t elements) {
  const bool external = tensor.data_location() == TensorProto::EXTERNAL;
  if (elements > kMaxFoldedElements || external || tensor.has_segment()) {
    return nullptr;
  }
  Data data = tensor.has_raw_data() ? raw_content(tensor) : typed_content(tensor);
  const auto held = static_cast<std::int64_t>(data.integers.size() + data.reals.size());
  if (held == elements) {
    return std::make_shared<const Data>(std::move(data));
  }
  if (held != 0) {
    throw InputError(fmt::format(
        "tensor {} of shape {} needs {} values, but {} are stored", in_quotes(tensor.name()),
        to_text({tensor.dims().begin(), tensor.dims().end()}), elements, held));
  }
  return nullptr;
}

}  // namespace

Value to_value(const TensorProto& tensor) {
  Value value;
  value.name = tensor.name();
  value.type = tensor.data_type();
  value.dims.assign(tensor.dims().begin(), tensor.dims().end());
  value.constant = true;
  const std::int64_t elements =
      checked_elements(value.dims, fmt::format("tensor {}", in_quotes(tensor.name())));
  value.data = content_of(tensor, elements);
  return value;
}

Value to_value(const ::onnx::SparseTensorProto& tensor) {
  Value value;
  value.name = tensor.values().name();
  value.type = tensor.values().data_type();
  value.dims.assign(tensor.dims().begin(), tensor.dims().end());
  value.constant = true;
  checked_elements(value.dims, fmt::format("tensor {}", in_quotes(value.name)));
  return value;
}

namespace {

Attribute::Kind kind_of(::onnx::AttributeProto::AttributeType type) {
  using ::onnx::AttributeProto;
  switch (type) {
    case AttributeProto::INT:
      return Attribute::Kind::integer;
    case AttributeProto::FLOAT:
      return Attribute::Kind::real;
    case AttributeProto::STRING:
      return Attribute::Kind::text;
    case AttributeProto::INTS:
      return Attribute::Kind::integers;
    case AttributeProto::FLOATS:
      return Attribute::Kind::reals;
    case AttributeProto::STRINGS:
      return Attribute::Kind::texts;
    case AttributeProto::TENSOR:
      return Attribute::Kind::tensor;
    case AttributeProto::GRAPH:
      return Attribute::Kind::graph;
    default:
      return Attribute::Kind::other;
  }
}

}  // namespace

Attribute to_attribute(const ::onnx::AttributeProto& proto) {
  Attribute result;
  result.name = proto.name();
  result.kind = kind_of(proto.type());
  result.integer = proto.i();
  result.real = static_cast<double>(proto.f());
  result.text = proto.s();
  result.integers.assign(proto.ints().begin(), proto.ints().end());
  result.reals.assign(proto.floats().begin(), proto.floats().end());
  result.texts.assign(proto.strings().begin(), proto.strings().end());
  if (result.kind == Attribute::Kind::tensor) {
    result.tensor = std::make_shared<const Value>(to_value(proto.t()));
  }
  if (result.kind == Attribute::Kind::graph) {
    result.graph = &proto.g();
  }
  return result;
}

std::optional<Dims> static_dims(const ::onnx::TypeProto& type, const SymbolLookup& lookup) {
  if (!type.has_tensor_type() || !type.tensor_type().has_shape()) {
    return std::nullopt;
  }
  Dims dims;
  for (const auto& dim : type.tensor_type().shape().dim()) {
    const std::optional<std::int64_t> extent = dim.has_dim_value() ? std::optional(dim.dim_value())
                                               : dim.has_dim_param() ? lookup(dim.dim_param())
                                                                     : std::nullopt;
    if (!extent || *extent < 0) {
      return std::nullopt;
    }
    dims.push_back(*extent);
  }
  return dims;
}

}  // namespace imbrex::onnx_reader
