// File: batch.cpp
#include <imbrex/batch.hpp>
#include <imbrex/error.hpp>

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

void check_operators(const Workload& one, const Workload& many, std::int64_t batch) {
  if (one.operators().size() != many.operators().size()) {
    refuse(batch, "the network becomes another one");
  }
  for (std::size_t i = 0; i < one.operators().size(); ++i) {
    const Operator& op = many.operators()[i];
    if (op.macs() != batch * one.operators()[i].macs()) {
      refuse(batch, fmt::format("operator '{}' does {} multiply-accumulates instead of {} times "
                                "the {} of one sample, so the leading axis counts no samples",
                                op.name, op.macs(), batch, one.operators()[i].macs()));
    }
  }
}

}  // namespace

std::int64_t batch_size(const Workload& workload) noexcept {
  std::int64_t size = 1;
  for (const Operator& op : workload.operators()) {
    size = std::max(size, op.has_macs() ? op.bounds[Dim::N] : 1);
  }
  for (const TensorId input : workload.inputs()) {
    const Shape& shape = workload.at(input).shape;
    if (shape.rank == 0 || shape[0] != size) {
      return 1;
    }
  }
  return size;
}

void require_batch(std::int64_t batch, BuildNetwork build) {
  if (batch == 1) {
    return;
  }
  const Workload one = built(1, build);
  const Workload many = built_for_batch(batch, build);
  check_operators(one, many, batch);
  if (one.macs() > 0 && batch_size(many) != batch * batch_size(one)) {
    refuse(
        batch,
        "the leading axis of the inputs becomes dimension N of no operator, so that samples would "
        "count as rows of one");
  }
}

}  // namespace imbrex
