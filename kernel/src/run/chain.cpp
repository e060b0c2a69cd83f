#include "run/chain.hpp"

#include "run/admission.hpp"
#include "run/analysis.hpp"
#include "run/isolated_stage.hpp"
#include "run/occurrence.hpp"
#include "run/shown_stages.hpp"
#include "run/size_limit.hpp"
#include "run/stage_admission.hpp"
#include "run/stage_evaluator.hpp"

#include <imbrex/interfaces/partitioner.hpp>
#include <imbrex/interfaces/search_strategy.hpp>

#include <optional>
#include <string>
#include <utility>

namespace imbrex::run {
namespace {

class Chain {
 public:
  explicit Chain(const ChainInput& input);
  ChainOutcome run();

 private:
  // One stage; the member that fits its kind is set.
  struct Stage {
    const recipe::PlannedComponent* plan = nullptr;
    Host* host = nullptr;
    Context context;
    plugin::Instance<Partitioner> partitioner;
    plugin::Instance<SearchStrategy> search;
    plugin::Instance<OverlapAnalyzer> analyzer;
  };

  void make(Stage& stage, std::size_t position);
  void rebind(std::size_t position);
  void change_design(std::size_t position);
  StageLeft change(std::size_t position);
  bool is_isolated(std::size_t position) const;
  void analyze(std::size_t position);
  Analysis analyze_here(const Stage& stage);
  // The analyzer that judges the designs of a stage: the next one in the chain.
  std::size_t next_analyzer(std::size_t position) const;
  void stop_early(std::size_t position);
  bool keeps_what_was_there(std::size_t position);
  void record(const Stage& stage, std::vector<Fact> facts);

