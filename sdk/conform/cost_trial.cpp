#include "cost_trial.hpp"

#include "transcript.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/mapspace/map_space.hpp>

#include <utility>

#include <fmt/format.h>

namespace imbrex::conform {
namespace {

constexpr std::uint64_t kNetworks = 5;
constexpr int kSamples = 10;

constexpr JobShape::Kind kShapes[] = {JobShape::Kind::row, JobShape::Kind::pixel,
                                      JobShape::Kind::layer};

void add_samples(const CostModel& cost, CostCase& one, Random& random) {
  MapSpaceSpec spec = cost.map_space(one.op, one.placement);
  if (spec.slots.empty()) {
    return;
  }
  const mapspace::MapSpace space(std::move(spec));
  for (int i = 0; i < kSamples && !space.empty(); ++i) {
    one.mappings.push_back(space.sample(random));
  }
}

}  // namespace

CostTrial::CostTrial(const Stand& stand) : stand_(stand), cost_(stand.make<CostModel>()) {}

std::vector<OperatorId> CostTrial::mapped() const {
  std::vector<OperatorId> ids;
  for (std::size_t i = 0; i < workload().operators().size(); ++i) {
    if (cost().demand(operator_id(i)).mappable) {
      ids.push_back(operator_id(i));
    }
  }
  return ids;
}

std::optional<Mapping> CostTrial::canonical(OperatorId op, const Placement& placement,
                                            const JobShape& shape) const {
  try {
    return cost().canonical_mapping(op, placement, shape);
  } catch (const InfeasibleError&) {
    return std::nullopt;
  }
}

std::vector<CostCase> CostTrial::cases(Random& random) const {
  std::vector<CostCase> cases;
  for (const OperatorId op : mapped()) {
    const bool copied = has(component().provides_traits, Trait::copies) && !workload().at(op).chain;
    for (const std::int64_t copies : {std::int64_t{1}, random.between(2, 5)}) {
      if (copies > 1 && !copied) {
        continue;
      }
      CostCase one{op, {}, {}};
      one.placement.copies = copies;
      one.placement.dealing = static_cast<Dealing>(copies > 1 ? random.below(3) : 0);
      for (const JobShape::Kind kind : kShapes) {
        JobShape shape;
        shape.kind = kind;
        if (const auto mapping = canonical(op, one.placement, shape)) {
          one.mappings.push_back(*mapping);
        }
      }
      add_samples(cost(), one, random);
      cases.push_back(std::move(one));
    }
  }
  return cases;
}

LayerCost CostTrial::evaluated(const CostCase& one, const Mapping& mapping) const {
  LayerCost layer;
  cost().evaluate(one.op, one.placement, {&mapping, 1}, {&layer, 1});
  return layer;
}

std::string CostTrial::text(const CostCase& one, const Mapping& mapping) const {
  return fmt::format("operator '{}' of {} with {} copies, mapping {}", workload().at(one.op).name,
                     workload().name(), one.placement.copies, text_of(mapping));
}

void for_each_cost_trial(Examination& examination,
                         FunctionRef<void(const CostTrial& trial, Random& random)> ask) {
  const auto services = examination.services(4);
  std::uint64_t asked = 0;
  std::string reason;
  for (const Setting& setting : examination.settings()) {
    for (std::uint64_t number = 0; number < kNetworks; ++number) {
      std::optional<Stand> stand;
      try {
        stand.emplace(setting, problems::random_network(examination.seed(), number), *services);
        stand->make<CostModel>();
      } catch (const Error& error) {
        if (!is_refusal(error)) {
          throw;
        }
        reason = error.what();
        continue;
      }
      Random random(examination.seed(), number);
      ask(CostTrial(*stand), random);
      ++asked;
    }
  }
  if (asked == 0) {
    throw Skipped("it takes none of the networks: " + reason);
  }
}

void for_each_cost_case(
    Examination& examination,
    FunctionRef<void(const CostTrial& trial, const CostCase& one, Random& random)> ask) {
  for_each_cost_trial(examination, [&](const CostTrial& trial, Random& random) {
    for (const CostCase& one : trial.cases(random)) {
      ask(trial, one, random);
    }
  });
}

}  // namespace imbrex::conform
