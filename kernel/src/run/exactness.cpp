#include "run/exactness.hpp"

#include "run/reading_holes.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/values/work_graph.hpp>

#include <algorithm>

namespace imbrex::run {
namespace {

void lower(Trust& trust, Exactness exactness, const std::vector<std::string>& reasons) {
  trust.exactness = std::max(trust.exactness, exactness);  // in the order of the enumerators
  for (const std::string& reason : reasons) {
    if (std::find(trust.reasons.begin(), trust.reasons.end(), reason) == trust.reasons.end()) {
      trust.reasons.push_back(reason);
    }
  }
}

std::string joined(const std::vector<std::string>& reasons) {
  std::string text;
  for (const std::string& reason : reasons) {
    text += (text.empty() ? "" : "; ") + reason;
  }
  return text;
}

std::vector<std::string> understated(const WorkGraph& graph) {
  std::vector<std::string> reasons;
  for (const OperatorId id : graph.mapped()) {
    const Operator& op = graph.workload().at(id);
    if (op.understated) {
      reasons.push_back(op.name + " takes longer than its loop nest says");
    }
  }
  return reasons;
}

}  // namespace

std::vector<SegmentGraph> segment_graphs(const Design& design, const Machine& machine,
                                         const AnalysisRequest& request) {
  const std::vector<std::int32_t> numbers = segment_numbers(design, machine.cost());
  std::vector<SegmentGraph> graphs;
  graphs.reserve(std::max<std::size_t>(1, numbers.size()));
  if (numbers.size() <= 1) {
    graphs.push_back({numbers.empty() ? 0 : numbers.front(), WorkGraph(design, machine, request)});
    return graphs;
  }
  for (const std::int32_t number : numbers) {
    graphs.push_back({number, WorkGraph(design, machine, request, number)});
  }
  return graphs;
}

Trust trust_in(const ComponentPlace& place, const OverlapAnalyzer& analyzer,
               const std::vector<SegmentGraph>& graphs) {
  Trust trust;
  for (const auto& [segment, graph] : graphs) {
    const Fidelity said = analyzer.fidelity(graph);
    if (said.verdict != Verdict::feasible) {
      throw InfeasibleError(place.where + ": cannot analyse this design" +
                            (said.reasons.empty() ? "" : ": " + joined(said.reasons)));
    }
    lower(trust, said.exactness, said.reasons);
    trust.said = std::max(trust.said, said.exactness);
    trust.serves_links = trust.serves_links || said.serves_links;
    if (graph.has_link_rates() && !said.serves_links) {
      lower(trust, Exactness::estimate, {"links of the floor plan as rates"});
    }
    if (const std::vector<std::string> late = understated(graph); !late.empty()) {
      lower(trust, Exactness::estimate, late);
    }
    if (const std::vector<std::string> holes = reading_holes(graph); !holes.empty()) {
      lower(trust, Exactness::conservative, holes);
    }
  }
  return trust;
}

}  // namespace imbrex::run
