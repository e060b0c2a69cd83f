#include "run/stage_evaluator.hpp"

#include "run/analysis.hpp"
#include "run/capacity.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace imbrex::run {
namespace {

// Designs per task: one row-granular analysis of a small network takes tens of microseconds.
constexpr std::size_t kGrain = 4;
// Mappings per task: a cost evaluation takes a fraction of a microsecond.
constexpr std::size_t kMappingGrain = 256;
// Candidates per task: the analysis of one edge takes microseconds.
constexpr std::size_t kPairGrain = 32;
// One of so many scored designs is audited. Its draws come from streams of their own.
constexpr std::uint64_t kSampleOneIn = 128;
constexpr std::uint64_t kSampleStreams = std::uint64_t{0xA0D17} << 40;

}  // namespace

StageEvaluator::StageEvaluator(const BoundMachine& machine, const OverlapAnalyzer& analyzer,
                               Objective objective, Host& host, EvaluatorOptions options)
    : machine_(machine),
      analyzer_(options.analyzer.where, analyzer),
      objective_(objective),
      host_(host),
      options_(std::move(options)),
      admission_(machine, analyzer.request().shape),
      size_limit_(machine, analyzer.request().shape, options_.checks.max_memory_bytes),
      layers_(machine.workload().operators().size()) {}

void StageEvaluator::misused(const std::string& text) const {
  throw BlamedError(options_.stage.where, text);
}

void StageEvaluator::require_scorable(std::span<const Design* const> designs,
                                      std::span<Score> out) const {
  if (designs.size() != out.size()) {
    misused(fmt::format("asked to score {} designs with room for {} scores", designs.size(),
                        out.size()));
  }
  for (const Design* design : designs) {
    if (design == nullptr) {
      misused("asked to score a design that is null");
    }
    if (&design->workload() != &machine_.workload()) {
      misused(
          "asked to score a design of another workload than the stage was given; leave split "
          "layers "
          "to the stages after it");
    }
  }
}

void StageEvaluator::require_mappings(OperatorId op, std::span<const Mapping> mappings) const {
  if (index(op) >= machine_.workload().operators().size() || !machine_.cost().demand(op).mappable) {
    misused(
        fmt::format("asked about mappings of operator {}, which is not a mapped one of the {} "
                    "operators",
                    static_cast<std::int32_t>(op), machine_.workload().operators().size()));
  }
  for (const Mapping& mapping : mappings) {
    if (mapping.count > kMaxLoops || mapping.outer > mapping.count) {
      misused(
          fmt::format("asked about a mapping of '{}' with {} loops, {} of them outer; there may "
                      "be {} loops",
                      machine_.workload().at(op).name, mapping.count, mapping.outer, kMaxLoops));
    }
  }
}

Score StageEvaluator::score_of(const Design& design, const OverlapResult& result) const {
  if (result.verdict != Verdict::feasible) {
    return {result.verdict, 0, 0};
  }
  return {Verdict::feasible,
          objective_value(objective_, design, machine_, request(), result.makespan_ps),
          result.makespan_ps};
}

void StageEvaluator::score_chunk(std::span<const Design* const> designs, std::span<Score> out,
                                 std::int64_t number) const {
  std::vector<const Design*> analysed;
  std::vector<std::size_t> position;
  for (std::size_t i = 0; i < designs.size(); ++i) {
    out[i] = {Verdict::infeasible, 0, 0};
    if (options_.checks.admission ? admission_.admits(*designs[i]) : fits(*designs[i], machine_)) {
      size_limit_.require(*designs[i], options_.stage.where);
      analysed.push_back(designs[i]);
      position.push_back(i);
    }
  }
  std::vector<OverlapResult> results(analysed.size());
  analyzer_.analyze(request(), analysed, results, nullptr);
  for (std::size_t i = 0; i < analysed.size(); ++i) {
    out[position[i]] = score_of(*analysed[i], results[i]);
    if (options_.checks.audit && results[i].verdict == Verdict::feasible &&
        is_sampled(number + static_cast<std::int64_t>(position[i]))) {
      audit_sample(*analysed[i], results[i]);
    }
  }
}

bool StageEvaluator::is_sampled(std::int64_t number) const {
  return host_.random(kSampleStreams + static_cast<std::uint64_t>(number)).below(kSampleOneIn) == 0;
}

// The batch must say what the same analysis says in detail, and that must be a timeline.
void StageEvaluator::audit_sample(const Design& design, const OverlapResult& result) const {
  const Analysis analysis =
      analyze_in_detail(options_.analyzer, analyzer_, request(), design, machine_);
  if (analysis.timeline.makespan_ps != result.makespan_ps) {
    throw BlamedError(options_.analyzer.where,
                      fmt::format("gives a design {} ps in a batch and {} ps in detail",
                                  result.makespan_ps, analysis.timeline.makespan_ps));
  }
}

