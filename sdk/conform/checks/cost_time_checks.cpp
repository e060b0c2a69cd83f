// The laws of the times of layers: searches choose by them, timelines are made of them.
#include "checks.hpp"
#include "cost_trial.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/values/work_order.hpp>

#include <memory>

#include <fmt/format.h>

namespace imbrex::conform {
namespace {

constexpr Kinds kCost = kinds_of({Kind::cost_model});
constexpr std::string_view kValues[] = {"cost/demands-are-pure", "cost/values-are-in-range",
                                        "mapping/canonical-is-legal", "mapping/spaces-are-legal"};
constexpr std::string_view kClocks[] = {"cost/demands-are-pure", "cost/values-are-in-range",
                                        "mapping/canonical-is-legal", "mapping/spaces-are-legal",
                                        "cost/feasible-has-a-usable-clock"};
constexpr std::string_view kLatencies[] = {"cost/demands-are-pure", "cost/values-are-in-range",
                                           "mapping/canonical-is-legal", "mapping/spaces-are-legal",
                                           "cost/evaluate-is-the-longest-server"};

// The order of jobs that a mapping and its clock make; null: none.
std::unique_ptr<const WorkOrder> order_of(const CostTrial& trial, const CostCase& one,
                                          const Mapping& mapping) {
  try {
    return make_work_order(
        trial.workload().at(one.op), mapping, one.placement.copies, one.placement.dealing,
        trial.cost().job_clock(one.op, one.placement, mapping), trial.cost().lock_step());
  } catch (const InputError&) {
    return nullptr;
  }
}

// Mappings that do not cover the operator, made from one that does.
std::vector<Mapping> uncovering(const Operator& op, const Mapping& mapping) {
  std::vector<Mapping> broken;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    Mapping less = mapping;
    less.job_extent[d] -= 1;
    if (mapping_verdict(op, less) != Verdict::feasible) {
      broken.push_back(less);
    }
  }
  return broken;
}

void feasible_has_clock(Examination& examination) {
  for_each_cost_case(examination, [](const CostTrial& trial, const CostCase& one, Random&) {
    const Operator& op = trial.workload().at(one.op);
    for (const Mapping& mapping : one.mappings) {
      const bool feasible = trial.evaluated(one, mapping).verdict == Verdict::feasible;
      require(!feasible || order_of(trial, one, mapping) != nullptr, [&] {
        return trial.text(one, mapping) +
               ": evaluate calls it feasible, but job_clock makes no order of jobs of it";
      });
      for (const Mapping& less : uncovering(op, mapping)) {
        require(trial.evaluated(one, less).verdict != Verdict::feasible, [&] {
          return trial.text(one, less) +
                 ": evaluate calls it feasible, but its loops do not cover the operator";
        });
      }
    }
  });
}

// A recurrence waits for the completion of each of its jobs, which no order shows.
void longest_server(Examination& examination) {
  for_each_cost_case(examination, [](const CostTrial& trial, const CostCase& one, Random&) {
    for (const Mapping& mapping : one.mappings) {
      const LayerCost cost = trial.evaluated(one, mapping);
      const auto order =
          cost.verdict == Verdict::feasible ? order_of(trial, one, mapping) : nullptr;
      if (order == nullptr || trial.workload().at(one.op).chain) {
        continue;
      }
      const std::int64_t expected_ps =
          longest_server_ps(*order) +
          trial.cost().job_clock(one.op, one.placement, mapping).completion_ps;
      require(cost.latency_ps == expected_ps, [&] {
        return fmt::format(
            "{}: evaluate gives {} ps, its jobs keep the longest server busy for {} ps, completion "
            "included; searches would choose by a time that no timeline has",
            trial.text(one, mapping), cost.latency_ps, expected_ps);
      });
    }
  });
}

void lower_bounds(Examination& examination) {
  for_each_cost_case(examination, [](const CostTrial& trial, const CostCase& one, Random&) {
    const std::int64_t bound_ps = trial.cost().lower_bound_ps(one.op, one.placement);
    for (const Mapping& mapping : one.mappings) {
      const LayerCost cost = trial.evaluated(one, mapping);
      require(cost.verdict != Verdict::feasible || bound_ps <= cost.latency_ps, [&] {
        return fmt::format("{}: takes {} ps, below the lower bound of {} ps",
                           trial.text(one, mapping), cost.latency_ps, bound_ps);
      });
    }
  });
}

bool equal(const LayerCost& one, const LayerCost& other) noexcept {
  return one.verdict == other.verdict &&
         (one.verdict != Verdict::feasible ||
          (one.latency_ps == other.latency_ps && one.energy_pj == other.energy_pj));
}

// One after another; all at once; in another order; on several threads in pieces of three.
void batches(Examination& examination) {
  for_each_cost_case(examination, [](const CostTrial& trial, const CostCase& one, Random& random) {
    std::vector<Mapping> mappings = one.mappings;
    random.shuffle(std::span(mappings));
    std::vector<LayerCost> whole(mappings.size());
    std::vector<LayerCost> pieces(mappings.size());
    trial.cost().evaluate(one.op, one.placement, mappings, whole);
    trial.host().parallel_for(mappings.size(), 3, [&](std::size_t begin, std::size_t end) {
      trial.cost().evaluate(one.op, one.placement,
                            std::span<const Mapping>(mappings).subspan(begin, end - begin),
                            std::span(pieces).subspan(begin, end - begin));
    });
    for (std::size_t i = 0; i < mappings.size(); ++i) {
      const LayerCost alone = trial.evaluated(one, mappings[i]);
      require(equal(alone, whole[i]) && equal(alone, pieces[i]), [&] {
        return fmt::format(
            "{}: {} ps alone, {} ps as number {} of {}, {} ps in pieces on several threads",
            trial.text(one, mappings[i]), alone.latency_ps, whole[i].latency_ps, i + 1,
            mappings.size(), pieces[i].latency_ps);
      });
    }
  });
}

constexpr Check kChecks[] = {
    {"cost/feasible-has-a-usable-clock",
     "What evaluate calls feasible covers the operator, and job_clock makes an order of jobs of "
     "it.",
     kCost, feasible_has_clock, kValues, true},
    {"cost/evaluate-is-the-longest-server",
     "evaluate gives the time that the jobs of job_clock take on the longest server.", kCost,
     longest_server, kClocks, true},
    {"cost/lower-bound-is-admissible", "No mapping is faster than lower_bound_ps.", kCost,
     lower_bounds, kLatencies, true},
    {"cost/batches-equal-singles",
     "evaluate gives each mapping the same, alone, in any batch, in any order, on any thread.",
     kCost, batches, kValues, true},
};

}  // namespace

std::span<const Check> cost_time_checks() {
  return kChecks;
}

}  // namespace imbrex::conform
