#include <imbrex/plugin/error.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace imbrex {
namespace {

[[noreturn]] void refuse(std::int64_t batch, const std::string& why) {
  throw InputError(fmt::format("batch = {} cannot be applied: {}", batch, why));
}

Workload built(std::int64_t batch, BuildNetwork build) {
  WorkloadBuilder builder("batch");
  build(builder, batch);
  return builder.finish();
}

Workload built_for_batch(std::int64_t batch, BuildNetwork build) {
  try {
    return built(batch, build);
  } catch (const InputError& error) {
    refuse(batch, fmt::format("the network fits one sample only: {}", error.what()));
  }
}

// More samples take more steps of no sequence.
void check_recurrence(const Operator& one, const Operator& many, std::int64_t batch) {
  if (many.chain && many.bounds[*many.chain] != one.bounds[*one.chain]) {
    refuse(batch, fmt::format("the recurrence of operator '{}' would have {} steps instead of {}, "
                              "so the axis counts steps; say which one counts samples (batch_axis)",
                              many.name, many.bounds[*many.chain], one.bounds[*one.chain]));
  }
}

void check_operators(const Workload& one, const Workload& many, std::int64_t batch) {
  if (one.operators().size() != many.operators().size()) {
    refuse(batch, "the network becomes another one");
  }
  for (std::size_t i = 0; i < one.operators().size(); ++i) {
    const Operator& op = many.operators()[i];
    std::int64_t wanted = 0;
    if (__builtin_mul_overflow(batch, one.operators()[i].macs(), &wanted) || op.macs() != wanted) {
      refuse(batch, fmt::format("operator '{}' does {} multiply-accumulates instead of {} times "
                                "the {} of one sample, so the axis counts no samples",
                                op.name, op.macs(), batch, one.operators()[i].macs()));
    }
    check_recurrence(one.operators()[i], op, batch);
  }
}

void check_axis(const BatchInput& input) {
  if (input.axis < 0 || static_cast<std::size_t>(input.axis) >= input.shape.rank) {
    throw InputError(fmt::format("input '{}' has {} axes: no axis {} that could count samples",
                                 input.name, input.shape.rank, input.axis));
  }
}

std::int64_t samples_in(const BatchInput& input) noexcept {
  return input.shape[static_cast<std::size_t>(input.axis)];
}

bool images(std::span<const BatchInput> inputs) noexcept {
  bool some = false;
  for (const BatchInput& input : inputs) {
    if (input.shape.rank == 0 || input.shape[0] != inputs.front().shape[0]) {
      return false;
    }
    some = some || input.shape.rank >= 4;
  }
  return some;
}

}  // namespace

std::int64_t samples_of(std::span<const BatchInput> inputs, std::int64_t batch) {
  const BatchInput* said = nullptr;
  for (const BatchInput& input : inputs) {
    if (input.axis == kNoBatchAxis) {
      continue;
    }
    check_axis(input);
    if (said != nullptr && samples_in(*said) != samples_in(input)) {
      throw InputError(fmt::format(
          "inputs '{}' and '{}' hold {} and {} samples along the axes that are said to count them",
          said->name, input.name, samples_in(*said), samples_in(input)));
    }
    said = &input;
  }
  if (said != nullptr) {
    return samples_in(*said);
  }
  return images(inputs) ? inputs.front().shape[0] : batch;
}

void require_batch(std::int64_t batch, BuildNetwork build) {
  if (batch == 1) {
    return;
  }
  const Workload one = built(1, build);
  const Workload many = built_for_batch(batch, build);
  check_operators(one, many, batch);
}

}  // namespace imbrex
