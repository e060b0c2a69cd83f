// What has to be computed: an immutable, topologically ordered graph of single-output operators
// over tensors. Built by `WorkloadBuilder`, read by everybody. [any thread]
#pragma once

#include <imbrex/values/backward_map.hpp>
#include <imbrex/values/ids.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex {

enum class OperatorKind : std::uint8_t {
  convolution,             // N G K C P Q R S; constant weights
  transposed_convolution,  // as above, the window runs over the output
  matmul,         // Dense, Gemm, MatMul: R = S = 1; weights constant or a second dynamic operand
  pool,           // max or average window
  elementwise,    // add, multiply, ... of two or more operands, with broadcasting
  activation,     // one operand, element by element (ReLU, Clip, Cast, Dropout, quantise, bias)
  normalization,  // batch, layer, local response normalisation at run time
  softmax,
  concat,
  slice,
  resize,
  pad,
  reshape,
  transpose,
  reduce,
  gather,
  expand,
  barrier,  // anything else: needs all of its inputs
};
IMBREX_API std::string_view to_string(OperatorKind kind) noexcept;

struct Tensor {
  std::string name;
  Shape shape;
  std::int32_t bits_per_element = 8;
  OperatorId producer = OperatorId::none;  // none: an input of the network
};

// One coordinate of a tensor as an affine function of at most two loop dimensions:
//   coordinate = (factor[0]*dim[0] + factor[1]*dim[1] + offset) / divisor, where the division is
//   exact;
// index pairs that leave a remainder touch nothing.
// Convolution rows: stride*P + dilation*R - pad. Grouped channels: C*G + 1*C.
// Transposed convolution rows: (P - dilation*R + pad) / stride; everything else has divisor 1.
struct AxisProjection {
  std::array<Dim, 2> dim{Dim::N, Dim::N};
  std::array<std::int64_t, 2> factor{0, 0};
  std::int64_t offset = 0;
  std::int64_t divisor = 1;
  friend constexpr bool operator==(const AxisProjection&, const AxisProjection&) = default;
};

// Hull of the coordinates an axis gets over a box: smallest and largest value, then the integers
// they can name. Not clipped.
IMBREX_API Interval project(const AxisProjection& projection, const DimBox& box) noexcept;

// The loop nest of a convolution or matrix product. Movement operators have all bounds 1.
struct LoopBounds {
  std::array<std::int64_t, kDimCount> bound{1, 1, 1, 1, 1, 1, 1, 1};

  constexpr std::int64_t operator[](Dim d) const noexcept { return bound[index(d)]; }
  constexpr std::int64_t& operator[](Dim d) noexcept { return bound[index(d)]; }
  constexpr std::int64_t macs() const noexcept {
    std::int64_t product = 1;
    for (const std::int64_t b : bound) {
      product *= b;
    }
    return product;
  }
  constexpr DimBox whole() const noexcept {
    DimBox box;
    for (std::size_t d = 0; d < kDimCount; ++d) {
      box.dim[d] = {0, bound[d]};
    }
    return box;
  }
};

inline constexpr std::int32_t kOwnWeights = -1;

struct Operator {
  std::string name;         // unique within the workload
  std::string source_type;  // the word of the source format, e.g. "LeakyRelu"
  OperatorKind kind = OperatorKind::barrier;
  std::vector<TensorId> inputs;   // run-time operands only; constant weights are not tensors
  std::vector<BackwardMap> maps;  // one per input
  TensorId output = TensorId::none;

  // Convolutions and matrix products only (`has_macs()`):
  LoopBounds bounds;
  std::array<std::int64_t, 2> stride{1, 1};  // rows, columns
  std::array<std::int64_t, 2> dilation{1, 1};
  std::array<std::int64_t, 2> pad_begin{0, 0};
  // Transposed convolutions only: rows and columns of the input.
  std::array<std::int64_t, 2> input_extent{0, 0};
  bool stationary_weights = false;  // the second operand is constant
  // Jobs along this dimension are a chain: each waits for all jobs before it (a recurrence). One
  // copy, no spatial loop over the dimension, and its temporal loop outermost.
  std::optional<Dim> chain;
  std::int32_t weight_bits_per_element = 8;
  std::array<AxisProjection, kMaxRank> output_projection{};            // per output axis
  std::vector<std::array<AxisProjection, kMaxRank>> input_projection;  // per input, per axis
  // Layers with the same number read one constant of the network, which is stored once and mapped
  // by each of them. kOwnWeights: nobody else reads it.
  std::int32_t shared_weights = kOwnWeights;
  // Stands for an operator that its reader does not know: its work is in no figure.
  bool unmapped = false;
  // Takes longer than its loop nest says: results with it are estimates.
  bool understated = false;

