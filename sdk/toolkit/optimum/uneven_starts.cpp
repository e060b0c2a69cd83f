#include "optimum/uneven_starts.hpp"

#include <algorithm>

namespace imbrex::optimum {
namespace {

constexpr std::size_t kMostSizes = 12;

// Larger bounds of one dimension that the instances of a level, or of all, divide.
std::vector<std::int64_t> sizes_of(const ClassParts& parts, std::size_t dim) {
  const std::int64_t bound = parts.lattice.of(dim).bound();
  std::vector<std::int64_t> sizes{bound};
  for (const nests::TensorRanks& tensor : parts.question.problem.tensor) {
    const nests::Rank& rank = tensor.rank[tensor.rank_of_dim[dim]];
    if (tensor.depends_on(dim) && (rank.factor[1] > 0 || rank.extent > 0)) {
      return sizes;  // windows end where their tensors do
    }
  }
  std::int64_t all = 1;
  for (std::size_t l = 0; l < parts.levels(); ++l) {
    all *= parts.shares[l][dim];
    for (const std::int64_t instances : {parts.shares[l][dim], all}) {
      const std::int64_t size = ceil_div(bound, instances) * instances;
      if (size < 2 * bound && std::find(sizes.begin(), sizes.end(), size) == sizes.end()) {
        sizes.push_back(size);
      }
    }
  }
  return sizes;
}

std::vector<LoopBounds> all_sizes(const ClassParts& parts) {
  std::vector<LoopBounds> all{parts.question.space.bounds};
  for (std::size_t d = 0; d < kDimCount; ++d) {
    const std::vector<std::int64_t> sizes = sizes_of(parts, d);
    const std::size_t known = all.size();
    for (std::size_t i = 1; i < sizes.size(); ++i) {
      for (std::size_t k = 0; k < known && all.size() < kMostSizes; ++k) {
        all.push_back(all[k]);
        all.back().bound[d] = sizes[i];
      }
    }
  }
  return all;
}

// The same loops, as far as there is anything to do; of bounds that leave as much inside the least.
Mapping shortened(const Mapping& mapping, const LoopBounds& bounds) {
  Mapping result;
  result.job_extent.fill(1);
  std::array<std::int64_t, kDimCount> rest = bounds.bound;
  for (std::size_t i = 0; i < mapping.count; ++i) {
    Loop loop = mapping.loops[i];
    std::int64_t& left = rest[index(loop.dim)];
    const std::int64_t inside = ceil_div(left, loop.bound);
    loop.bound = ceil_div(left, inside);
    left = inside;
    if (loop.bound > 1) {
      result.loops[result.count++] = loop;
      result.outer = static_cast<std::uint8_t>(result.outer + (i < mapping.outer ? 1 : 0));
      result.job_extent[index(loop.dim)] *= i < mapping.outer ? 1 : loop.bound;
    }
  }
  return result;
}

}  // namespace

std::vector<Mapping> uneven_starts(const ClassParts& parts, const Limits& limits) {
  const Question& question = parts.question;
  const std::vector<LoopBounds> sizes = all_sizes(parts);
  Limits of_each = limits;
  if (limits.max_states > 0) {
    of_each.max_states = limits.max_states / static_cast<std::int64_t>(sizes.size()) + 1;
  }
  std::vector<Mapping> found;
  for (const LoopBounds& bounds : sizes) {
    MapSpaceSpec space = as_if_even(question.space);
    space.bounds = bounds;
    nests::Problem problem = question.problem;
    problem.bounds = bounds;
    problem.macs = bounds.macs();
    const Answer answer =
        optimum::solve({space, problem, question.hierarchy, question.objective}, of_each);
    if (answer.mapping) {
      found.push_back(shortened(*answer.mapping, question.space.bounds));
    }
  }
  return found;
}

}  // namespace imbrex::optimum
