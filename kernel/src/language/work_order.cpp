#include "language/orders.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/values/work_order.hpp>

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
  constexpr std::array<Dim, 3> kGridDims = {Dim::N, Dim::P, Dim::Q};  // outermost first
  std::array<std::int64_t, 3> bound{1, 1, 1};
  std::size_t next = 0;  // first dimension that may still come
  for (const Loop& loop : mapping.outer_loops()) {
    if (loop.bound == 1) {
      continue;
    }
    while (next < kGridDims.size() && kGridDims[next] != loop.dim) {
      ++next;
    }
    if (loop.kind != LoopKind::temporal || next == kGridDims.size()) {
      return std::nullopt;
    }
    bound[next++] = loop.bound;
  }
  std::array<std::int64_t, 3> extent{};
  for (std::size_t i = 0; i < kGridDims.size(); ++i) {
    extent[i] = mapping.job_extent[index(kGridDims[i])];
    if (bound[i] != ceil_div(op.bounds[kGridDims[i]], extent[i])) {
      return std::nullopt;  // a searched nest with idle steps keeps them
    }
  }
  return GridShape{extent[0], extent[1], extent[2]};
}

bool too_many_jobs(const LoopBounds& bounds, const GridShape& shape, std::int64_t copies) noexcept {
  const std::int64_t samples = ceil_div(bounds[Dim::N], shape.samples);
  const std::int64_t rows = ceil_div(bounds[Dim::P], shape.height);
  const std::int64_t columns = ceil_div(bounds[Dim::Q], shape.width);
  if (copies > kJobLimit || rows > kJobLimit || columns > kJobLimit) {
    return true;
  }
  const std::int64_t limit = kJobLimit / samples;  // per sample
  return (rows + copies) * (columns + 1) > limit || (rows + 1) * (columns + copies) > limit;
}

WorkOrder::~WorkOrder() = default;
const TileGrid* WorkOrder::tile_grid() const noexcept {
  return nullptr;
}

bool WorkOrder::dealt_anew() const noexcept {
  return false;
}

std::optional<std::int64_t> WorkOrder::equal_jobs_ps() const noexcept {
  return std::nullopt;
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
    return std::make_unique<TileGridOrder>(op.bounds, *grid, copies, dealing, clock, lock_step);
  }
  if (copies > 1) {
    refuse(op,
           std::to_string(copies) +
               " copies need a mapping whose outer loops are temporal N, P and Q loops, one each, "
               "in this order and without idle steps; spatial loops already say how work is "
               "shared");
  }
  return std::make_unique<LoopNestOrder>(op, mapping, clock, lock_step);
}

}  // namespace imbrex
