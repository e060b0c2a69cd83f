// The state of flattening one model (flatten.hpp). Its parts are graphs and nodes (flatten.cpp),
// functions and branches (inline.cpp), loops (loops.cpp).
#pragma once

#include "bindings.hpp"
#include "flatten.hpp"
#include "node_view.hpp"
#include "result_shapes.hpp"
#include "scope.hpp"
#include "text.hpp"

#include <map>
#include <optional>
#include <unordered_map>

#include <onnx/onnx_pb.h>

namespace imbrex::onnx_reader {

class Flattener {
 public:
  Flattener(const ::onnx::ModelProto& model, const FlattenOptions& options);
  Network run();

 private:
  struct FunctionKey {
    std::string domain;
    std::string name;
    auto operator<=>(const FunctionKey&) const = default;
  };
  using NodeList = google::protobuf::RepeatedPtrField<::onnx::NodeProto>;

  // --- Graphs and nodes ---
  ValueId add_value(Value value, bool constant);
  static ValueId require(const Scope& scope, const std::string& name);
  void run_graph(Scope& scope);
  void run_nodes(const NodeList& nodes, Scope& scope);
  void run_node(const ::onnx::NodeProto& proto, Scope& scope);
  Node make_node(const ::onnx::NodeProto& proto, const Scope& scope) const;
  static void add_attribute(Node& node, const ::onnx::AttributeProto& proto, const Scope& scope);
  void evaluate(Node node, const ::onnx::NodeProto& proto, Scope& scope);
  void bind_results(Node node, std::vector<Value> results, bool dynamic,
                    const ::onnx::NodeProto& proto, Scope& scope);

  // --- Functions and branches ---
  void require_depth(const Node& node, const Scope& scope) const;
  void inline_function(const ::onnx::FunctionProto& function, const Node& node,
                       const ::onnx::NodeProto& proto, Scope& scope);
  void inline_branch(const Node& node, const ::onnx::NodeProto& proto, Scope& scope);

  // --- Loops ---
  // Loop and Scan, iteration by iteration. What cannot be unrolled is an operator nobody knows.
  void unroll(Node node, const ::onnx::NodeProto& proto, Scope& scope);
  // Why it cannot be; empty: it was.
  std::string unroll_loop(const Node& node, const ::onnx::NodeProto& proto, Scope& scope);
  std::string unroll_scan(const Node& node, const ::onnx::NodeProto& proto, Scope& scope);
  // What iterations leave: the state after the last, and one slice of every scan after each.
  struct Trips {
    std::vector<ValueId> state;
    std::vector<std::vector<ValueId>> scans;
    void take(std::span<const ValueId> results);
  };
  // Axes of slices, 0 where nothing is said; directions that are not 0 are backwards.
  struct ScanAxes {
    std::optional<std::vector<std::int64_t>> axes;
    std::optional<std::vector<std::int64_t>> directions;
  };
  static ScanAxes read_axes(const NodeView& view, std::size_t carried);
  std::string run_trips(const Node& node, const ::onnx::GraphProto& body, std::int64_t most,
                        Trips& trips, Scope& scope);
  std::string bind_trips(const ::onnx::NodeProto& proto, const Trips& trips, const ScanAxes& axes,
                         Scope& scope);
  // The results of one iteration, in the order of the body's outputs.
  std::vector<ValueId> run_body(const Node& node, const ::onnx::GraphProto& body,
                                std::span<const ValueId> inputs, std::int64_t iteration,
                                Scope& scope);
  ValueId element(const ::onnx::NodeProto& proto, int input, std::int64_t axis, std::int64_t at,
                  Scope& scope);
  void stack(const ::onnx::NodeProto& proto, int output, std::vector<ValueId> parts,
             std::int64_t axis, bool backwards, Scope& scope);
  std::string too_long(std::int64_t iterations, const ::onnx::GraphProto& body);

  const ::onnx::ModelProto& model_;
  const FlattenOptions& options_;
  GivenShapes shapes_;
  Bindings bindings_;
  Opsets opsets_;
  std::map<FunctionKey, const ::onnx::FunctionProto*> functions_;
  UniqueNames names_;
  Network network_;
  std::int64_t inlined_ = 0;
  std::int64_t unrolled_ = 0;  // nodes of loops
  // Constants of the file, which bodies that run several times read again.
  std::unordered_map<const void*, ValueId> constants_;
};

}  // namespace imbrex::onnx_reader
