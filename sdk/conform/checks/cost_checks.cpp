// The laws of cost models but for the times of layers: amounts, transfers, what is declared.
#include "checks.hpp"
#include "cost_trial.hpp"
#include "run/guarded_cost_model.hpp"
#include "run/value_checks.hpp"

#include <fmt/format.h>

namespace imbrex::conform {
namespace {

constexpr Kinds kCost = kinds_of({Kind::cost_model});
constexpr std::string_view kAnswers[] = {"errors/ordinary-networks-are-answered"};
constexpr std::string_view kDemands[] = {"errors/ordinary-networks-are-answered",
                                         "cost/demands-are-pure"};
constexpr std::string_view kValues[] = {"cost/demands-are-pure", "cost/values-are-in-range",
                                        "mapping/canonical-is-legal", "mapping/spaces-are-legal"};
void demands_are_pure(Examination& examination) {
  for_each_cost_trial(examination, [](const CostTrial& trial, Random&) {
    const std::size_t count = trial.workload().operators().size();
    std::vector<Demand> first;
    for (std::size_t i = 0; i < count; ++i) {
      const Operator& op = trial.workload().at(operator_id(i));
      first.push_back(trial.cost().demand(operator_id(i)));
      const bool right = first.back().units >= (first.back().mappable ? 1 : 0) &&
                         first.back().weight_bits >= 0 && (!first.back().mappable || op.has_macs());
      require(right, [&] {
        return fmt::format(
            "demand of operator '{}' is mappable {}, {} units, {} bits; what is mapped multiplies, "
            "owns at least 1 unit and has no negative weights",
            op.name, first.back().mappable, first.back().units, first.back().weight_bits);
      });
    }
    for (std::size_t i = count; i-- > 0;) {
      require(trial.cost().demand(operator_id(i)) == first[i], [&] {
        return fmt::format("demand of operator '{}' is another one when it is asked again",
                           trial.workload().at(operator_id(i)).name);
      });
    }
  });
}

// The guard would compare it with most_transfer, which is a check of its own.
void require_transfer(const CostTrial& trial, const Transfer& transfer) {
  TransferCost cost{-1, -1};
  trial.cost().transfer({&transfer, 1}, {&cost, 1});
  require(run::is_time(cost.latency_ps) && run::is_amount(cost.energy_pj), [&] {
    return fmt::format(
        "transfer of {} bits takes {} ps and {} pJ; times are from 0 to below 2^53 ps, energies "
        "finite and at least 0",
        transfer.bits, cost.latency_ps, cost.energy_pj);
  });
}

// Asks everything through the kernel's guard, which says what is wrong with an answer.
void ask_guarded(const CostTrial& trial, const CostCase& one, const CostModel& guarded) {
  std::vector<LayerCost> costs(one.mappings.size());
  guarded.evaluate(one.op, one.placement, one.mappings, costs);
  guarded.lower_bound_ps(one.op, one.placement);
  for (std::size_t i = 0; i < costs.size(); ++i) {
    guarded.account(one.op, one.placement, one.mappings[i]);
    if (costs[i].verdict == Verdict::feasible) {
      guarded.job_clock(one.op, one.placement, one.mappings[i]);
    }
  }
  for (std::size_t i = 0; i < trial.workload().operators().size(); ++i) {
    guarded.movement_ps(operator_id(i));
    require_transfer(trial, {one.op, operator_id(i), 0, static_cast<std::int64_t>(i), 4096});
  }
}

void values_in_range(Examination& examination) {
  for_each_cost_trial(examination, [&](const CostTrial& trial, Random& random) {
    const run::GuardedCostModel guarded(std::string(trial.component().id), trial.cost(),
                                        trial.workload());
    for (const CostCase& one : trial.cases(random)) {
      ask_guarded(trial, one, guarded);
    }
    guarded.most_transfer(4096);
    guarded.segment_overhead(Design(trial.network()), 0);
  });
}

void transfers_are_bounded(Examination& examination) {
  for_each_cost_trial(examination, [](const CostTrial& trial, Random& random) {
    const std::vector<OperatorId> mapped = trial.mapped();
    const TileGridShape& grid = trial.architecture().grid;
    for (int i = 0; i < 200 && !mapped.empty(); ++i) {
      const std::int64_t tiles = grid.rows * grid.columns - 1;
      const Transfer transfer{mapped[random.below(mapped.size())],
                              mapped[random.below(mapped.size())], random.between(0, tiles),
                              random.between(0, tiles), random.between(1, 100'000)};
      const TransferCost most = trial.cost().most_transfer(transfer.bits);
      TransferCost cost;
      trial.cost().transfer({&transfer, 1}, {&cost, 1});
      require(cost.latency_ps <= most.latency_ps && cost.energy_pj <= most.energy_pj, [&] {
        return fmt::format(
            "{} bits from tile {} to tile {} take {} ps and {} pJ, more than most_transfer says: "
            "{} "
            "ps and {} pJ",
            transfer.bits, transfer.from_tile, transfer.to_tile, cost.latency_ps, cost.energy_pj,
            most.latency_ps, most.energy_pj);
      });
    }
  });
}

void shortfalls_explain(Examination& examination) {
  for_each_cost_case(examination, [](const CostTrial& trial, const CostCase& one, Random&) {
    for (const Mapping& mapping : one.mappings) {
      const auto shortfall = trial.cost().shortfall(one.op, one.placement, mapping);
      const bool feasible = trial.evaluated(one, mapping).verdict == Verdict::feasible;
      require(!shortfall || !feasible, [&] {
        return trial.text(one, mapping) + ": evaluate calls it feasible, shortfall says it is not";
      });
      require(!shortfall || shortfall->needed > shortfall->available, [&] {
        return fmt::format("{}: shortfall says that it needs {} of {} {}s, which is enough",
                           trial.text(one, mapping), shortfall->needed, shortfall->available,
                           shortfall->unit);
      });
    }
  });
}

void energy_is_declared(Examination& examination) {
  const bool declared = has(examination.component().provides_traits, Trait::energy);
  for_each_cost_case(examination, [&](const CostTrial& trial, const CostCase& one, Random&) {
    require(declared || !trial.cost().models_energy(), [] {
      return std::string(
          "models_energy() says that energies mean something, but Trait::energy is not declared");
    });
    for (const Mapping& mapping : one.mappings) {
      const LayerCost cost = trial.evaluated(one, mapping);
      const bool given = cost.verdict == Verdict::feasible && cost.energy_pj != 0;
      require(!given || trial.cost().models_energy(), [&] {
        return trial.text(one, mapping) + " has an energy, but models_energy() says that none is";
      });
      require(declared || !given, [&] {
        return trial.text(one, mapping) + " has an energy, but Trait::energy is not declared";
      });
    }
  });
}

// Who does not declare copies must not make a layer faster by them: no partitioner would know.
void copies_are_declared(Examination& examination) {
  const bool declared = has(examination.component().provides_traits, Trait::copies);
  bool supported = false;
  for_each_cost_trial(examination, [&](const CostTrial& trial, Random&) {
    for (const OperatorId op : trial.mapped()) {
      CostCase one{op, {}, {}};
      const auto mapping = trial.canonical(op, {}, JobShape{});
      if (!mapping || trial.workload().at(op).chain) {
        continue;
      }
      const LayerCost alone = trial.evaluated(one, *mapping);
      one.placement.copies = 2;
      const LayerCost copied = trial.evaluated(one, *mapping);
      const bool feasible = copied.verdict == Verdict::feasible;
      supported = supported || feasible;
      require(declared || !feasible || copied.latency_ps >= alone.latency_ps, [&] {
        return trial.text(one, *mapping) +
               ": two copies are faster than one, but Trait::copies is not declared";
      });
    }
  });
  require(!declared || supported,
          [] { return std::string("it declares Trait::copies, but no operator may have two"); });
}

constexpr Check kChecks[] = {
    {"cost/demands-are-pure",
     "A demand depends on the operator alone, and only what multiplies is mapped.", kCost,
     demands_are_pure, kAnswers, true},
    {"cost/values-are-in-range",
     "Times are from 0 to below 2^53 ps, energies finite and at least 0, every answer written.",
     kCost, values_in_range, kDemands, true},
    {"cost/transfers-are-bounded", "No transfer takes more than most_transfer says.", kCost,
     transfers_are_bounded, kValues, true},
    {"cost/shortfalls-explain",
     "shortfall speaks of infeasible mappings only, and of something that is not enough.", kCost,
     shortfalls_explain, kValues, true},
    {"cost/energy-is-declared",
     "Who gives energies declares Trait::energy, and says so by models_energy.", kCost,
     energy_is_declared, kValues, true},
    {"cost/copies-are-declared", "Copies are declared where they help, and only there.", kCost,
     copies_are_declared, kValues, true},
};

}  // namespace

std::span<const Check> cost_checks() {
  return kChecks;
}

}  // namespace imbrex::conform
