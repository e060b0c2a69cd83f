#include "stage_trial.hpp"

#include "run/chain.hpp"

#include <imbrex/interfaces/partitioner.hpp>
#include <imbrex/interfaces/search_strategy.hpp>

#include <utility>

namespace imbrex::conform {

StageTrial::StageTrial(const Stand& stand, plugin::HostServices& services, std::uint64_t seed)
    : stand_(stand),
      services_(services),
      seed_(seed),
      machine_(stand.machine()),
      start_(stand.network()) {
  const Setting& setting = stand.setting();
  if (!setting.before.empty()) {
    std::vector<recipe::PlannedComponent> stages = setting.before;
    stages.push_back(setting.judge);
    run::ChainInput input;
    input.machine = machine_;
    input.cost = &setting.cost;
    input.workload = stand.network();
    input.stages = &stages;
    input.services = &services_;
    input.seed = seed_;
    run::ChainOutcome outcome = run::run_chain(input);
    machine_ = outcome.machine;
    start_ = std::move(outcome.design);
    start_.timeline().reset();
  }
  judge_ = plugin::make_instance<OverlapAnalyzer>(
      setting.judge.config, machine_->context(services_.host_for(setting.judge.id(), seed_, 0)));
}

StageTrial::Left StageTrial::run(Facts facts) const {
  const recipe::PlannedComponent& subject = stand_.setting().subject;
  Host& host = services_.host_for(subject.id(), seed_, 0);
  const Context context = machine_->context(host);
  const run::ComponentPlace place{subject.where,
                                  facts == Facts::any ? nullptr : &subject.config.component()};
  run::StageEvaluator evaluator(*machine_, *judge_, Objective::latency, host,
                                {place, run::place_of(stand_.setting().judge), {}});
  Left left{start_, {}};
  const plugin::HostServices::Running running(services_, host);
  const bool partitions = subject.config.component().kind == Kind::partitioner;
  plugin::guard(subject.where, partitions ? "partition" : "search", [&] {
    if (partitions) {
      plugin::make_instance<Partitioner>(subject.config, context)
          ->partition(left.design, evaluator);
    } else {
      plugin::make_instance<SearchStrategy>(subject.config, context)
          ->search(left.design, evaluator);
    }
  });
  left.facts = evaluator.facts();
  return left;
}

Score StageTrial::score(const Design& design) const {
  Host& host = services_.host_for("conformance", seed_, 0);
  run::StageEvaluator evaluator(*machine_, *judge_, Objective::latency, host);
  const Design* const one = &design;
  Score score;
  evaluator.score({&one, 1}, {&score, 1});
  return score;
}

}  // namespace imbrex::conform
