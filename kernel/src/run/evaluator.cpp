// File: evaluator.cpp
#include "run/evaluator.hpp"

#include <string>

namespace imbrex {
namespace {

// Designs per task: one row-granular analysis of a small network takes tens of microseconds.
constexpr std::size_t kGrain = 4;
// Mappings per task: a cost evaluation takes a fraction of a microsecond.
constexpr std::size_t kMappingGrain = 256;
// Candidates per task: the analysis of one edge takes microseconds.
constexpr std::size_t kPairGrain = 32;

}  // namespace

StageEvaluator::StageEvaluator(const BoundMachine& machine, const OverlapAnalyzer& analyzer,
                               Objective objective, Host& host)
    : machine_(machine), analyzer_(analyzer), objective_(objective), host_(host) {}

void StageEvaluator::score_chunk(std::span<const Design* const> designs,
                                 std::span<Score> out) const {
  std::vector<const Design*> analysed;
  std::vector<std::size_t> position;
  for (std::size_t i = 0; i < designs.size(); ++i) {
    out[i] = {Verdict::infeasible, 0, 0};
    if (fits(*designs[i], machine_)) {
      analysed.push_back(designs[i]);
      position.push_back(i);
    }
  }
  std::vector<OverlapResult> results(analysed.size());
  analyzer_.analyze(request(), analysed, results, nullptr);
  for (std::size_t i = 0; i < analysed.size(); ++i) {
    Score& score = out[position[i]];
    score.verdict = results[i].verdict;
    if (score.verdict != Verdict::feasible) {
      continue;
    }
    score.latency_ps = results[i].makespan_ps;
    score.objective =
        objective_value(objective_, *analysed[i], machine_, request(), results[i].makespan_ps);
  }
}

void StageEvaluator::in_chunks(std::size_t count, std::size_t grain,
                               FunctionRef<void(std::size_t, std::size_t)> body) {
  host_.parallel_for(count, grain, [&](std::size_t begin, std::size_t end) {
    if (host_.cancelled()) {
      throw CancelledError();
    }
    body(begin, end);
  });
  evaluations_ += static_cast<std::int64_t>(count);
}

void StageEvaluator::score(std::span<const Design* const> designs, std::span<Score> out) {
  IMBREX_ASSERT(designs.size() == out.size());
  for (const Design* design : designs) {
    if (&design->workload() != &machine_.workload()) {
      throw Error(ErrorCode::failed,
                  "asked to score a design of another workload than the stage was given; leave "
                  "split layers to the stages after it");
    }
  }
  in_chunks(designs.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    score_chunk(designs.subspan(begin, end - begin), out.subspan(begin, end - begin));
  });
  remember_best(designs, out);
}

void StageEvaluator::score_layer(OperatorId op, const Placement& placement,
                                 std::span<const Mapping> candidates, std::span<LayerCost> out) {
  IMBREX_ASSERT(candidates.size() == out.size());
  in_chunks(candidates.size(), kMappingGrain, [&](std::size_t begin, std::size_t end) {
    machine_.cost().evaluate(op, placement, candidates.subspan(begin, end - begin),
                             out.subspan(begin, end - begin));
  });
}

void StageEvaluator::score_pairs(const PairBatch& batch, std::span<PairResult> out) {
  IMBREX_ASSERT(batch.candidates.size() == out.size());
  in_chunks(batch.candidates.size(), kPairGrain, [&](std::size_t begin, std::size_t end) {
    PairBatch part = batch;
    part.candidates = batch.candidates.subspan(begin, end - begin);
    analyzer_.analyze_pairs(part, out.subspan(begin, end - begin));
  });
}

void StageEvaluator::remember_best(std::span<const Design* const> designs,
                                   std::span<const Score> scores) {
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (scores[i].verdict != Verdict::feasible) {
      continue;
    }
    if (!best_ || scores[i].objective < best_objective_) {
      best_ = *designs[i];
      best_objective_ = scores[i].objective;
    }
  }
}

void StageEvaluator::statistic(std::string_view name, double value) {
  facts_.emplace_back(std::string(name), value);
}
void StageEvaluator::statistic(std::string_view name, std::int64_t value) {
  facts_.emplace_back(std::string(name), value);
}
void StageEvaluator::note(std::string_view name, std::string_view text) {
  facts_.emplace_back(std::string(name), std::string(text));
}

std::vector<Fact> StageEvaluator::facts() const {
  std::vector<Fact> all = facts_;
  if (evaluations_ > 0) {
    all.emplace_back("evaluations", evaluations_);
  }
  return all;
}

}  // namespace imbrex
