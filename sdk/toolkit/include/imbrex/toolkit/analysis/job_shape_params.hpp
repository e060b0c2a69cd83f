// The parameters with which a recipe says what an analysis is asked: how finely unmapped operators
// are cut into jobs (specification clsa-cim section 6.1), and whether links count. Every analyzer
// has all of them, so that another analyzer is one changed `use` line away. An override of `use`
// drops them with the other parameters of the stage: they have to be set again there.
//
//   struct Config : analysis::AnalysisParams {
//     bool mine = true;
//   };
//   constexpr ParamSpec kParams[] = {
//       analysis::granularity_param<Config>(), analysis::rows_param<Config>(),
//       analysis::block_param<Config>(),       analysis::samples_param<Config>(),
//       analysis::links_param<Config>(),       param<&Config::mine>("mine", "...")};
//   ... analysis::analysis_request(config) ...
#pragma once

#include <imbrex/plugin/error.hpp>
#include <imbrex/plugin/params.hpp>
#include <imbrex/values/mapping.hpp>
#include <imbrex/values/work_graph.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace imbrex::analysis {

struct JobShapeParams {
  JobShape::Kind granularity = JobShape::Kind::row;
  std::int64_t rows = 2;
  std::vector<std::int64_t> block{4, 4};
  std::int64_t samples = 1;
};

struct AnalysisParams : JobShapeParams {
  bool links = true;
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

template <class Config>
consteval ParamSpec links_param() {
  return param<&Config::links, Config>(
      "links",
      "Whether words that stages hand over wait for the links of the array, as the floor plan of "
      "an "
      "earlier stage lays them out; without a floor plan or limited links there is nothing to wait "
      "for");
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

// Segments follow one another at barriers. Errors: as `job_shape`.
inline AnalysisRequest analysis_request(const AnalysisParams& params) {
  AnalysisRequest request;
  request.shape = job_shape(params);
  request.links = params.links;
  return request;
}

}  // namespace imbrex::analysis
