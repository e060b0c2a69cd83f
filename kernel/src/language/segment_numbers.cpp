#include <imbrex/values/work_graph.hpp>

#include <algorithm>

namespace imbrex {

std::vector<std::int32_t> segment_numbers(const Design& design, const CostModel& cost) {
  std::vector<std::int32_t> numbers;
  for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
    if (cost.demand(operator_id(i)).mappable) {
      numbers.push_back(design.placement(operator_id(i)).segment);
    }
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

IndexVector<OperatorId, std::int32_t> operator_segments(const Design& design,
                                                        const CostModel& cost) {
  const std::vector<std::int32_t> numbers = segment_numbers(design, cost);
  const Workload& workload = design.workload();
  IndexVector<OperatorId, std::int32_t> result(workload.operators().size(),
                                               numbers.empty() ? 0 : numbers[0]);
  for (const OperatorId id : result.ids()) {
    if (cost.demand(id).mappable) {
      result[id] = design.placement(id).segment;
      continue;
    }
    for (const TensorId input : workload.at(id).inputs) {
      const OperatorId producer = workload.at(input).producer;
      if (producer != OperatorId::none) {
        result[id] = std::max(result[id], result[producer]);
      }
    }
  }
  return result;
}

}  // namespace imbrex
