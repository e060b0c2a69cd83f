// The one way to make a Workload. Each function computes the output shape, the backward maps and
// the loop bounds of one operator from its operands, so every reader agrees on them. Errors:
// InputError naming the operator, what was expected and what was given. [one thread]
#pragma once

#include <imbrex/plugin/host.hpp>
#include <imbrex/values/workload.hpp>

#include <initializer_list>
#include <optional>

namespace imbrex {

// Rows first, columns second. For 1-D data only the first entry is used.
struct Window {
  std::array<std::int64_t, 2> kernel{1, 1};
  std::array<std::int64_t, 2> stride{1, 1};
  std::array<std::int64_t, 2> dilation{1, 1};
  std::array<std::int64_t, 2> pad_begin{0, 0};
  std::array<std::int64_t, 2> pad_end{0, 0};
  bool ceil_mode = false;  // pool only: output extent rounds up
};

// TensorFlow "same": output = ceil(input / stride), surplus at the end. Fills the pads of `window`.
IMBREX_API void pad_same(Window& window, const Shape& input) noexcept;

struct ConvolutionParams {
  std::int64_t output_channels = 0;
  std::int64_t groups = 1;
  Window window;
  std::array<std::int64_t, 2> output_padding{0, 0};  // transposed convolution only
  std::int32_t weight_bits = 8;
  std::int32_t output_bits = 8;
};

class IMBREX_API WorkloadBuilder {
 public:
  explicit WorkloadBuilder(std::string_view name);
  ~WorkloadBuilder();
  WorkloadBuilder(const WorkloadBuilder&) = delete;
  WorkloadBuilder& operator=(const WorkloadBuilder&) = delete;

  TensorId input(std::string_view name, const Shape& shape, std::int32_t bits_per_element = 8);
  void output(TensorId tensor);  // marks a result of the network
  const Tensor& at(TensorId id) const noexcept;

  // Data is [N, channels, rows, columns] or [N, channels, length].
  TensorId convolution(std::string_view name, TensorId data, const ConvolutionParams& params);
  TensorId transposed_convolution(std::string_view name, TensorId data,
                                  const ConvolutionParams& params);
  // Data [..., P, C] times constant [C, K] -> [..., P, K]; leading axes become N (and P when rank
  // 2).
  TensorId dense(std::string_view name, TensorId data, std::int64_t outputs,
                 std::int32_t weight_bits = 8, std::int32_t output_bits = 8);
  // Two dynamic operands [..., P, C] x [..., C, K]; at most two leading axes: N and G. Broadcasting
  // of an extent-1 leading axis is allowed.
  TensorId matmul(std::string_view name, TensorId left, TensorId right,
                  std::int32_t output_bits = 8);

