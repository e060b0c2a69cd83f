// Batch normalisation with stored statistics is an affine function per channel, so it folds into
// the weights and bias of the convolution or matrix product before it (specification clsa-cim
// section 3(a)).
#pragma once

#include "network.hpp"

namespace imbrex::onnx_reader {

struct BatchNormFolding {
  std::int64_t folded = 0;  // into a convolution or matrix product
  std::int64_t kept = 0;    // normalise at run time: another producer, or another reader of it
  std::int64_t scales = 0;  // Mul and Add by constants after one of them (Caffe's Scale), merged
};

// Marks nodes as absorbed: a normalisation when its only producer is a convolution or product with
// constant weights that nobody else reads; per-channel Mul and Add by constants right behind a
// normalisation, folded or kept. Shapes and names stay. O(nodes).
BatchNormFolding fold_batch_norms(Network& network);

}  // namespace imbrex::onnx_reader
