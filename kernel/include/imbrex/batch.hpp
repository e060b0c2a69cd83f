// File: batch.hpp
//
// Networks on batches: dimension N of a workload counts samples. [any thread]
#pragma once

#include <imbrex/function_ref.hpp>
#include <imbrex/workload_builder.hpp>

namespace imbrex {

// Samples that one run of the network works on: the largest N of its operators with loop nests when
// it is the leading axis of every network input, 1 otherwise (then N counts something else).
// O(operators).
IMBREX_API std::int64_t batch_size(const Workload& workload) noexcept;

// Builds the network for a batch.
using BuildNetwork = FunctionRef<void(WorkloadBuilder& builder, std::int64_t batch)>;

// Makes sure that multiplying the leading axis of every network input by `batch` means `batch`
// samples: the network can still be built, its leading axes are dimension N, and it does exactly
// `batch` times the work. Nothing is checked for batch 1.
// Errors: InputError that says why it does not.
IMBREX_API void require_batch(std::int64_t batch, BuildNetwork build);

}  // namespace imbrex