  TensorId pool(std::string_view name, TensorId data, const Window& window);
  TensorId global_pool(std::string_view name,
                       TensorId data);  // over all axes after the channel axis
  TensorId elementwise(std::string_view name, std::span<const TensorId> operands);
  TensorId activation(std::string_view name, TensorId data);
  TensorId softmax(std::string_view name, TensorId data, std::span<const std::int64_t> axes);
  // Normalises over the given axes; local response: over a channel window of `size`.
  TensorId normalization(std::string_view name, TensorId data, std::span<const std::int64_t> axes);
  TensorId local_response_normalization(std::string_view name, TensorId data, std::int64_t size);
  TensorId concat(std::string_view name, std::span<const TensorId> operands, std::int64_t axis);
  TensorId slice(std::string_view name, TensorId data, std::int64_t axis, std::int64_t begin,
                 std::int64_t end, std::int64_t step = 1);
  TensorId pad(std::string_view name, TensorId data, std::span<const std::int64_t> begin,
               std::span<const std::int64_t> end);
  enum class ResizeMode : std::uint8_t { nearest, linear };
  TensorId resize(std::string_view name, TensorId data, const Shape& output, ResizeMode mode,
                  ResizeCoordinates coordinates = ResizeCoordinates::half_pixel);
  TensorId reshape(std::string_view name, TensorId data, const Shape& output);
  TensorId transpose(std::string_view name, TensorId data,
                     std::span<const std::int64_t> permutation);
  TensorId reduce(std::string_view name, TensorId data, std::span<const std::int64_t> axes,
                  bool keep_axes);
  TensorId space_to_depth(std::string_view name, TensorId data, std::int64_t block);
  TensorId depth_to_space(std::string_view name, TensorId data, std::int64_t block);
  // Picks constant indices [begin, end) hull of one axis; keep_axis false drops it.
  TensorId gather(std::string_view name, TensorId data, std::int64_t axis, Interval picked,
                  std::int64_t count, bool keep_axis);
  TensorId expand(std::string_view name, TensorId data, const Shape& output);
  // Anything else: output region needs all of every input.
  TensorId barrier(std::string_view name, std::span<const TensorId> operands, const Shape& output,
                   std::int32_t bits_per_element = 8);
  // Escape hatch for readers with a better map than any above.
  TensorId custom(std::string_view name, OperatorKind kind, std::span<const TensorId> operands,
                  std::span<const BackwardMap> maps, const Shape& output,
                  std::int32_t bits_per_element);
  // An operator as another workload has it, possibly edited, on operands of this one. Its maps say
  // the shapes; `inputs` and `output` are filled in. Errors: InputError when shapes do not fit.
  TensorId copy(Operator op, std::span<const TensorId> operands, const Shape& output,
                std::int32_t bits_per_element);

  // Annotates the operator that produces `tensor` with the word of the source format.
  void source_type(TensorId tensor, std::string_view type);

  // The jobs of the layer that produces `tensor` wait for those before them along N, P or Q
  // (`Operator::chain`).
  void chain(TensorId tensor, Dim dim);

  // The layer that produces `tensor` reads constant `number` of the network (not negative).
  void shared_weights(TensorId tensor, std::int32_t number);
  // The operator that produces `tensor` stands for work that nobody mapped.
  void unmapped(TensorId tensor);
  // The layer that produces `tensor` takes longer than its loop nest says
  // (`Operator::understated`).
  void understated(TensorId tensor);

  // One run of the network works on so many samples; 1 when nobody says. No shape tells: the same
  // axis may count samples, steps or tokens. Errors: InputError below 1.
  void samples(std::int64_t count);

  // Consumes the builder. Errors: no operator, no output, duplicate operator name.
  // Tensors nobody reads become outputs when no output was marked.
  Workload finish();

 private:
  struct IMBREX_LOCAL Impl;
  Impl* impl_;
};

// --- Batches -------------------------------------------------------------------------------------
//
// Networks on batches: several samples in one run, which its readers count. [any thread]

// No axis is said to count samples.
inline constexpr std::int64_t kNoBatchAxis = -1;

// An input of a network, with the axis that counts samples, if anybody said which.
struct BatchInput {
  std::string_view name;
  Shape shape;  // as the workload has it: multiplied by the batch
  std::int64_t axis = kNoBatchAxis;
};

// Samples in one run of a network that was enlarged `batch` times: the extent of the axis that was
// said. Where nothing is said, the first axis counts samples if some input has at least four axes
// (images, by the convention of both formats: [samples, channels, rows, columns]) and all inputs
// agree; anything else counts as one sample per batch, because the axis may count steps or tokens.
// Errors: InputError when an input has no such axis, or two inputs hold different numbers.
IMBREX_API std::int64_t samples_of(std::span<const BatchInput> inputs, std::int64_t batch);

// Builds the network for a batch.
using BuildNetwork = FunctionRef<void(WorkloadBuilder& builder, std::int64_t batch)>;

// Makes sure that multiplying an axis of every network input by `batch` means `batch` samples: the
// network can still be built, it does exactly `batch` times the work, and no recurrence becomes
// longer (then the axis counts steps). Nothing is checked for batch 1.
// Errors: InputError that says why it does not.
IMBREX_API void require_batch(std::int64_t batch, BuildNetwork build);

}  // namespace imbrex
