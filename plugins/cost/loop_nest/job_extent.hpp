// What one job of an unmapped operator covers.
#pragma once

#include "counting.hpp"

#include <imbrex/toolkit/nests/nest.hpp>
#include <imbrex/values/mapping.hpp>
#include <imbrex/values/workload.hpp>

#include <algorithm>

namespace imbrex::loop_nest {

// Output channels are numbered group by group: jobs cover whole groups, or part of one. Input
// channels of a grouped operator belong to some outputs only, so its jobs are not cut along them.
inline Extents job_extent(const LoopBounds& bounds, const JobShape& shape) noexcept {
  Extents job = bounds.bound;
  const auto [height, width] = shape.extent(bounds[Dim::P], bounds[Dim::Q]);
  job[index(Dim::P)] = height;
  job[index(Dim::Q)] = width;
  if (shape.samples > 0) {
    job[index(Dim::N)] = std::min(shape.samples, bounds[Dim::N]);
  }
  if (shape.kind == JobShape::Kind::output_channels) {
    const std::int64_t per_group = bounds[Dim::K];
    job[index(Dim::K)] = std::min(shape.height, per_group);
    job[index(Dim::G)] =
        std::min(std::max<std::int64_t>(1, shape.height / per_group), bounds[Dim::G]);
  }
  if (shape.kind == JobShape::Kind::input_channels && bounds[Dim::G] == 1) {
    job[index(Dim::C)] = std::min(shape.height, bounds[Dim::C]);
  }
  return job;
}

}  // namespace imbrex::loop_nest
