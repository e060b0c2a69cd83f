// Life of a builder: inputs, outputs and what every new operator must satisfy.
#include "language/builder_impl.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace imbrex {

using namespace workload_detail;

namespace {

// Above this, sums over operators of MACs times picoseconds could overflow.
constexpr std::int64_t kMaxIterations = std::int64_t{1} << 56;

}  // namespace

const Tensor& WorkloadBuilder::Impl::tensor(TensorId id) const {
  IMBREX_ASSERT(static_cast<std::int32_t>(id) >= 0 && index(id) < tensors.size());
  return tensors[id];
}

TensorId WorkloadBuilder::Impl::add(Operator op, const Shape& output, std::int32_t bits) {
  check_shape("operator", op.name, output);
  if (bits < 1 || op.weight_bits_per_element < 1) {
    complain(op.name, "precisions of at least 1 bit",
             fmt::format("{} bits out, {} bits of weight", bits, op.weight_bits_per_element));
  }
  if (op.has_macs() && !product_within(op.bounds.bound, kMaxIterations)) {
    complain(op.name, "at most 2^56 multiply-accumulates",
             fmt::format("loop bounds [{}]", fmt::join(op.bounds.bound, ", ")));
  }
  const TensorId id = tensor_id(tensors.size());
  op.output = id;
  tensors.push_back({op.name, output, bits, operator_id(operators.size())});
  operators.push_back(std::move(op));
  return id;
}

WorkloadBuilder::WorkloadBuilder(std::string_view name) : impl_(new Impl) {
  impl_->name = printable(name);
}

WorkloadBuilder::~WorkloadBuilder() {
  delete impl_;
}

TensorId WorkloadBuilder::input(std::string_view name, const Shape& shape,
                                std::int32_t bits_per_element) {
  check_shape("network input", name, shape);
  if (bits_per_element < 1) {
    throw InputError(
        fmt::format("network input '{}': expected at least 1 bit per element, given {}", name,
                    bits_per_element));
  }
  const TensorId id = tensor_id(impl_->tensors.size());
  impl_->tensors.push_back({printable(name), shape, bits_per_element, OperatorId::none});
  impl_->inputs.push_back(id);
  return id;
}

void WorkloadBuilder::output(TensorId tensor) {
  const Tensor& result = impl_->tensor(tensor);
  if (result.producer == OperatorId::none) {
    throw InputError(fmt::format(
        "network output '{}': expected the result of an operator, given an input of the network",
        result.name));
  }
  if (std::find(impl_->outputs.begin(), impl_->outputs.end(), tensor) == impl_->outputs.end()) {
    impl_->outputs.push_back(tensor);
  }
}

const Tensor& WorkloadBuilder::at(TensorId id) const noexcept {
  return impl_->tensor(id);
}

void WorkloadBuilder::source_type(TensorId tensor, std::string_view type) {
  const OperatorId producer = impl_->tensor(tensor).producer;
  IMBREX_ASSERT(producer != OperatorId::none);
  impl_->operators[producer].source_type = std::string(type);
}

void WorkloadBuilder::chain(TensorId tensor, Dim dim) {
  const OperatorId producer = impl_->tensor(tensor).producer;
  IMBREX_ASSERT(producer != OperatorId::none);
  Operator& op = impl_->operators[producer];
  if (!op.has_macs() || (dim != Dim::N && dim != Dim::P && dim != Dim::Q)) {
    workload_detail::complain(
        op.name, "a chain of jobs of a layer along N, P or Q",
        std::string(to_string(op.kind)) + " along " + std::string(kDimNames[index(dim)]));
  }
  op.chain = dim;
}

void WorkloadBuilder::shared_weights(TensorId tensor, std::int32_t number) {
  const OperatorId producer = impl_->tensor(tensor).producer;
  IMBREX_ASSERT(producer != OperatorId::none && number >= 0);
  impl_->operators[producer].shared_weights = number;
}

void WorkloadBuilder::unmapped(TensorId tensor) {
  const OperatorId producer = impl_->tensor(tensor).producer;
  IMBREX_ASSERT(producer != OperatorId::none);
  impl_->operators[producer].unmapped = true;
}

void WorkloadBuilder::understated(TensorId tensor) {
  const OperatorId producer = impl_->tensor(tensor).producer;
  IMBREX_ASSERT(producer != OperatorId::none);
  impl_->operators[producer].understated = true;
}

void WorkloadBuilder::samples(std::int64_t count) {
  if (count < 1) {
    throw InputError(
        fmt::format("workload '{}': expected at least 1 sample, given {}", impl_->name, count));
  }
  impl_->samples = count;
}

}  // namespace imbrex
