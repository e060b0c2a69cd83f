// File: batch.hpp
//
// Networks on batches: several samples in one run, which its readers count. [any thread]
#pragma once

#include <imbrex/function_ref.hpp>
#include <imbrex/workload_builder.hpp>

namespace imbrex {

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