  bool has_macs() const noexcept {
    return kind == OperatorKind::convolution || kind == OperatorKind::transposed_convolution ||
           kind == OperatorKind::matmul;
  }
  // Multiply-accumulates that are needed; 0 without a loop nest. For a transposed convolution fewer
  // than `bounds.macs()` iterations: every input position meets every tap of the kernel once, and
  // an iteration whose division leaves a remainder does nothing and takes no time.
  std::int64_t macs() const noexcept {
    if (kind == OperatorKind::transposed_convolution && input_extent[0] > 0) {
      return bounds.macs() / (bounds[Dim::P] * bounds[Dim::Q]) * input_extent[0] * input_extent[1];
    }
    return has_macs() ? bounds.macs() : 0;
  }
  // Elements of the constant operand: G*K*C*R*S; 0 when there is none.
  IMBREX_API std::int64_t weight_elements() const noexcept;
  std::int64_t weight_bits() const noexcept { return weight_elements() * weight_bits_per_element; }
};

class IMBREX_API Workload {
 public:
  Workload(Workload&&) noexcept;
  Workload& operator=(Workload&&) noexcept;
  Workload(const Workload&) = delete;
  Workload& operator=(const Workload&) = delete;
  ~Workload();

  std::string_view name() const noexcept { return name_; }
  // The network that this describes: equal for a workload and for what `split_channels` makes of
  // it, and for no others in this process.
  std::uint64_t network() const noexcept { return network_; }
  std::span<const Operator> operators() const noexcept { return operators_; }
  std::span<const Tensor> tensors() const noexcept { return tensors_; }
  const Operator& at(OperatorId id) const noexcept { return operators_[id]; }
  const Tensor& at(TensorId id) const noexcept { return tensors_[id]; }
  std::span<const TensorId> inputs() const noexcept { return inputs_; }
  std::span<const TensorId> outputs() const noexcept { return outputs_; }
  // Operators that read the tensor, ascending; one entry per (operator, operand).
  struct Use {
    OperatorId consumer;
    std::int32_t input_index;
  };
  std::span<const Use> uses(TensorId id) const noexcept;

  std::int64_t macs() const noexcept;
  // Weights of the network: what several layers share counts once.
  std::int64_t weight_bits() const noexcept;
  // Weights that its layers map: what several of them share counts as often as it is used.
  std::int64_t mapped_weight_bits() const noexcept;
  // Operators that stand for work nobody mapped.
  std::int64_t unmapped() const noexcept;
  // Samples that one run of the network works on, as its reader says (`WorkloadBuilder::samples`):
  // throughput and energy per sample count them. At least 1.
  std::int64_t samples() const noexcept { return samples_; }
  // Canonical text of everything an analysis depends on; equal texts are equal workloads. Hash
  // input.
  std::string canonical_text() const;

  // Box of the loop nest -> regions, through the projections. Clipped to the tensor. O(rank).
  // Operators without MACs have one indivisible job: any box gives their whole output.
  Region output_region(OperatorId id, const DimBox& box) const noexcept;
  Region input_region(OperatorId id, std::size_t input_index, const DimBox& box) const noexcept;

 private:
  friend class WorkloadBuilder;
  friend struct WorkloadOrigin;  // src/language: makes a split of a workload the same network
  Workload() = default;
  std::uint64_t network_ = 0;
  std::int64_t samples_ = 1;
  std::string name_;
  IndexVector<OperatorId, Operator> operators_;
  IndexVector<TensorId, Tensor> tensors_;
  std::vector<TensorId> inputs_;
  std::vector<TensorId> outputs_;
  std::vector<Use> uses_;
  std::vector<std::uint32_t> first_use_;
};

}  // namespace imbrex
