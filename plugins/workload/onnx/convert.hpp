// Single protobuf messages into the reader's own types. Include only where the format is touched.
#pragma once

#include "network.hpp"

#include <functional>
#include <optional>

#include <onnx/onnx_pb.h>

namespace imbrex::onnx_reader {

// Shape and type always; content when small, present and of a type that folding knows. External
// data is not opened: shapes are enough. Errors: InputError on negative or huge extents or content
// of the wrong size.
Value to_value(const ::onnx::TensorProto& tensor);
Value to_value(const ::onnx::SparseTensorProto& tensor);

Attribute to_attribute(const ::onnx::AttributeProto& proto);

// Extent of a symbolic dimension; nothing when it is not bound.
using SymbolLookup = std::function<std::optional<std::int64_t>(const std::string&)>;

// Static shape of a tensor type, symbols replaced; nothing when some extent is unknown.
std::optional<Dims> static_dims(const ::onnx::TypeProto& type, const SymbolLookup& lookup);

}  // namespace imbrex::onnx_reader
