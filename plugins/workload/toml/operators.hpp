// The operators that a hand-written network may use: one row per word, one small function per row.
#pragma once

#include "fields.hpp"

#include <span>

namespace imbrex::toml_reader {

// What a row has to build one operator from.
struct LayerInput {
  WorkloadBuilder& builder;
  Fields& fields;
  std::string name;
  std::vector<TensorId> operands;

  TensorId data() const { return operands.front(); }
  const Shape& shape() const { return builder.at(data()).shape; }
};

// Returns TensorId::none when the fields hold complaints. Errors: InputError of the builder.
using BuildFunction = TensorId (*)(LayerInput&);

struct OperatorForm {
  std::string_view word;
  std::string_view summary;
  std::span<const std::string_view> keys;  // beyond the common ones
  std::size_t min_operands;
  std::size_t max_operands;
  BuildFunction build;
};

// Keys that every layer may have.
std::span<const std::string_view> common_keys();
// Keys of a layer that calls a block; the block's arguments come on top.
std::span<const std::string_view> block_keys();
std::span<const OperatorForm> operator_forms();
const OperatorForm* find_form(std::string_view word);
std::vector<std::string_view> form_words();

// Key `chain`: jobs along an axis of the result wait for those before them. Complains about an axis
// without a loop.
void build_chain(LayerInput& in, std::string_view word, TensorId result);

// Rows by family.
TensorId build_convolution(LayerInput& in);
TensorId build_depthwise_convolution(LayerInput& in);
TensorId build_transposed_convolution(LayerInput& in);
TensorId build_pool(LayerInput& in);
TensorId build_global_pool(LayerInput& in);
TensorId build_pad(LayerInput& in);
TensorId build_upsample(LayerInput& in);
TensorId build_resize(LayerInput& in);
TensorId build_dense(LayerInput& in);
TensorId build_matmul(LayerInput& in);
TensorId build_elementwise(LayerInput& in);
TensorId build_activation(LayerInput& in);
TensorId build_softmax(LayerInput& in);
TensorId build_normalization(LayerInput& in);
TensorId build_response_normalization(LayerInput& in);
TensorId build_concat(LayerInput& in);
TensorId build_slice(LayerInput& in);
TensorId build_reshape(LayerInput& in);
TensorId build_flatten(LayerInput& in);
TensorId build_transpose(LayerInput& in);
TensorId build_reduce(LayerInput& in);
TensorId build_space_to_depth(LayerInput& in);
TensorId build_depth_to_space(LayerInput& in);

}  // namespace imbrex::toml_reader
