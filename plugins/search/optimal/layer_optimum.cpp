#include "layer_optimum.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/search/candidates.hpp>
#include <imbrex/toolkit/search/counted_layers.hpp>

#include <algorithm>

namespace imbrex::optimal {
namespace {

constexpr std::size_t kBatch = 1024;
constexpr std::size_t kSamples = 1000;

class BestSample final : public search::CandidateSink {
 public:
  explicit BestSample(optimum::Answer& answer) : answer_(answer) {}
  void found(const search::FoundCandidate& candidate) override {
    if (!answer_.mapping || candidate.objective < answer_.objective) {
      answer_.mapping = candidate.mapping;
      answer_.cost = candidate.cost;
      answer_.objective = candidate.objective;
    }
  }

 private:
  optimum::Answer& answer_;
};

double weakest_bound(OperatorId op, const Placement& placement, const Evaluator& evaluator) {
  const std::int64_t latency_ps = evaluator.cost().lower_bound_ps(op, placement);
  return evaluator.layer_objective({Verdict::feasible, latency_ps, 0});
}

void enumerate(LayerTask& task, search::SearchRun& run) {
  std::vector<Mapping> batch;
  std::vector<LayerCost> costs;
  optimum::Answer& answer = task.answer;
  for (mapspace::MapSpace::Index next = 0; next < task.space->size();) {
    batch.clear();
    while (batch.size() < kBatch && next < task.space->size()) {
      batch.push_back(task.space->at(next++));
    }
    costs.resize(batch.size());
    run.score_layer(task.operators.front(), batch, costs);
    answer.leaves += static_cast<std::int64_t>(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const double objective = run.evaluator().layer_objective(costs[i]);
      if (costs[i].verdict == Verdict::feasible &&
          (!answer.mapping || objective < answer.objective)) {
        answer.mapping = batch[i];
        answer.cost = costs[i];
        answer.objective = objective;
      }
    }
  }
  answer.bound = answer.objective;
  answer.proved = true;
  answer.unproved.clear();
}

void deny(LayerTask& task, const char* why) {
  task.answer.bound = task.least;
  task.answer.proved = false;
  task.answer.unproved = why;
}

// Does the cost model say what was counted? Errors: CancelledError.
void confirm(LayerTask& task, const Evaluator& evaluator) {
  optimum::Answer& answer = task.answer;
  LayerCost cost;
  evaluator.cost().evaluate(task.operators.front(), task.placement, {&*answer.mapping, 1},
                            {&cost, 1});
  if (!search::is_same_cost(cost, answer.cost)) {
    answer.cost = cost;
    answer.objective = evaluator.layer_objective(cost);
    deny(task, "the cost model counts otherwise than it says");
  }
}

void adopt(const Incoming& incoming, LayerTask& task) {
  optimum::Answer& answer = task.answer;
  if (incoming.objective < answer.bound) {
    deny(task, "the design that came in is worth less than was proved");
  }
  answer.mapping = incoming.mapping;
  answer.cost = incoming.cost;
  answer.objective = incoming.objective;
}

void add_operator(LayerTask& task, OperatorId op, search::SearchRun& run) {
  Incoming incoming{run.start_mapping(op), {}, 0};
  if (incoming.mapping) {
    run.score_layer(op, {&*incoming.mapping, 1}, {&incoming.cost, 1});
    incoming.objective = run.evaluator().layer_objective(incoming.cost);
  }
  if (incoming.cost.verdict != Verdict::feasible) {
    incoming.mapping.reset();
  }
  task.operators.push_back(op);
  task.incoming.push_back(std::move(incoming));
}

[[noreturn]] void throw_infeasible(const LayerTask& task, search::SearchRun& run) {
  const OperatorId op = task.operators.front();
  throw InfeasibleError("none of the " + mapspace::decimal(task.space->size()) +
                        " legal loop nests of operator '" + run.start().workload().at(op).name +
                        "' is feasible: this is proved");
}

void find_one(LayerTask& task, const LayerLimits& limits, search::SearchRun& run) {
  if (task.space->size() <= static_cast<mapspace::MapSpace::Index>(limits.enumerate)) {
    enumerate(task, run);
    if (!task.answer.mapping) {
      throw_infeasible(task, run);
    }
    return;
  }
  BestSample best(task.answer);
  const OperatorId op = task.operators.front();
  search::sample_candidates(run, op, {kSamples, search::CandidateSource::refined},
                            Random(0, index(op)), best);
}

}  // namespace

std::vector<LayerTask> tasks_of(search::SearchRun& run, std::span<const OperatorId> layers) {
  std::vector<LayerTask> tasks;
  for (const OperatorId op : layers) {
    LayerTask task;
    task.space = run.space_of(op);
    if (task.space == nullptr) {
      continue;
    }
    task.placement = run.start().placement(op);
    task.least = weakest_bound(op, task.placement, run.evaluator());
    task.unknown = search::not_countable(run.evaluator(), task.placement);
    task.problem = nests::prepare(run.start().workload(), op);
    const auto same = std::find_if(tasks.begin(), tasks.end(), [&](const LayerTask& known) {
      return known.space == task.space && search::are_alike(known.problem, task.problem) &&
             known.unknown.empty() && task.unknown.empty();
    });
    add_operator(same != tasks.end() ? *same : tasks.emplace_back(std::move(task)), op, run);
  }
  return tasks;
}

void prove(LayerTask& task, const LayerLimits& limits, const Evaluator& evaluator, Host& host) {
  optimum::Answer& answer = task.answer;
  if (!task.unknown.empty()) {
    answer.unproved = task.unknown;
    return;
  }
  try {
    const nests::Hierarchy hierarchy = search::counted_hierarchy(evaluator, task.problem);
    const auto objective = [&](const LayerCost& cost) { return evaluator.layer_objective(cost); };
    const auto cancelled = [&] { return host.cancelled(); };
    answer = optimum::solve({task.space->spec(), task.problem, hierarchy, objective},
                            {limits.gap, limits.max_states, limits.max_bytes, cancelled});
    if (answer.mapping) {
      confirm(task, evaluator);
    }
  } catch (const CancelledError&) {  // the cost model says nothing any more
    answer.proved = false;
    answer.unproved = optimum::kInterrupted;
  }
}

void settle(LayerTask& task, const LayerLimits& limits, search::SearchRun& run) {
  optimum::Answer& answer = task.answer;
  if (!answer.mapping && answer.proved) {
    throw_infeasible(task, run);
  }
  try {
    if (!answer.mapping) {
      find_one(task, limits, run);
    }
  } catch (const CancelledError&) {
    answer.unproved = optimum::kInterrupted;
  }
  if (!answer.proved) {
    answer.bound = std::max(answer.bound, task.least);
  }
  for (const Incoming& incoming : task.incoming) {
    if (incoming.mapping && (!answer.mapping || incoming.objective < answer.objective)) {
      adopt(incoming, task);
    }
  }
}

std::optional<double> gap_percent(double objective, double bound) noexcept {
  if (bound <= 0) {
    return std::nullopt;
  }
  return objective * (1 - optimum::kMargin) <= bound ? 0 : 100 * (objective / bound - 1);
}

}  // namespace imbrex::optimal
