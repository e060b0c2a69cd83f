// The text that identifies a workload. Numbers, names and order only: no address, no hash, no
// locale.
#include <imbrex/values/workload.hpp>

#include <iterator>

#include <fmt/format.h>

namespace imbrex {
namespace {

using Sink = std::back_insert_iterator<std::string>;

// Names come from files; control characters and quotes must not be able to imitate another line.
void write_quoted(Sink sink, std::string_view text) {
  *sink = '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || c == '"' || c == '\\') {
      fmt::format_to(sink, "\\x{:02x}", static_cast<unsigned>(byte));
    } else {
      *sink = c;
    }
  }
  *sink = '"';
}

void write_tensor(Sink sink, std::size_t number, const Tensor& tensor) {
  fmt::format_to(
      sink, "tensor {} bits {} shape [{}]", number, tensor.bits_per_element,
      fmt::join(tensor.shape.extent.begin(), tensor.shape.extent.begin() + tensor.shape.rank, ","));
  fmt::format_to(sink, " producer {}\n", static_cast<std::int32_t>(tensor.producer));
}

void write_rule(Sink sink, const AxisRule& rule) {
  fmt::format_to(sink, " ({} {} {} {} {} {} {} {} {} {})", static_cast<int>(rule.kind),
                 rule.output_axis, rule.last_axis, rule.low, rule.high, rule.scale, rule.divisor,
                 rule.multiple, rule.extent, rule.stride);
}

void write_loop_nest(Sink sink, const Operator& op) {
  fmt::format_to(sink, "  loops [{}] stride {} {} dilation {} {} pad {} {} stationary {} bits {}\n",
                 fmt::join(op.bounds.bound, ","), op.stride[0], op.stride[1], op.dilation[0],
                 op.dilation[1], op.pad_begin[0], op.pad_begin[1], op.stationary_weights ? 1 : 0,
                 op.weight_bits_per_element);
  if (op.understated) {
    fmt::format_to(sink, "  understated\n");
  }
  if (op.chain) {
    fmt::format_to(sink, "  chain {}\n", kDimNames[index(*op.chain)]);
  }
}

void write_operator(Sink sink, std::size_t number, const Operator& op) {
  fmt::format_to(sink, "operator {} {} ", number, to_string(op.kind));
  write_quoted(sink, op.name);
  fmt::format_to(sink, " output {}\n", static_cast<std::int32_t>(op.output));
  if (op.has_macs()) {
    write_loop_nest(sink, op);
  }
  for (std::size_t i = 0; i < op.inputs.size(); ++i) {
    const BackwardMap& map = op.maps[i];
    fmt::format_to(sink, "  input {} {}", static_cast<std::int32_t>(op.inputs[i]),
                   map.exactness() == Exactness::exact ? "exact" : "conservative");
    for (std::size_t axis = 0; axis < map.input_shape().rank; ++axis) {
      write_rule(sink, map.rule(axis));
    }
    *sink = '\n';
  }
}

void write_ids(Sink sink, std::string_view word, std::span<const TensorId> ids) {
  fmt::format_to(sink, "{}", word);
  for (const TensorId id : ids) {
    fmt::format_to(sink, " {}", static_cast<std::int32_t>(id));
  }
  *sink = '\n';
}

}  // namespace

std::string Workload::canonical_text() const {
  std::string text = "imbrex-workload 1\n";
  const Sink sink = std::back_inserter(text);
  for (const TensorId id : tensors_.ids()) {
    write_tensor(sink, index(id), tensors_[id]);
  }
  for (const OperatorId id : operators_.ids()) {
    write_operator(sink, index(id), operators_[id]);
  }
  write_ids(sink, "inputs", inputs_);
  write_ids(sink, "outputs", outputs_);
  if (samples_ != 1) {
    fmt::format_to(sink, "samples {}\n", samples_);
  }
  return text;
}

}  // namespace imbrex
