// What partitioners and searches leave: designs that later stages can work on, and nothing that is
// not theirs to change.
#include "checks.hpp"
#include "run/admission.hpp"
#include "run/capacity.hpp"
#include "stage_trial.hpp"
#include "transcript.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace imbrex::conform {
namespace {

constexpr std::string_view kAnswers[] = {"errors/ordinary-networks-are-answered"};
constexpr std::string_view kAdmitted[] = {"errors/ordinary-networks-are-answered",
                                          "decision/designs-are-admitted"};
constexpr std::uint64_t kNumbers[] = {0, 2};  // of networks: weights of 8 bits, and of 4

// Asks on some networks and every setting what the subject leaves; refusals in words are left out.
using Ask = FunctionRef<void(const StageTrial& trial, const StageTrial::Left& left)>;
void for_each_trial(Examination& examination, StageTrial::Facts facts, Ask ask) {
  const auto services = examination.services(2);
  std::string reason;
  int asked = 0;
  for (const Setting& setting : examination.settings()) {
    for (const std::uint64_t number : kNumbers) {
      try {
        const Stand stand(setting, problems::random_network(examination.seed(), number), *services);
        const StageTrial trial(stand, *services, examination.seed());
        ask(trial, trial.run(facts));
        ++asked;
      } catch (const Error& error) {
        if (!is_refusal(error)) {
          throw;
        }
        reason = error.what();
      }
    }
  }
  if (asked == 0) {
    throw Skipped("it takes none of the networks: " + reason);
  }
}

bool same_workload(const StageTrial& trial, const Design& design) {
  return &design.workload() == &trial.machine().workload();
}

// The kernel's admission, on a machine that is bound to a workload that was split.
void require_admitted(const StageTrial& trial, const Design& design) {
  require(run::same_network(design, trial.machine().workload()),
          [] { return std::string("it left a design of another network than it was given"); });
  std::optional<run::BoundMachine> rebound;
  if (!same_workload(trial, design)) {
    rebound.emplace(trial.machine(), trial.setting().cost, design.shared_workload());
  }
  const run::BoundMachine& machine = rebound ? *rebound : trial.machine();
  const auto refusal = run::Admission(machine, {}).refusal_so_far(design);
  require(!refusal, [&] { return "it left a design that is not admitted: " + refusal->reason; });
  // A network that is too large for the chip may stay so: a later stage may cut it into segments.
  if (run::fits(trial.start(), trial.machine())) {
    const auto misfit = run::misfit_message(design, machine);
    require(!misfit, [&] {
      return "it was given a design that fits the chip, and left one that does not: " + *misfit;
    });
  }
}

void designs_are_admitted(Examination& examination) {
  for_each_trial(examination, StageTrial::Facts::any,
                 [](const StageTrial& trial, const StageTrial::Left& left) {
                   require_admitted(trial, left.design);
                 });
}

// One thing of every operator, compared.
template <class Get>
void require_kept(const StageTrial& trial, const Design& left, std::string_view what, Get get) {
  for (std::size_t i = 0; i < left.workload().operators().size(); ++i) {
    const OperatorId op = operator_id(i);
    require(get(trial.start(), op) == get(left, op), [&] {
      return fmt::format("it changed the {} of operator '{}'", what, left.workload().at(op).name);
    });
  }
}

void require_search_kept(const StageTrial& trial, const Design& left) {
  require(same_workload(trial, left),
          [] { return std::string("a search leaves the network as it is; it left another one"); });
  require_kept(trial, left, "placement, which is a partitioner's to decide; a search leaves it",
               [](const Design& design, OperatorId op) { return design.placement(op); });
  require(trial.start().floor_plans().size() == left.floor_plans().size(),
          [] { return std::string("it made a floor plan, which is a partitioner's to decide"); });
}

void changes_its_own(Examination& examination) {
  const Component& component = examination.component();
  const bool maps = has(component.provides_traits, Trait::mappings);
  for_each_trial(examination, StageTrial::Facts::any,
                 [&](const StageTrial& trial, const StageTrial::Left& left) {
                   if (component.kind == Kind::search_strategy) {
                     require_search_kept(trial, left.design);
                   }
                   if (!maps && same_workload(trial, left.design)) {
                     require_kept(
                         trial, left.design, "mapping, but does not declare Trait::mappings",
                         [](const Design& design, OperatorId op) { return design.mapping(op); });
                   }
                 });
}

void search_never_worsens(Examination& examination) {
  for_each_trial(
      examination, StageTrial::Facts::any,
      [](const StageTrial& trial, const StageTrial::Left& left) {
        const Score before = trial.score(trial.start());
        const Score after = trial.score(left.design);
        require(before.verdict != Verdict::feasible ||
                    (after.verdict == Verdict::feasible && after.objective <= before.objective),
                [&] {
                  return fmt::format(
                      "it was given a design of {} ps and left one of {} ps; the given "
                      "one is a candidate as well",
                      before.latency_ps, after.latency_ps);
                });
      });
}

void facts_are_declared(Examination& examination) {
  for_each_trial(examination, StageTrial::Facts::declared,
                 [](const StageTrial&, const StageTrial::Left&) {});
}

constexpr Check kChecks[] = {
    {"decision/designs-are-admitted",
     "What it leaves fits the machine: units, ranges, segments, legal mappings, whole orders.",
     kDeciders, designs_are_admitted, kAnswers, true},
    {"decision/changes-only-its-own",
     "A search leaves placements and floor plans alone, and mappings change only where "
     "Trait::mappings is declared.",
     kDeciders, changes_its_own, kAdmitted, true},
    {"decision/search-never-worsens", "A search leaves a design at least as good as the given one.",
     kinds_of({Kind::search_strategy}), search_never_worsens, kAdmitted, true},
    {"decision/facts-are-declared", "Every fact that it states is declared.", kDeciders,
     facts_are_declared, kAnswers, true},
};

}  // namespace

std::span<const Check> decision_checks() {
  return kChecks;
}

}  // namespace imbrex::conform
