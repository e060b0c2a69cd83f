#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/nests/problem.hpp>

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace imbrex::nests {
namespace {

// Dimensions of extent 1 move nothing.
Rank rank_of(const AxisProjection& projection, const LoopBounds& bounds) {
  Rank rank;
  rank.divisor = projection.divisor;
  for (std::size_t i = 0; i < 2; ++i) {
    rank.dim[i] = index(projection.dim[i]);
    rank.factor[i] = bounds[projection.dim[i]] > 1 ? std::abs(projection.factor[i]) : 0;
  }
  if (rank.factor[0] == 0) {
    std::swap(rank.dim[0], rank.dim[1]);
    std::swap(rank.factor[0], rank.factor[1]);
  }
  return rank;
}

void count_touched(const LoopBounds& bounds, Rank& rank) {
  std::vector<bool> is_touched(static_cast<std::size_t>(rank.extent), false);
  const auto steps = [&](std::size_t i) {
    return rank.factor[i] > 0 ? bounds.bound[rank.dim[i]] : 1;
  };
  for (std::int64_t i = 0; i < steps(0); ++i) {
    for (std::int64_t j = 0; j < steps(1); ++j) {
      const std::int64_t x = rank.offset + rank.factor[0] * i + rank.factor[1] * j;
      if (x >= 0 && x < rank.extent) {
        is_touched[static_cast<std::size_t>(x)] = true;
        ++rank.touches;
      }
    }
  }
  rank.points = std::count(is_touched.begin(), is_touched.end(), true);
}

// Where the coordinate ends, if the loops reach beyond it. Mirrored ones do not say where they
// start.
void clip(const AxisProjection& projection, const LoopBounds& bounds, std::int64_t extent,
          Rank& rank) noexcept {
  std::int64_t last = projection.offset;
  for (std::size_t i = 0; i < 2; ++i) {
    const std::int64_t steps = bounds[projection.dim[i]] - 1;
    if (projection.factor[i] < 0 && steps > 0) {
      return;
    }
    last += projection.factor[i] * steps;
  }
  if (projection.divisor == 1 && (projection.offset < 0 || last >= extent)) {
    rank.offset = projection.offset;
    rank.extent = extent;
    count_touched(bounds, rank);
  }
}

// Are the dimensions digits of one number, so that no point is named twice?
bool are_digits(const Rank& rank, const LoopBounds& bounds) {
  const auto bound = [&](std::size_t i) { return bounds.bound[rank.dim[i]]; };
  return rank.divisor == 1 && rank.factor[1] > 0 &&
         (rank.factor[0] >= rank.factor[1] * bound(1) ||
          rank.factor[1] >= rank.factor[0] * bound(0));
}

void add_projection(const AxisProjection& projection, const LoopBounds& bounds, std::int64_t extent,
                    TensorRanks& tensor) {
  Rank rank = rank_of(projection, bounds);
  clip(projection, bounds, extent, rank);
  if (rank.factor[0] == 0) {
    return;
  }
  if (rank.extent > 0 || !are_digits(rank, bounds)) {
    tensor.add(rank);
    return;
  }
  tensor.add({{rank.dim[0], 0}, {1, 0}, 1});
  tensor.add({{rank.dim[1], 0}, {1, 0}, 1});
}

void add_constant_weights(const Operator& op, TensorRanks& tensor) {
  for (const Dim dim : {Dim::G, Dim::K, Dim::C, Dim::R, Dim::S}) {
    if (op.bounds[dim] > 1) {
      tensor.add({{index(dim), 0}, {1, 0}, 1});
    }
  }
}

}  // namespace

void TensorRanks::add(const Rank& rank_of_tensor) noexcept {
  for (std::size_t i = 0; i < 2; ++i) {
    const std::size_t dim = rank_of_tensor.dim[i];
    if (rank_of_tensor.factor[i] > 0) {
      IMBREX_ASSERT(!depends_on(dim));
      rank_of_dim[dim] = count;
      factor_of_dim[dim] = rank_of_tensor.factor[i];
      dims |= 1u << dim;
    }
  }
  has_windows = has_windows || rank_of_tensor.factor[1] > 0;
  is_plain = is_plain && rank_of_tensor.factor[1] == 0 && rank_of_tensor.divisor == 1 &&
             rank_of_tensor.extent == 0;
  rank[count++] = rank_of_tensor;
}

namespace {

// What any rank of any tensor needs, so that operators without it take the short way.
void note_ranks(Problem& problem) noexcept {
  for (const TensorRanks& tensor : problem.tensor) {
    for (std::size_t r = 0; r < tensor.count; ++r) {
      problem.has_padding = problem.has_padding || tensor.rank[r].extent > 0;
      problem.divides = problem.divides || tensor.rank[r].divisor > 1;
    }
  }
}

}  // namespace

Problem prepare(const Workload& workload, OperatorId id) {
  const Operator& op = workload.at(id);
  Problem problem;
  problem.mappable = op.has_macs();
  if (!problem.mappable) {
    return problem;
  }
  problem.bounds = op.bounds;
  problem.macs = op.macs();
  problem.work_share = static_cast<double>(op.macs()) / static_cast<double>(op.bounds.macs());
  problem.chain = op.chain;
  const auto add_operand = [&](std::size_t operand, Role role) {
    const Tensor& tensor = workload.at(op.inputs[operand]);
    const std::size_t rank = tensor.shape.rank;
    problem.bits[index(role)] = tensor.bits_per_element;
    for (std::size_t axis = 0; axis < rank; ++axis) {
      add_projection(op.input_projection[operand][axis], op.bounds, tensor.shape[axis],
                     problem.tensor[index(role)]);
    }
  };
  add_operand(0, Role::inputs);
  if (op.stationary_weights) {
    problem.bits[index(Role::weights)] = op.weight_bits_per_element;
    add_constant_weights(op, problem.tensor[index(Role::weights)]);
  } else if (op.inputs.size() > 1) {
    add_operand(1, Role::weights);
  }
  const std::size_t rank = workload.at(op.output).shape.rank;
  problem.bits[index(Role::outputs)] = workload.at(op.output).bits_per_element;
  for (std::size_t axis = 0; axis < rank; ++axis) {
    add_projection(op.output_projection[axis], op.bounds, workload.at(op.output).shape[axis],
                   problem.tensor[index(Role::outputs)]);
  }
  note_ranks(problem);
  return problem;
}

}  // namespace imbrex::nests
