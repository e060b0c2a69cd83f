#include "certificates.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::optimal {
namespace {

// Of every operator, in the order of their names; once if they are the same.
std::string start_gaps(const LayerTask& task) {
  std::vector<std::string> gaps;
  for (const Incoming& incoming : task.incoming) {
    const std::optional<double> gap =
        incoming.mapping ? gap_percent(incoming.objective, task.answer.bound) : std::nullopt;
    gaps.push_back(gap ? fmt::format("{:.6g} %", *gap) : incoming.mapping ? "not known" : "none");
  }
  if (std::all_of(gaps.begin(), gaps.end(), [&](const auto& gap) { return gap == gaps.front(); })) {
    gaps.resize(1);
  }
  return fmt::format("{}", fmt::join(gaps, ", "));
}

std::string line_of(const LayerTask& task, const Workload& workload) {
  const optimum::Answer& answer = task.answer;
  std::string names;
  for (const OperatorId op : task.operators) {
    names += (names.empty() ? "" : ", ") + workload.at(op).name;
  }
  return fmt::format("{}: {}; objective {}, bound {}, start gap {}, {} mappings, {} states{}{}",
                     names, answer.proved ? "proved" : "not proved, " + answer.unproved,
                     answer.mapping ? fmt::format("{}", answer.objective) : "none", answer.bound,
                     start_gaps(task), mapspace::decimal(task.space->size()), answer.states,
                     answer.convergence.empty() ? "" : "; ", answer.convergence);
}

// Of the design that came in, if all of it can be judged; returns its gap.
std::optional<double> state_start(const std::vector<LayerTask>& tasks, double bound,
                                  Evaluator& evaluator) {
  double start = 0;
  for (const LayerTask& task : tasks) {
    for (const Incoming& incoming : task.incoming) {
      if (!incoming.mapping) {
        return std::nullopt;
      }
      start += incoming.objective;
    }
  }
  evaluator.statistic("start", start);
  const std::optional<double> gap = gap_percent(start, bound);
  if (gap) {
    evaluator.statistic("start_gap", *gap);
  }
  return gap;
}

// What was looked at, and what was not.
void add_work(const optimum::Answer& answer, optimum::Answer& sum) noexcept {
  sum.states += answer.states;
  sum.orders += answer.orders;
  sum.leaves += answer.leaves;
  sum.pruned.by_spread += answer.pruned.by_spread;
  sum.pruned.by_table += answer.pruned.by_table;
  sum.pruned.by_tile += answer.pruned.by_tile;
  sum.pruned.by_order += answer.pruned.by_order;
  sum.pruned.dominated += answer.pruned.dominated;
}

void state_work(const optimum::Answer& sum, Evaluator& evaluator) {
  evaluator.statistic("states", sum.states);
  evaluator.statistic("orders", sum.orders);
  evaluator.statistic("leaves", sum.leaves);
  evaluator.statistic("pruned_by_spread", sum.pruned.by_spread);
  evaluator.statistic("pruned_by_table", sum.pruned.by_table);
  evaluator.statistic("pruned_by_tile", sum.pruned.by_tile);
  evaluator.statistic("pruned_by_order", sum.pruned.by_order);
  evaluator.statistic("dominated", sum.pruned.dominated);
}

}  // namespace

std::optional<double> state_certificates(const std::vector<LayerTask>& tasks,
                                         search::SearchRun& run) {
  Evaluator& evaluator = run.evaluator();
  std::string text;
  optimum::Answer sum;
  std::int64_t layers = 0;
  std::int64_t proved = 0;
  double mappings = 0;
  bool all_found = true;
  for (const LayerTask& task : tasks) {
    const optimum::Answer& answer = task.answer;
    const auto count = static_cast<std::int64_t>(task.operators.size());
    layers += count;
    proved += answer.proved ? count : 0;
    sum.bound += static_cast<double>(count) * answer.bound;
    all_found = all_found && answer.mapping;
    sum.objective += static_cast<double>(count) * answer.objective;
    mappings += static_cast<double>(count) * static_cast<double>(task.space->size());
    add_work(answer, sum);
    text += (text.empty() ? "" : " | ") + line_of(task, run.start().workload());
  }
  evaluator.note("certificate", text);
  evaluator.statistic("layers", layers);
  evaluator.statistic("proved", proved);
  evaluator.statistic("bound", sum.bound);
  if (all_found) {
    evaluator.statistic("found", sum.objective);
  }
  const std::optional<double> start_gap = state_start(tasks, sum.bound, evaluator);
  evaluator.statistic("mappings", mappings);
  state_work(sum, evaluator);
  return start_gap;
}

}  // namespace imbrex::optimal
