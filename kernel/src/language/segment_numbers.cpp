#include <imbrex/values/work_graph.hpp>

#include <algorithm>
#include <limits>

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

// In one pass, since every segment's work graph asks. What reads inputs of the network alone waits
// until the first segment is known.
IndexVector<OperatorId, std::int32_t> operator_segments(const Design& design,
                                                        const CostModel& cost) {
  constexpr std::int32_t kNowhere = std::numeric_limits<std::int32_t>::min();
  const Workload& workload = design.workload();
  IndexVector<OperatorId, std::int32_t> result(workload.operators().size(), kNowhere);
  bool has_mapped = false;
  std::int32_t first = 0;
  for (const OperatorId id : result.ids()) {
    if (cost.demand(id).mappable) {
      result[id] = design.placement(id).segment;
      first = has_mapped ? std::min(first, result[id]) : result[id];
      has_mapped = true;
      continue;
    }
    for (const TensorId input : workload.at(id).inputs) {
      const OperatorId producer = workload.at(input).producer;
      if (producer != OperatorId::none) {
        result[id] = std::max(result[id], result[producer]);
      }
    }
  }
  std::replace(result.begin(), result.end(), kNowhere, first);
  return result;
}

}  // namespace imbrex