void StageEvaluator::in_chunks(std::size_t count, std::size_t grain,
                               FunctionRef<void(std::size_t, std::size_t)> body,
                               FunctionRef<void()> remember) {
  try {
    host_.parallel_for(count, grain, [&](std::size_t begin, std::size_t end) {
      if (host_.cancelled()) {
        throw CancelledError();
      }
      body(begin, end);
    });
  } catch (const CancelledError&) {
    remember();  // what was scored before the user asked to stop
    throw;
  }
  evaluations_ += static_cast<std::int64_t>(count);
  remember();
  if (options_.scores != nullptr) {
    options_.scores->add(static_cast<std::int64_t>(count));
  }
}

void StageEvaluator::score(std::span<const Design* const> designs, std::span<Score> out) {
  require_scorable(designs, out);
  std::fill(out.begin(), out.end(), Score{Verdict::infeasible, 0, 0});
  const auto remember = [&] { remember_best(designs, out); };
  in_chunks(
      designs.size(), kGrain,
      [&](std::size_t begin, std::size_t end) {
        score_chunk(designs.subspan(begin, end - begin), out.subspan(begin, end - begin),
                    evaluations_ + static_cast<std::int64_t>(begin));
      },
      remember);
}

void StageEvaluator::score_layer(OperatorId op, const Placement& placement,
                                 std::span<const Mapping> candidates, std::span<LayerCost> out) {
  if (candidates.size() != out.size()) {
    misused(fmt::format("asked to score {} mappings with room for {} costs", candidates.size(),
                        out.size()));
  }
  require_mappings(op, candidates);
  std::fill(out.begin(), out.end(), LayerCost{Verdict::infeasible, 0, 0});
  const auto remember = [&] { layers_.remember(op, placement, candidates, out, *this); };
  in_chunks(
      candidates.size(), kMappingGrain,
      [&](std::size_t begin, std::size_t end) {
        machine_.cost().evaluate(op, placement, candidates.subspan(begin, end - begin),
                                 out.subspan(begin, end - begin));
      },
      remember);
}

void StageEvaluator::score_pairs(const PairBatch& batch, std::span<PairResult> out) {
  if (batch.candidates.size() != out.size()) {
    misused(fmt::format("asked to score {} pairs with room for {} results", batch.candidates.size(),
                        out.size()));
  }
  if (batch.design == nullptr || batch.fixed == nullptr ||
      &batch.design->workload() != &machine_.workload()) {
    misused(
        "asked to score pairs without a design of the workload that the stage was given, or "
        "without the mapping of the fixed end");
  }
  const bool producers = batch.candidates_are_producers;
  require_mappings(producers ? batch.producer : batch.consumer, batch.candidates);
  require_mappings(producers ? batch.consumer : batch.producer, {batch.fixed, 1});
  std::fill(out.begin(), out.end(), PairResult{Verdict::infeasible, 0, 0, 0});
  const auto remember = [&] { layers_.remember(batch, out); };
  in_chunks(
      batch.candidates.size(), kPairGrain,
      [&](std::size_t begin, std::size_t end) {
        PairBatch part = batch;
        part.candidates = batch.candidates.subspan(begin, end - begin);
        analyzer_.analyze_pairs(part, out.subspan(begin, end - begin));
      },
      remember);
}

void StageEvaluator::remember_best(std::span<const Design* const> designs,
                                   std::span<const Score> scores) {
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (scores[i].verdict == Verdict::feasible &&
        (!best_ || scores[i].objective < best_objective_)) {
      best_ = *designs[i];
      best_objective_ = scores[i].objective;
      if (options_.scores != nullptr) {
        options_.scores->set_best(best_objective_);
      }
    }
  }
}

std::optional<Design> StageEvaluator::best_so_far(const Design& start) const {
  std::optional<Design> best = best_;
  double best_objective = best_objective_;
  if (&start.workload() != &machine_.workload()) {
    return best;
  }
  for (const Design& design : layers_.applied_to(start)) {
    if (!admission_.admits(design)) {
      continue;
    }
    OverlapResult result;
    const Design* const one = &design;
    analyzer_.analyze(request(), {&one, 1}, {&result, 1}, nullptr);
    const Score score = score_of(design, result);
    if (score.verdict == Verdict::feasible && (!best || score.objective < best_objective)) {
      best = design;
      best_objective = score.objective;
    }
  }
  return best;
}

std::optional<Design> StageEvaluator::best_at_interrupt(const Design& start) const {
  try {
    return best_so_far(start);
  } catch (const InfeasibleError&) {
    return best_;
  }
}

void StageEvaluator::statistic(std::string_view name, double value) {
  require_declared(options_.stage, name);
  if (!std::isfinite(value)) {
    misused(fmt::format("states the fact '{}' as {}; it must be finite", name, value));
  }
  facts_.emplace_back(std::string(name), value);
}
void StageEvaluator::statistic(std::string_view name, std::int64_t value) {
  require_declared(options_.stage, name);
  facts_.emplace_back(std::string(name), value);
}
void StageEvaluator::note(std::string_view name, std::string_view text) {
  require_declared(options_.stage, name);
  facts_.emplace_back(std::string(name), std::string(text));
}

std::vector<Fact> StageEvaluator::facts() const {
  std::vector<Fact> all = facts_;
  if (evaluations_ > 0) {
    all.emplace_back("evaluations", evaluations_);
  }
  return all;
}

}  // namespace imbrex::run
