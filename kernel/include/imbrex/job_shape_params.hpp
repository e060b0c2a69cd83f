// File: job_shape_params.hpp
//
// The parameters with which a recipe says how finely unmapped operators are cut into jobs
// (specification clsa-cim section 6.1). Every analyzer that cuts uses these, so that another
// analyzer is one changed `use` line away.
//
//   struct Config : imbrex::JobShapeParams { bool mine = true; };
//   constexpr imbrex::ParamSpec kParams[] = {
//       imbrex::granularity_param<Config>(), imbrex::rows_param<Config>(),
//       imbrex::block_param<Config>(), imbrex::samples_param<Config>(),
//       imbrex::param<&Config::mine>("mine", "...")};
//   ... imbrex::job_shape(config) ...
#pragma once

#include <imbrex/error.hpp>
#include <imbrex/mapping.hpp>
#include <imbrex/params.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace imbrex {

struct JobShapeParams {
  JobShape::Kind granularity = JobShape::Kind::row;
  std::int64_t rows = 2;
  std::vector<std::int64_t> block{4, 4};
  std::int64_t samples = 1;
};

// In the order of JobShape::Kind; without those that only partitioners choose.
inline constexpr std::string_view kGranularityNames[] = {"row", "rows", "block", "pixel", "layer"};

template <class Config>
consteval ParamSpec granularity_param() {
  return choice<&Config::granularity, Config>(
      "granularity",
      "What one job computes of an operator nobody mapped: one output row, several `rows`, a "
      "`block` of the output, one pixel, or the whole layer",
      kGranularityNames);
}
template <class Config>
consteval ParamSpec rows_param() {
  return param<&Config::rows, Config>("rows", "Height of a job when granularity is \"rows\"")
      .unit("row")
      .at_least(1);
}
template <class Config>
consteval ParamSpec block_param() {
  return param<&Config::block, Config>(
             "block", "Height and width of a job, [h, w], when granularity is \"block\"")
      .unit("pixel")
      .at_least(1);
}

template <class Config>
consteval ParamSpec samples_param() {
  return param<&Config::samples, Config>(
             "samples", "Samples of a batch that one job covers; 0: the whole batch")
      .unit("sample")
      .at_least(0);
}

// Errors: InputError naming the parameter when a value the granularity uses is unusable.
inline JobShape job_shape(const JobShapeParams& params) {
  JobShape shape;
  shape.kind = params.granularity;
  shape.samples = params.samples;
  if (shape.kind == JobShape::Kind::rows) {
    shape.height = params.rows;
  }
  if (shape.kind == JobShape::Kind::block) {
    if (params.block.size() != 2) {
      throw InputError("parameter 'block' must be [height, width], two integers; it has " +
                       std::to_string(params.block.size()));
    }
    shape.height = params.block[0];
    shape.width = params.block[1];
  }
  if (shape.height < 1 || shape.width < 1) {
    throw InputError("parameters 'rows' and 'block' must be at least 1");
  }
  return shape;
}

}  // namespace imbrex
