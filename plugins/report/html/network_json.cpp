#include "figures_json.hpp"

#include <nlohmann/json.hpp>

namespace imbrex::html {

Json network_json(const PageSubject& subject) {
  Json names = Json::array();
  Json kinds = Json::array();
  Json sources = Json::array();
  const Workload& workload = subject.workload;
  for (const Operator& op : workload.operators()) {
    names.push_back(op.name);
    kinds.push_back(to_string(op.kind));
    Json reads = Json::array();
    for (const TensorId input : op.inputs) {
      if (const OperatorId producer = workload.at(input).producer; producer != OperatorId::none) {
        reads.push_back(index(producer));
      }
    }
    sources.push_back(std::move(reads));
  }
  return {
      {"names", std::move(names)}, {"kinds", std::move(kinds)}, {"sources", std::move(sources)}};
}

}  // namespace imbrex::html
