// The words in which tests build small networks, and find their operators again.
#pragma once

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::test {

// One sample.
inline Shape image(std::int64_t channels, std::int64_t rows, std::int64_t columns) {
  return {4, {1, channels, rows, columns, 1, 1}};
}

// A square window with as much padding as keeps the size of the image at stride 1.
inline ConvolutionParams convolution(std::int64_t channels, std::int64_t kernel,
                                     std::int64_t stride = 1) {
  ConvolutionParams params;
  params.output_channels = channels;
  params.window.kernel = {kernel, kernel};
  params.window.stride = {stride, stride};
  params.window.pad_begin = params.window.pad_end = {kernel / 2, kernel / 2};
  return params;
}

// A name that no operator has is a mistake of the test.
inline OperatorId find(const Workload& workload, std::string_view name) {
  for (std::size_t i = 0; i < workload.operators().size(); ++i) {
    if (workload.operators()[i].name == name) {
      return operator_id(i);
    }
  }
  throw std::out_of_range("no operator " + std::string(name));
}

// Calls visit(channel, row, column) for every element of a region of one sample.
template <class Visit>
void for_each_element(const Region& region, Visit visit) {
  for (std::int64_t c = region.axis[1].begin; c < region.axis[1].end; ++c) {
    for (std::int64_t y = region.axis[2].begin; y < region.axis[2].end; ++y) {
      for (std::int64_t x = region.axis[3].begin; x < region.axis[3].end; ++x) {
        visit(c, y, x);
      }
    }
  }
}

// Operators with multiply-accumulates, in the order of the workload.
inline std::vector<OperatorId> operators_with_macs(const Workload& workload) {
  std::vector<OperatorId> ids;
  for (std::size_t i = 0; i < workload.operators().size(); ++i) {
    if (workload.operators()[i].has_macs()) {
      ids.push_back(operator_id(i));
    }
  }
  return ids;
}

// Operators that the cost model puts on units of their own, in the order of the workload.
inline std::vector<OperatorId> mapped_operators(const Workload& workload, const CostModel& cost) {
  std::vector<OperatorId> ids;
  for (std::size_t i = 0; i < workload.operators().size(); ++i) {
    if (cost.demand(operator_id(i)).mappable) {
      ids.push_back(operator_id(i));
    }
  }
  return ids;
}

}  // namespace imbrex::test
