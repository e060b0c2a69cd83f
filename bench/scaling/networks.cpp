#include "networks.hpp"

#include <fmt/format.h>

namespace imbrex::scaling {

std::string residual_chain(std::int64_t layers) {
  return fmt::format(R"(imbrex_workload = 1
input.image = {{ shape = [1, 16, 16, 16] }}
[network]
layers = [
  {{ op = "conv", filters = 16, kernel = 3, pad = "same" }},
  {{ block = "residual", repeat = {} }},
]
[block.residual]
layers = [
  {{ op = "conv", filters = 16, kernel = 3, pad = "same", name = "c" }},
  {{ op = "add", input = ["c", "in"] }},
]
)",
                     layers - 1);
}

std::string image_chain(std::int64_t extent) {
  return fmt::format(R"(imbrex_workload = 1
input.image = {{ shape = [1, 3, {0}, {0}] }}
[network]
layers = [{{ block = "convolution", repeat = 18 }}]
[block.convolution]
layers = [{{ op = "conv", filters = 16, kernel = 3, pad = "same" }}]
)",
                     extent);
}

std::string decoder(std::int64_t layers, std::int64_t tokens) {
  return fmt::format(R"(imbrex_workload = 1
input.tokens = {{ shape = [1, {1}, 4096] }}
[network]
layers = [{{ block = "decoder", repeat = {0} }}]
[block.decoder]
layers = [
  {{ op = "layer_norm", input = "in", name = "attention_norm" }},
  {{ op = "dense", input = "attention_norm", units = 4096, activation = "rotary", name = "query" }},
  {{ op = "reshape", shape = [-1, {1}, 32, 128] }},
  {{ op = "transpose", permutation = [0, 2, 1, 3], name = "query_heads" }},
  {{ op = "dense", input = "attention_norm", units = 4096, activation = "rotary", name = "key" }},
  {{ op = "reshape", shape = [-1, {1}, 32, 128] }},
  {{ op = "transpose", permutation = [0, 2, 3, 1], name = "key_heads" }},
  {{ op = "dense", input = "attention_norm", units = 4096, name = "value" }},
  {{ op = "reshape", shape = [-1, {1}, 32, 128] }},
  {{ op = "transpose", permutation = [0, 2, 1, 3], name = "value_heads" }},
  {{ op = "matmul", input = ["query_heads", "key_heads"], name = "scores" }},
  {{ op = "softmax", name = "attention" }},
  {{ op = "matmul", input = ["attention", "value_heads"], name = "context" }},
  {{ op = "transpose", permutation = [0, 2, 1, 3] }},
  {{ op = "reshape", shape = [-1, {1}, 4096] }},
  {{ op = "dense", units = 4096, name = "projection" }},
  {{ op = "add", input = ["projection", "in"], name = "attended" }},
  {{ op = "layer_norm", name = "feed_forward_norm" }},
  {{ op = "dense", input = "feed_forward_norm", units = 11008, activation = "silu", name = "gate" }},
  {{ op = "dense", input = "feed_forward_norm", units = 11008, name = "up" }},
  {{ op = "multiply", input = ["gate", "up"] }},
  {{ op = "dense", units = 4096, name = "down" }},
  {{ op = "add", input = ["down", "attended"] }},
]
)",
                     layers, tokens);
}

}  // namespace imbrex::scaling
