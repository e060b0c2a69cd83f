// File: work_order.cpp
#include "mapping/orders.hpp"

#include <imbrex/error.hpp>
#include <imbrex/work_order.hpp>

#include <limits>
#include <optional>
#include <string>

namespace imbrex {
namespace {

// Positions of a cell in a server's order are 32-bit, and so are cells.
constexpr std::int64_t kJobLimit = std::numeric_limits<std::int32_t>::max();

[[noreturn]] void refuse(const Operator& op, const std::string& why) {
  throw InputError("operator '" + op.name + "': " + why);
}

}  // namespace

std::optional<GridShape> as_grid(const Operator& op, const Mapping& mapping) noexcept {
  std::array<std::int64_t, 2> bound{1, 1};
  std::array<int, 2> seen{0, 0};
  for (const Loop& loop : mapping.outer_loops()) {
    if (loop.bound == 1) {
      continue;
    }
    const bool is_column = loop.dim == Dim::Q;
    if (loop.kind != LoopKind::temporal || (loop.dim != Dim::P && !is_column) ||
        (!is_column && seen[1] > 0) || ++seen[is_column ? 1 : 0] > 1) {
      return std::nullopt;
    }
    bound[is_column ? 1 : 0] = loop.bound;
  }
  const std::int64_t height = mapping.job_extent[index(Dim::P)];
  const std::int64_t width = mapping.job_extent[index(Dim::Q)];
  if (bound[0] != ceil_div(op.bounds[Dim::P], height) ||
      bound[1] != ceil_div(op.bounds[Dim::Q], width)) {
    return std::nullopt;  // a searched nest with idle steps keeps them
  }
  return GridShape{height, width};
}

bool too_many_jobs(const LoopBounds& bounds, const GridShape& shape, std::int64_t copies) noexcept {
  const std::int64_t rows = ceil_div(bounds[Dim::P], shape.height);
  const std::int64_t columns = ceil_div(bounds[Dim::Q], shape.width);
  return copies > kJobLimit || rows > kJobLimit || columns > kJobLimit ||
         (rows + copies) * (columns + 1) > kJobLimit || (rows + 1) * (columns + copies) > kJobLimit;
}

WorkOrder::~WorkOrder() = default;
const TileGrid* WorkOrder::tile_grid() const noexcept {
  return nullptr;
}

std::int64_t WorkOrder::job_count() const noexcept {
  std::int64_t count = 0;
  for (std::int64_t server = 0; server < server_count(); ++server) {
    count += step_count(server);
  }
  return count;
}

Verdict mapping_verdict(const Operator& op, const Mapping& mapping) noexcept {
  if (mapping.count > kMaxLoops || mapping.outer > mapping.count) {
    return Verdict::unsupported;
  }
  std::array<std::int64_t, kDimCount> covered = mapping.job_extent;
  std::int64_t jobs = 1;
  for (const Loop& loop : mapping.outer_loops()) {
    std::int64_t& extent = covered[index(loop.dim)];
    if (loop.bound < 1 || __builtin_mul_overflow(extent, loop.bound, &extent) ||
        __builtin_mul_overflow(jobs, loop.bound, &jobs)) {
      return Verdict::unsupported;
    }
  }
  for (std::size_t d = 0; d < kDimCount; ++d) {
    if (mapping.job_extent[d] < 1) {
      return Verdict::unsupported;
    }
    if (covered[d] < op.bounds.bound[d]) {
      return Verdict::infeasible;
    }
  }
  return Verdict::feasible;
}

std::unique_ptr<const WorkOrder> make_work_order(const Operator& op, const Mapping& mapping,
                                                 std::int64_t copies, Dealing dealing,
                                                 const JobClock& clock, bool lock_step) {
  if (mapping_verdict(op, mapping) != Verdict::feasible) {
    refuse(op, "the mapping's loops and job extents do not cover the operator's loop bounds");
  }
  if (copies < 1) {
    refuse(op, "needs at least one copy, has " + std::to_string(copies));
  }
  if (const std::optional<GridShape> grid = as_grid(op, mapping)) {
    if (too_many_jobs(op.bounds, *grid, copies)) {
      refuse(op, "more than " + std::to_string(kJobLimit) +
                     " jobs; choose a coarser granularity or fewer copies");
    }
    return std::make_unique<TileGridOrder>(op.bounds, grid->height, grid->width, copies, dealing,
                                           clock, lock_step);
  }
  if (copies > 1) {
    refuse(op, std::to_string(copies) +
                   " copies need a mapping whose outer loops are one temporal P and one temporal Q "
                   "loop without idle steps; spatial loops already say how work is shared");
  }
  return std::make_unique<LoopNestOrder>(op, mapping, clock, lock_step);
}

}  // namespace imbrex
