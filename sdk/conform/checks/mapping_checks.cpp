// The mappings that a cost model offers: canonical ones, and spaces of them.
#include "checks.hpp"
#include "cost_trial.hpp"
#include "run/mapping_admission.hpp"
#include "transcript.hpp"

#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/values/work_order.hpp>

#include <utility>

#include <fmt/format.h>

namespace imbrex::conform {
namespace {

constexpr Kinds kCost = kinds_of({Kind::cost_model});
constexpr std::string_view kDemands[] = {"errors/ordinary-networks-are-answered",
                                         "cost/demands-are-pure"};
constexpr std::string_view kSpaces[] = {"errors/ordinary-networks-are-answered",
                                        "cost/demands-are-pure", "mapping/spaces-are-legal"};
constexpr int kSamples = 40;

void canonical_is_legal(Examination& examination) {
  for_each_cost_trial(examination, [](const CostTrial& trial, Random&) {
    for (const OperatorId op : trial.mapped()) {
      const Operator& what = trial.workload().at(op);
      for (int kind = 0; kind <= static_cast<int>(JobShape::Kind::input_channels); ++kind) {
        JobShape shape;
        shape.kind = static_cast<JobShape::Kind>(kind);
        shape.height = 2;
        shape.width = 2;
        const auto mapping = trial.canonical(op, {}, shape);
        require(!mapping || mapping_verdict(what, *mapping) == Verdict::feasible, [&] {
          return fmt::format(
              "canonical_mapping of operator '{}' for shape {} is no loop nest of it: {}",
              what.name, kind, text_of(*mapping));
        });
        require(!mapping || !what.chain || run::follows_chain(*mapping, *what.chain), [&] {
          return fmt::format("canonical_mapping of operator '{}' does not follow its recurrence",
                             what.name);
        });
      }
    }
  });
}

void require_members(const Operator& op, const MapSpaceSpec& spec, Random& random) {
  require(spec.bounds.bound == op.bounds.bound, [&] {
    return fmt::format("map_space of operator '{}' has other loop bounds than the operator",
                       op.name);
  });
  const mapspace::MapSpace space{MapSpaceSpec(spec)};
  for (int i = 0; i < kSamples && !space.empty(); ++i) {
    const Mapping mapping = space.sample(random);
    require(mapping_verdict(op, mapping) == Verdict::feasible && in_map_space(spec, mapping), [&] {
      return fmt::format("map_space of operator '{}' holds what is no loop nest of it: {}", op.name,
                         text_of(mapping));
    });
  }
}

void spaces_are_legal(Examination& examination) {
  for_each_cost_trial(examination, [](const CostTrial& trial, Random& random) {
    for (const OperatorId op : trial.mapped()) {
      const MapSpaceSpec spec = trial.cost().map_space(op, {});
      if (!spec.slots.empty()) {
        require_members(trial.workload().at(op), spec, random);
      }
    }
  });
}

void spaces_are_declared(Examination& examination) {
  const bool declared = has(examination.component().provides_traits, Trait::map_space);
  bool offered = false;
  for_each_cost_trial(examination, [&](const CostTrial& trial, Random&) {
    for (const OperatorId op : trial.mapped()) {
      offered = offered || !trial.cost().map_space(op, {}).slots.empty();
    }
  });
  require(offered == declared, [&] {
    return std::string(offered ? "it offers map spaces, but does not declare Trait::map_space: "
                                 "searches would not be run"
                               : "it declares Trait::map_space, but offers none");
  });
}

constexpr Check kChecks[] = {
    {"mapping/canonical-is-legal",
     "canonical_mapping covers the operator for every shape of jobs, and follows its recurrence.",
     kCost, canonical_is_legal, kDemands, true},
    {"mapping/spaces-are-legal", "Every mapping of a map space is a loop nest of the operator.",
     kCost, spaces_are_legal, kDemands, true},
    {"mapping/spaces-are-declared", "Who offers map spaces declares Trait::map_space.", kCost,
     spaces_are_declared, kSpaces, true},
};

}  // namespace

std::span<const Check> mapping_checks() {
  return kChecks;
}

}  // namespace imbrex::conform
