// How long a mapped operator takes alone. The closed forms serve cost models that judge many
// mappings; their obvious twin sums the jobs of a work order.
#include "language/orders.hpp"

#include <imbrex/values/work_order.hpp>

#include <algorithm>

namespace imbrex {
namespace {

std::int64_t taken_ps(const JobClock& clock, std::int64_t jobs, std::int64_t positions) noexcept {
  return bounded_sum_ps(bounded_ps(jobs, clock.fixed_ps),
                        bounded_ps(positions, clock.per_position_ps));
}

// Copies are equal but for the ragged last sample, row and column of the grid.
std::int64_t longest_round_robin(const LoopBounds& bounds, const GridShape& shape,
                                 std::int64_t copies, const JobClock& clock) {
  const std::int64_t n = bounds[Dim::N];
  const std::int64_t p = bounds[Dim::P];
  const std::int64_t q = bounds[Dim::Q];
  const std::int64_t columns = ceil_div(q, shape.width);
  const std::int64_t per_sample = ceil_div(p, shape.height) * columns;
  const std::int64_t cells = ceil_div(n, shape.samples) * per_sample;
  if (copies == 1) {
    return taken_ps(clock, cells, n * p * q);
  }
  if (n % shape.samples == 0 && p % shape.height == 0 && q % shape.width == 0) {
    const std::int64_t job_ps = taken_ps(clock, 1, shape.samples * shape.height * shape.width);
    return bounded_ps(ceil_div(cells, copies), job_ps);
  }
  std::int64_t longest = 0;
  for (std::int64_t server = 0; server < std::min(copies, cells); ++server) {
    std::int64_t jobs = 0;
    std::int64_t positions = 0;
    for (std::int64_t cell = server; cell < cells; cell += copies) {
      const std::int64_t z = cell / per_sample * shape.samples;
      const std::int64_t y = cell % per_sample / columns * shape.height;
      const std::int64_t x = cell % columns * shape.width;
      positions += std::min(shape.samples, n - z) * std::min(shape.height, p - y) *
                   std::min(shape.width, q - x);
      ++jobs;
    }
    longest = std::max(longest, taken_ps(clock, jobs, positions));
  }
  return longest;
}

// Every strip spans the whole other axis of every sample, whose tiles number `across` in all.
std::int64_t longest_strip(const LoopBounds& bounds, std::int64_t strip_axis, std::int64_t tile,
                           std::int64_t other_axis, std::int64_t across, std::int64_t copies,
                           const JobClock& clock) {
  const std::int64_t strips = std::min(copies, strip_axis);
  std::int64_t longest = 0;
  for (std::int64_t k = 0; k < strips; ++k) {
    const std::int64_t begin = ceil_div(k * strip_axis, strips);
    const std::int64_t end = ceil_div((k + 1) * strip_axis, strips);
    const std::int64_t jobs = (ceil_div(end, tile) - begin / tile) * across;
    const std::int64_t positions = bounds[Dim::N] * (end - begin) * other_axis;
    longest = std::max(longest, taken_ps(clock, jobs, positions));
  }
  return longest;
}

// Sum over one dimension's temporal digits, on server 0, of the extent a job covers there
// (`positions`) or of the number of jobs that are not empty there. Steps with all spatial digits
// zero start lowest, so no server has more work than server 0.
std::int64_t sum_over_steps(const Mapping& mapping, Dim dim, std::int64_t bound, bool positions) {
  std::array<std::int64_t, kMaxLoops> size{};
  std::array<std::int64_t, kMaxLoops> stride{};
  std::size_t digits = 0;
  std::int64_t coordinate_stride = mapping.job_extent[index(dim)];
  std::int64_t steps = 1;
  for (std::size_t i = mapping.outer; i-- > 0;) {
    const Loop& loop = mapping.loops[i];
    if (loop.dim != dim) {
      continue;
    }
    if (loop.kind == LoopKind::temporal) {
      size[digits] = loop.bound;
      stride[digits++] = coordinate_stride;
      steps *= loop.bound;
    }
    coordinate_stride *= loop.bound;
  }
  std::int64_t sum = 0;
  for (std::int64_t step = 0; step < steps; ++step) {
    std::int64_t rest = step;
    std::int64_t low = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      low += rest % size[i] * stride[i];
      rest /= size[i];
    }
    const std::int64_t extent = std::min(mapping.job_extent[index(dim)], bound - low);
    sum += extent <= 0 ? 0 : (positions ? extent : 1);
  }
  return sum;
}

std::int64_t longest_of_nest(const Operator& op, const Mapping& mapping, const JobClock& clock) {
  std::int64_t steps = 1;
  for (const Loop& loop : mapping.outer_loops()) {
    steps *= loop.kind == LoopKind::temporal ? loop.bound : 1;
  }
  std::int64_t positions = 1;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    const Dim dim = static_cast<Dim>(d);
    const bool counts = dim == Dim::N || dim == Dim::P || dim == Dim::Q;
    positions *= sum_over_steps(mapping, dim, op.bounds[dim], counts);
  }
  return taken_ps(clock, steps, positions);
}

}  // namespace

std::int64_t longest_server_ps(const WorkOrder& order) noexcept {
  if (const auto* const nest = dynamic_cast<const LoopNestOrder*>(&order);
      nest != nullptr && nest->every_job_ps()) {
    return nest->step_count(0) * *nest->every_job_ps();
  }
  const std::int64_t servers = order.server_count();
  std::int64_t longest = 0;
  if (order.lock_step()) {
    std::int64_t steps = 0;  // strips need not be equally long
    for (std::int64_t server = 0; server < servers; ++server) {
      steps = std::max(steps, order.step_count(server));
    }
    for (std::int64_t step = 0; step < steps; ++step) {
      std::int64_t step_ps = 0;
      for (std::int64_t server = 0; server < servers; ++server) {
        if (step < order.step_count(server)) {
          step_ps = std::max(step_ps, order.job(step, server).duration_ps);
        }
      }
      longest += step_ps;
    }
    return longest;
  }
  for (std::int64_t server = 0; server < servers; ++server) {
    std::int64_t busy_ps = 0;
    for (std::int64_t step = 0; step < order.step_count(server); ++step) {
      busy_ps += order.job(step, server).duration_ps;
    }
    longest = std::max(longest, busy_ps);
  }
  return longest;
}

std::optional<std::int64_t> longest_server_ps(const Operator& op, const Mapping& mapping,
                                              std::int64_t copies, Dealing dealing,
                                              const JobClock& clock) noexcept {
  if (mapping_verdict(op, mapping) != Verdict::feasible || copies < 1) {
    return std::nullopt;
  }
  const std::optional<GridShape> grid = as_grid(op, mapping);
  if (!grid) {
    return copies == 1 ? std::optional(longest_of_nest(op, mapping, clock)) : std::nullopt;
  }
  if (too_many_jobs(op.bounds, *grid, copies)) {
    return std::nullopt;
  }
  const std::int64_t samples = ceil_div(op.bounds[Dim::N], grid->samples);
  const std::int64_t p = op.bounds[Dim::P];
  const std::int64_t q = op.bounds[Dim::Q];
  switch (dealing) {
    case Dealing::round_robin:
      return longest_round_robin(op.bounds, *grid, copies, clock);
    case Dealing::strip_w:
      return longest_strip(op.bounds, q, grid->width, p, samples * ceil_div(p, grid->height),
                           copies, clock);
    case Dealing::strip_h:
      return longest_strip(op.bounds, p, grid->height, q, samples * ceil_div(q, grid->width),
                           copies, clock);
  }
  return std::nullopt;
}

}  // namespace imbrex
