#include "certificates.hpp"

#include <fmt/format.h>

namespace imbrex::optimal {
namespace {

std::string line_of(const LayerTask& task, const Workload& workload) {
  const optimum::Answer& answer = task.answer;
  std::string names;
  for (const OperatorId op : task.operators) {
    names += (names.empty() ? "" : ", ") + workload.at(op).name;
  }
  return fmt::format("{}: {}; objective {}, bound {}, {} mappings, {} states{}{}", names,
                     answer.proved ? "proved" : "not proved, " + answer.unproved, answer.objective,
                     answer.bound, mapspace::decimal(task.space->size()), answer.states,
                     answer.convergence.empty() ? "" : "; ", answer.convergence);
}

}  // namespace

void state_certificates(const std::vector<LayerTask>& tasks, search::SearchRun& run) {
  Evaluator& evaluator = run.evaluator();
  std::string text;
  optimum::Answer sum;
  std::int64_t layers = 0;
  std::int64_t proved = 0;
  double mappings = 0;
  for (const LayerTask& task : tasks) {
    const optimum::Answer& answer = task.answer;
    const auto count = static_cast<std::int64_t>(task.operators.size());
    layers += count;
    proved += answer.proved ? count : 0;
    sum.bound += static_cast<double>(count) * answer.bound;
    sum.objective += static_cast<double>(count) * answer.objective;
    mappings += static_cast<double>(count) * static_cast<double>(task.space->size());
    sum.states += answer.states;
    sum.orders += answer.orders;
    sum.leaves += answer.leaves;
    sum.pruned.by_spread += answer.pruned.by_spread;
    sum.pruned.by_table += answer.pruned.by_table;
    sum.pruned.by_tile += answer.pruned.by_tile;
    sum.pruned.by_order += answer.pruned.by_order;
    sum.pruned.dominated += answer.pruned.dominated;
    text += (text.empty() ? "" : " | ") + line_of(task, run.start().workload());
  }
  evaluator.note("certificate", text);
  evaluator.statistic("layers", layers);
  evaluator.statistic("proved", proved);
  evaluator.statistic("bound", sum.bound);
  evaluator.statistic("found", sum.objective);
  evaluator.statistic("mappings", mappings);
  evaluator.statistic("states", sum.states);
  evaluator.statistic("orders", sum.orders);
  evaluator.statistic("leaves", sum.leaves);
  evaluator.statistic("pruned_by_spread", sum.pruned.by_spread);
  evaluator.statistic("pruned_by_table", sum.pruned.by_table);
  evaluator.statistic("pruned_by_tile", sum.pruned.by_tile);
  evaluator.statistic("pruned_by_order", sum.pruned.by_order);
  evaluator.statistic("dominated", sum.pruned.dominated);
}

}  // namespace imbrex::optimal
