// The vocabulary of the format in one place: words, their keys, how many inputs they take.
#include "operators.hpp"

#include <algorithm>
#include <limits>

namespace imbrex::toml_reader {
namespace {

using Word = std::string_view;
constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();

constexpr Word kCommon[] = {"op", "name", "input", "repeat", "activation"};
constexpr Word kBlock[] = {"block", "name", "input", "repeat"};

constexpr Word kConvolution[] = {"filters", "kernel", "stride",      "dilation", "pad",
                                 "groups",  "bias",   "weight_bits", "bits",     "chain"};
constexpr Word kDepthwise[] = {"multiplier", "kernel",      "stride", "dilation", "pad",
                               "bias",       "weight_bits", "bits",   "chain"};
constexpr Word kTransposed[] = {"filters", "kernel", "stride",      "dilation",   "pad",  "groups",
                                "bias",    "bits",   "weight_bits", "output_pad", "chain"};
constexpr Word kPool[] = {"kernel", "stride", "dilation", "pad", "ceil_mode"};
constexpr Word kPad[] = {"pad"};
constexpr Word kUpsample[] = {"factor", "mode", "coordinates"};
constexpr Word kResize[] = {"size", "mode", "coordinates"};
constexpr Word kDense[] = {"units", "bias", "weight_bits", "bits", "chain"};
constexpr Word kMatmul[] = {"bits", "chain"};
constexpr Word kType[] = {"type"};
constexpr Word kAxes[] = {"axes"};
constexpr Word kSize[] = {"size"};
constexpr Word kAxis[] = {"axis"};
constexpr Word kSlice[] = {"axis", "begin", "end", "step"};
constexpr Word kShape[] = {"shape"};
constexpr Word kPermutation[] = {"permutation"};
constexpr Word kReduce[] = {"axes", "keep_axes"};
constexpr Word kFactor[] = {"factor"};

constexpr OperatorForm kForms[] = {
    {"conv", "convolution with constant weights", kConvolution, 1, 1, &build_convolution},
    {"depthwise_conv", "one filter set per input channel", kDepthwise, 1, 1,
     &build_depthwise_convolution},
    {"transposed_conv", "transposed convolution", kTransposed, 1, 1, &build_transposed_convolution},
    {"max_pool", "maximum over a window", kPool, 1, 1, &build_pool},
    {"average_pool", "mean over a window", kPool, 1, 1, &build_pool},
    {"global_pool", "over all rows and columns", {}, 1, 1, &build_global_pool},
    {"pad", "explicit padding of rows and columns", kPad, 1, 1, &build_pad},
    {"upsample", "resize by whole factors", kUpsample, 1, 1, &build_upsample},
    {"resize", "resize to given rows and columns", kResize, 1, 1, &build_resize},
    {"dense", "matrix product with constant weights along the last axis", kDense, 1, 1,
     &build_dense},
    {"matmul", "matrix product of two layers", kMatmul, 2, 2, &build_matmul},
    {"add", "element-wise, with broadcasting", {}, 2, kAny, &build_elementwise},
    {"multiply", "element-wise, with broadcasting", {}, 2, kAny, &build_elementwise},
    {"elementwise", "any other element-wise combination", kType, 2, kAny, &build_elementwise},
    {"activation", "any function of single elements", kType, 1, 1, &build_activation},
    {"softmax", "over axes, default the last", kAxes, 1, 1, &build_softmax},
    {"layer_norm", "normalisation over axes, default the last", kAxes, 1, 1, &build_normalization},
    {"local_response_norm", "normalisation over a channel window", kSize, 1, 1,
     &build_response_normalization},
    {"concat", "along an axis, default the channels", kAxis, 1, kAny, &build_concat},
    {"slice", "part of an axis, default the channels", kSlice, 1, 1, &build_slice},
    {"reshape", "row-major; one extent may be -1", kShape, 1, 1, &build_reshape},
    {"flatten", "all axes after the first become one", {}, 1, 1, &build_flatten},
    {"transpose", "permutes axes", kPermutation, 1, 1, &build_transpose},
    {"reduce", "over whole axes", kReduce, 1, 1, &build_reduce},
    {"space_to_depth", "blocks of pixels become channels", kFactor, 1, 1, &build_space_to_depth},
    {"depth_to_space", "channels become blocks of pixels", kFactor, 1, 1, &build_depth_to_space},
};

}  // namespace

std::span<const std::string_view> common_keys() {
  return kCommon;
}
std::span<const std::string_view> block_keys() {
  return kBlock;
}
std::span<const OperatorForm> operator_forms() {
  return kForms;
}

const OperatorForm* find_form(std::string_view word) {
  const auto* found = std::find_if(std::begin(kForms), std::end(kForms),
                                   [&](const OperatorForm& form) { return form.word == word; });
  return found == std::end(kForms) ? nullptr : found;
}

std::vector<std::string_view> form_words() {
  std::vector<std::string_view> words;
  for (const OperatorForm& form : kForms) {
    words.push_back(form.word);
  }
  return words;
}

}  // namespace imbrex::toml_reader
