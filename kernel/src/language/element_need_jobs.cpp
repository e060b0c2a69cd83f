// What jobs of a mapped operator read for an element of its output, all together.
#include "language/element_need.hpp"

#include <algorithm>
#include <utility>

namespace imbrex {
namespace {

constexpr AxisNeed kOneOfThem{AxisNeed::Kind::some, 0};
constexpr AxisNeed kAllOfThem{AxisNeed::Kind::whole, 0};

// One term of a projection that counts: its dimension has more than one value.
struct Term {
  Dim dim = Dim::N;
  std::int64_t factor = 0;
};
struct Terms {
  std::array<Term, 2> term{};
  std::size_t count = 0;
};

Terms terms_of(const AxisProjection& projection, const LoopBounds& bounds) noexcept {
  Terms terms;
  for (std::size_t i = 0; i < projection.dim.size(); ++i) {
    if (projection.factor[i] != 0 && bounds[projection.dim[i]] > 1) {
      terms.term[terms.count++] = {projection.dim[i], projection.factor[i]};
    }
  }
  return terms;
}

// What is known of the loop dimensions that add to a needed element of the output. Dimensions that
// are summed over take every value.
using DimNeeds = std::array<AxisNeed, kDimCount>;

DimNeeds needs_of_dims(const Operator& op, const Shape& shape, const ElementNeed& output) noexcept {
  DimNeeds needs;
  needs.fill(kAllOfThem);
  std::array<bool, kDimCount> used{};
  for (std::size_t axis = 0; axis < shape.rank; ++axis) {
    const AxisProjection& projection = op.output_projection[axis];
    const Terms terms = terms_of(projection, op.bounds);
    for (std::size_t i = 0; i < terms.count; ++i) {
      const Term& term = terms.term[i];
      const bool alone =
          terms.count == 1 && term.factor == 1 && projection.offset == 0 && projection.divisor == 1;
      const bool known = alone || output.axis[axis].kind == AxisNeed::Kind::whole;
      const bool diagonal = std::exchange(used[index(term.dim)], true);
      needs[index(term.dim)] = known && !diagonal ? output.axis[axis] : kOneOfThem;
    }
  }
  return needs;
}

// Some value of a dimension that is summed over makes the coordinate that of the other dimension.
bool meets_zero(const Term& summed, std::int64_t offset, std::int64_t bound) noexcept {
  const std::int64_t value = -offset / summed.factor;
  return value * summed.factor == -offset && value >= 0 && value < bound;
}

// Do a*i + b*j, i below m, j below n, take every value from 0 on without a gap?
bool is_dense(const Term& one, std::int64_t m, const Term& other, std::int64_t n) noexcept {
  return (one.factor == 1 && other.factor >= 0 && other.factor <= m) ||
         (other.factor == 1 && one.factor >= 0 && one.factor <= n);
}

std::optional<AxisNeed> need_of_axis(const Operator& op, const AxisProjection& projection,
                                     std::int64_t extent, const DimNeeds& dims) noexcept {
  const Terms terms = terms_of(projection, op.bounds);
  const Interval hull = project(projection, op.bounds.whole());
  if (projection.divisor != 1) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < terms.count; ++i) {
    const Term& own = terms.term[i];
    const Term& summed = terms.term[1 - i];
    const bool lands = terms.count == 1
                           ? projection.offset == 0
                           : dims[index(summed.dim)] == kAllOfThem &&
                                 meets_zero(summed, projection.offset, op.bounds[summed.dim]);
    if (own.factor == 1 && lands && op.bounds[own.dim] == extent) {
      return dims[index(own.dim)];
    }
  }
  const bool all_whole =
      std::all_of(terms.term.begin(), terms.term.begin() + terms.count,
                  [&](const Term& term) { return dims[index(term.dim)] == kAllOfThem; });
  if (terms.count > 0 && all_whole && hull.contains({0, extent}) &&
      is_dense(terms.term[0], op.bounds[terms.term[0].dim], terms.term[1],
               op.bounds[terms.term[1].dim])) {
    return kAllOfThem;
  }
  if (!Interval{0, extent}.contains(hull)) {
    return std::nullopt;  // perhaps all of it lies in the margins
  }
  return extent == 1 ? kAllOfThem : kOneOfThem;
}

}  // namespace

std::optional<ElementNeed> need_behind_jobs(const Workload& workload, OperatorId id,
                                            std::size_t operand,
                                            const ElementNeed& output) noexcept {
  const Operator& op = workload.at(id);
  const Shape& shape = workload.at(op.inputs[operand]).shape;
  if (!op.has_macs()) {  // one job reads for the whole output
    return need_behind_movement(op.maps[operand], whole_tensor(workload.at(op.output).shape));
  }
  const DimNeeds dims = needs_of_dims(op, workload.at(op.output).shape, output);
  std::array<bool, kDimCount> used{};
  ElementNeed need;
  need.rank = shape.rank;
  for (std::size_t axis = 0; axis < shape.rank; ++axis) {
    const AxisProjection& projection = op.input_projection[operand][axis];
    const std::optional<AxisNeed> one = need_of_axis(op, projection, shape[axis], dims);
    if (!one) {
      return std::nullopt;
    }
    need.axis[axis] = *one;
    const Terms terms = terms_of(projection, op.bounds);
    for (std::size_t i = 0; i < terms.count; ++i) {
      if (std::exchange(used[index(terms.term[i].dim)], true)) {
        return std::nullopt;  // two axes that follow one dimension give a diagonal
      }
    }
  }
  return need;
}

}  // namespace imbrex
