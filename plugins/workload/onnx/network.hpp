// What the reader makes of an ONNX file before it fills a WorkloadBuilder: one flat list of nodes
// in execution order, sub-graphs and functions inlined, every shape static, every constant known as
// such. Free of protobuf types, so that only the files that touch the format pay for its headers.
#pragma once

#include <imbrex/toolkit/extents/bounded_extents.hpp>
#include <imbrex/values/ids.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace onnx {
class GraphProto;
}

namespace imbrex::onnx_reader {

using Dims = std::vector<std::int64_t>;

// At most the limit of bounded extents, which the builder refuses by the operator's name.
inline std::int64_t elements_of(const Dims& dims) noexcept {
  return extents::bounded_product(dims);
}

// Index into Network::values.
using ValueId = std::int32_t;
inline constexpr ValueId kNoValue = -1;

// The codes of onnx.TensorProto.DataType that folding distinguishes.
namespace element_type {
inline constexpr std::int32_t kUnknown = 0;
inline constexpr std::int32_t kFloat = 1;
inline constexpr std::int32_t kInt64 = 7;
inline constexpr std::int32_t kText = 8;
inline constexpr std::int32_t kBool = 9;
inline constexpr std::int32_t kDouble = 11;
}  // namespace element_type

// float, float16, double and bfloat16.
constexpr bool is_real(std::int32_t type) noexcept {
  return type == 1 || type == 10 || type == 11 || type == 16;
}
constexpr bool is_integral(std::int32_t type) noexcept {
  return (type >= 2 && type <= 7) || type == 9 || type == 12 || type == 13;
}

// Constants above this size are known by shape only: they are weights, never shape arithmetic.
inline constexpr std::int64_t kMaxFoldedElements = 4096;

// The content of a small constant, row-major: `reals` when its type is real, else `integers`.
struct Data {
  std::vector<std::int64_t> integers;
  std::vector<double> reals;
};

struct Value {
  std::string name;
  std::int32_t type = element_type::kUnknown;
  Dims dims;
  bool constant = false;             // does not depend on the inputs of the network
  std::shared_ptr<const Data> data;  // null: known by shape only
  std::int32_t producer = -1;        // index into Network::nodes; -1: input or constant
  std::int32_t stored_bits = 0;      // of an element before it was converted; 0: as its type says
  ValueId stored_in = kNoValue;      // the constant of the file whose whole content this is
};

struct Attribute {
  enum class Kind : std::uint8_t {
    integer,
    real,
    text,
    integers,
    reals,
    texts,
    tensor,
    graph,
    other
  };
  std::string name;
  Kind kind = Kind::other;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;
  std::vector<std::int64_t> integers;
  std::vector<double> reals;
  std::vector<std::string> texts;
  std::shared_ptr<const Value> tensor;
  const ::onnx::GraphProto* graph = nullptr;
};

struct Node {
  std::string name;        // unique and printable
  std::string type;        // "Conv"
  std::string domain;      // empty: the standard operators
  std::int64_t opset = 0;  // version of the domain
  std::vector<Attribute> attributes;
  std::vector<ValueId> inputs;   // kNoValue: an optional input that is absent
  std::vector<ValueId> outputs;  // kNoValue: an optional output nobody wants
  bool absorbed = false;         // a pass merged it into the node before it
};

struct Network {
  std::string name;
  std::int64_t batch = 1;  // samples per sample of the file
  IndexVector<ValueId, Value> values;
  std::vector<Node> nodes;  // execution order; only nodes that depend on an input
  std::vector<ValueId> inputs;
  std::size_t batch_axis = 0;            // of most inputs
  std::vector<std::int64_t> batch_axes;  // of the inputs; kNoBatchAxis: nobody says
  std::vector<ValueId> outputs;

  const Value& at(ValueId id) const noexcept { return values[id]; }
  Value& at(ValueId id) noexcept { return values[id]; }
};

}  // namespace imbrex::onnx_reader