  const ChainInput& input_;
  std::vector<std::shared_ptr<const BoundMachine>> machines_;  // instances may keep pointers to any
  std::vector<Stage> stages_;
  ChainOutcome outcome_;
  StageAdmission admission_;
  bool interrupted_ = false;
  bool searched_ = false;  // something would be lost with the design
};

Chain::Chain(const ChainInput& input)
    : input_(input), stages_(input.stages->size()), outcome_(input.workload) {
  outcome_.machine = input.machine;
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    make(stages_[i], i);
  }
}

void Chain::make(Stage& stage, std::size_t position) {
  stage.plan = &(*input_.stages)[position];
  stage.host = &input_.services->host_for(stage.plan->id(), input_.seed,
                                          occurrence(*input_.stages, position));
  stage.context = outcome_.machine->context(*stage.host);
  const plugin::ConfigHandle& config = stage.plan->config;
  switch (config.component().kind) {
    case Kind::partitioner:
      stage.partitioner = plugin::make_instance<Partitioner>(config, stage.context);
      return;
    case Kind::search_strategy:
      stage.search = plugin::make_instance<SearchStrategy>(config, stage.context);
      return;
    case Kind::overlap_analyzer:
      stage.analyzer = plugin::make_instance<OverlapAnalyzer>(config, stage.context);
      return;
    default:
      break;
  }
  throw InputError(stage.plan->where +
                   " is not a partitioner, search strategy or overlap analyzer");
}

std::size_t Chain::next_analyzer(std::size_t position) const {
  for (std::size_t i = position; i < stages_.size(); ++i) {
    if (stages_[i].analyzer) {
      return i;
    }
  }
  throw InputError("no overlap analyzer follows " + stages_[position].plan->where +
                   "; the last stage must be one");
}

void Chain::record(const Stage& stage, std::vector<Fact> facts) {
  outcome_.stages.push_back({std::string(stage.plan->id()), std::move(facts)});
}

// Whose code the stage runs: its own, that of the analyzer it asks, and of the hardware both ask.
bool Chain::is_isolated(std::size_t position) const {
  const Isolation* const isolation = input_.checks.isolation;
  return isolation != nullptr &&
         isolation->applies_to({stages_[position].plan->id(),
                                stages_[next_analyzer(position)].plan->id(), input_.cost->id(),
                                input_.architecture->id()});
}

void Chain::change_design(std::size_t position) {
  const Stage& stage = stages_[position];
  const plugin::HostServices::Output output(*input_.services, stage.plan->where);
  StageLeft left =
      is_isolated(position)
          ? changed_in_child(*input_.services, stage.plan->where, *input_.checks.isolation,
                             outcome_.design, [&] { return change(position); })
          : change(position);
  left.design.timeline().reset();
  outcome_.design = std::move(left.design);
  interrupted_ = interrupted_ || left.interrupted;
  searched_ = searched_ || left.scored;
  record(stage, std::move(left.facts));
  rebind(position + 1);
  admission_.require_left(outcome_.design, *outcome_.machine, stage.plan->where);
}

StageLeft Chain::change(std::size_t position) {
  Stage& stage = stages_[position];
  const Stage& judge = stages_[next_analyzer(position)];
  StageEvaluator evaluator(
      *outcome_.machine, *judge.analyzer, input_.objective, *stage.host,
      {place_of(*stage.plan), place_of(*judge.plan), input_.checks, &input_.services->scores()});
  // A stage that is stopped half-way may leave half an edit behind.
  StageLeft left{outcome_.design, {}, false, false};
  left.design.timeline().reset();
  const plugin::HostServices::Running running(*input_.services, *stage.host);
  try {
    plugin::guard(stage.plan->where, stage.partitioner ? "partition" : "search", [&] {
      if (stage.partitioner) {
        stage.partitioner->partition(left.design, evaluator);
      } else {
        stage.search->search(left.design, evaluator);
      }
    });
  } catch (const Error& error) {
    if (error.code() != ErrorCode::cancelled) {
      throw;
    }
    const plugin::HostServices::CancelAside aside(*input_.services);
    left.interrupted = true;
    left.design = evaluator.best_at_interrupt(outcome_.design).value_or(outcome_.design);
  }
  left.scored = evaluator.evaluations() > 0;
  left.facts = evaluator.facts();
  return left;
}

// Stages from `position` on see the workload of the design that has become.
void Chain::rebind(std::size_t position) {
  if (&outcome_.design.workload() == &outcome_.machine->workload()) {
    return;
  }
  if (!same_network(outcome_.design, *input_.workload)) {
    throw BlamedError(stages_[position - 1].plan->where,
                      "left a design of workload '" +
                          std::string(outcome_.design.workload().name()) +
                          "', which is neither the one it was given nor a split of it");
  }
  machines_.push_back(outcome_.machine);
  outcome_.machine = std::make_shared<const BoundMachine>(*outcome_.machine, *input_.cost,
                                                          outcome_.design.shared_workload());
  for (std::size_t i = position; i < stages_.size(); ++i) {
    make(stages_[i], i);
  }
}

void Chain::analyze(std::size_t position) {
  const Stage& stage = stages_[position];
  outcome_.request = stage.analyzer->request();
  admission_.require_whole(outcome_.design, *outcome_.machine, outcome_.request.shape,
                           stage.plan->where);
  SizeLimit(*outcome_.machine, outcome_.request.shape, input_.checks.max_memory_bytes)
      .require(outcome_.design, stage.plan->where);
  std::optional<plugin::HostServices::CancelAside> to_its_end;
  if (searched_) {
    to_its_end.emplace(*input_.services);
  }
  const plugin::HostServices::Output output(*input_.services, stage.plan->where);
  Analysis analysis =
      is_isolated(position)
          ? analyzed_in_child(*input_.services, stage.plan->where, *input_.checks.isolation,
                              outcome_.design, [&] { return analyze_here(stage); })
          : analyze_here(stage);
  outcome_.design.timeline() = std::move(analysis.timeline);
  outcome_.exactness = analysis.exactness;
  outcome_.exactness_reasons = std::move(analysis.exactness_reasons);
  record(stage, std::move(analysis.facts));
}

Analysis Chain::analyze_here(const Stage& stage) {
  const plugin::HostServices::Running running(*input_.services, *stage.host);
  return analyze_in_detail(place_of(*stage.plan), *stage.analyzer, outcome_.request,
                           outcome_.design, *outcome_.machine,
                           input_.checks.audit ? Audited::yes : Audited::no);
}

// Gives what is known so far a timeline, unless it has one. Whoever does not want to wait for it
// may interrupt a second time, which ends the process.
void Chain::stop_early(std::size_t position) {
  outcome_.partial = true;
  if (outcome_.design.timeline()) {
    return;
  }
  const plugin::HostServices::CancelAside aside(*input_.services);
  try {
    analyze(next_analyzer(position));
  } catch (const InfeasibleError&) {
    throw CancelledError();  // there was no time to make it feasible
  }
}

// After a stage in a process of its own has failed: whether there is a design of the stages before
// it that can be analysed.
bool Chain::keeps_what_was_there(std::size_t position) {
  if (!is_isolated(position) || outcome_.stages.empty() ||
      (stages_[position].analyzer && !outcome_.design.timeline())) {
    return false;
  }
  try {
    stop_early(position);
  } catch (const Error&) {
    return false;  // the first error is the one to tell
  }
  return true;
}

ChainOutcome Chain::run() {
  const ShownStages shown(*input_.services);
  admission_.begins(outcome_.design, *outcome_.machine);
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    input_.services->stage_begins({i + 1, stages_.size(), input_.is_baseline, input_.seed,
                                   std::string(to_string(input_.objective)),
                                   std::string(stages_[i].plan->id())});
    try {
      if (stages_[i].analyzer) {
        analyze(i);
      } else {
        change_design(i);
      }
    } catch (const BlamedError& error) {
      if (!keeps_what_was_there(i)) {
        throw;
      }
      outcome_.failure = error.what();
      break;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::cancelled ||
          (stages_[i].analyzer && !outcome_.design.timeline())) {
        throw;
      }
      interrupted_ = true;
    }
    // After the last stage the result is whole, whoever asked to stop meanwhile.
    if (interrupted_ || (input_.services->cancelled() && i + 1 < stages_.size())) {
      stop_early(i);
      break;
    }
  }
  return std::move(outcome_);
}

}  // namespace

ChainOutcome run_chain(const ChainInput& input) {
  return Chain(input).run();
}

void build_chain(const ChainInput& input) {
  const Chain built(input);
}

}  // namespace imbrex::run
