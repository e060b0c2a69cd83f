// From the operators collected so far to the immutable graph, with its cross-checks.
#include "language/builder_impl.hpp"
#include "language/workload_origin.hpp"

#include <algorithm>
#include <atomic>

#include <fmt/format.h>

namespace imbrex {
namespace {

void check_names(std::string_view workload, const std::vector<Operator>& operators) {
  std::vector<std::string_view> names;
  names.reserve(operators.size());
  for (const Operator& op : operators) {
    names.push_back(op.name);
  }
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) {
    throw InputError(
        fmt::format("workload '{}': expected operator names that differ, given '{}' more than once",
                    workload, *twice));
  }
}

// Metrics add these up over the network.
class Totals {
 public:
  explicit Totals(std::string_view workload) : workload_(workload) {}

  void add(const Operator& op, const Tensor& output) {
    add(macs_, op.macs(), "multiply-accumulates", op);
    add(weight_bits_, op.weight_bits(), "bits of weights", op);
    add(data_bits_, output.shape.elements() * output.bits_per_element, "bits of results", op);
  }

 private:
  void add(std::int64_t& sum, std::int64_t part, std::string_view what, const Operator& op) const {
    constexpr std::int64_t kMost = std::int64_t{1} << 60;
    if (part > kMost - sum) {
      throw InputError(
          fmt::format("workload '{}': expected at most 2^60 {} in sum, exceeded at operator '{}'",
                      workload_, what, op.name));
    }
    sum += part;
  }

  std::string_view workload_;
  std::int64_t macs_ = 0;
  std::int64_t weight_bits_ = 0;
  std::int64_t data_bits_ = 0;
};

struct UseTable {
  std::vector<Workload::Use> uses;
  std::vector<std::uint32_t> first;
};

// Counting sort by tensor; consumers stay ascending because operators are visited in order.
UseTable index_uses(const IndexVector<OperatorId, Operator>& operators, std::size_t tensors) {
  UseTable table;
  table.first.assign(tensors + 1, 0);
  for (const Operator& op : operators) {
    for (const TensorId id : op.inputs) {
      ++table.first[index(id) + 1];
    }
  }
  for (std::size_t i = 1; i < table.first.size(); ++i) {
    table.first[i] += table.first[i - 1];
  }
  IndexVector<TensorId, std::uint32_t> next(table.first.begin(), table.first.end() - 1);
  table.uses.resize(table.first.back());
  for (const OperatorId id : operators.ids()) {
    for (std::size_t i = 0; i < operators[id].inputs.size(); ++i) {
      table.uses[next[operators[id].inputs[i]]++] = {id, static_cast<std::int32_t>(i)};
    }
  }
  return table;
}

void check_agreement(const Workload& workload, OperatorId id, const DimBox& box) {
  const Operator& op = workload.at(id);
  const Region region = workload.output_region(id, box);
  IMBREX_ASSERT(!region.empty());
  for (std::size_t i = 0; i < op.maps.size(); ++i) {
    const Region mapped = op.maps[i].apply(region);
    const Region projected = workload.input_region(id, i, box);
    IMBREX_ASSERT(mapped == projected || (mapped.empty() && projected.empty()));
  }
}

// Projections and backward maps describe a loop nest twice, and analyzers use either. With C, R and
// S whole they must agree: for the whole nest and for its first and last position in each
// dimension.
void check_projections(const Workload& workload, OperatorId id) {
  const LoopBounds& bounds = workload.at(id).bounds;
  check_agreement(workload, id, bounds.whole());
  DimBox first = bounds.whole();
  DimBox last = bounds.whole();
  for (const Dim dim : {Dim::N, Dim::G, Dim::P, Dim::Q}) {
    first[dim] = {0, 1};
    last[dim] = {bounds[dim] - 1, bounds[dim]};
    check_agreement(workload, id, first);
    check_agreement(workload, id, last);
  }
}

}  // namespace

std::uint64_t WorkloadOrigin::new_network() noexcept {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

Workload WorkloadBuilder::finish() {
  if (impl_->operators.empty()) {
    throw InputError(
        fmt::format("workload '{}': expected at least one operator, given none", impl_->name));
  }
  check_names(impl_->name, impl_->operators);
  Totals totals(impl_->name);
  for (const Operator& op : impl_->operators) {
    totals.add(op, impl_->tensor(op.output));
  }
  UseTable table = index_uses(impl_->operators, impl_->tensors.size());
  Workload result;
  result.name_ = std::move(impl_->name);
  result.samples_ = impl_->samples;
  result.operators_ = std::move(impl_->operators);
  result.tensors_ = std::move(impl_->tensors);
  result.inputs_ = std::move(impl_->inputs);
  result.outputs_ = std::move(impl_->outputs);
  result.uses_ = std::move(table.uses);
  result.first_use_ = std::move(table.first);
  WorkloadOrigin::set(result, WorkloadOrigin::new_network());
  *impl_ = Impl();
  for (const OperatorId id : result.operators_.ids()) {
    if (result.at(id).has_macs()) {
      check_projections(result, id);
    }
  }
  const bool none_marked = result.outputs_.empty();
  for (const Operator& op : result.operators_) {
    if (none_marked && result.uses(op.output).empty()) {
      result.outputs_.push_back(op.output);
    }
  }
  return result;
}

}  // namespace imbrex
