// What the recipe says about a network that the file leaves open ([workload.bind]): extents of
// symbolic dimensions, and values of scalar inputs that steer the graph.
#pragma once

#include "convert.hpp"
#include "given_shapes.hpp"
#include "network.hpp"

#include <imbrex/plugin/params.hpp>

#include <map>
#include <span>
#include <string>
#include <vector>

namespace imbrex::onnx_reader {

class Bindings {
 public:
  // `shapes` must outlive it.
  Bindings(std::span<const NamedInteger> entries, const GivenShapes& shapes);

  // The values of the inputs of `graph`, in order; an input that [workload.bind] gives a value is a
  // constant. Unnamed dimensions are called "INPUT.AXIS".
  // Errors: one InputError that lists every dimension without extent and how to bind them; an input
  // without shape; an entry that fits nothing, or has an impossible value.
  std::vector<Value> read_inputs(const ::onnx::GraphProto& graph);

  // Extent of a symbol, for shapes stored inside the graph.
  std::optional<std::int64_t> extent(const std::string& symbol) const;

 private:
  struct Entry {
    std::int64_t value = 0;
    bool used = false;
  };
  Value read_input(const ::onnx::ValueInfoProto& input);
  Value bound_value(const ::onnx::ValueInfoProto& input, Value value, Entry& entry);
  std::int64_t read_extent(const ::onnx::ValueInfoProto& input, int axis, const Dims* given);
  void require_nothing_missing() const;
  void require_nothing_unused() const;

  const GivenShapes& shapes_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::map<std::string, std::vector<std::string>> missing_;  // symbol -> "axis 0 of input 'x'"
  std::vector<std::string> bindable_;                        // every name an entry could have used
};

}  // namespace imbrex::onnx_reader
