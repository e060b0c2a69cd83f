#include "run/capacity.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

namespace imbrex::run {
namespace {

struct Owner {
  std::size_t op = 0;
  std::int64_t copies = 0;
  std::int64_t units_per_copy = 0;
  std::int64_t units = 0;
};

// More than 64 bits count is more than any chip has.
void add(std::int64_t& sum, std::int64_t amount, std::int64_t times) {
  if (__builtin_mul_overflow(amount, times, &amount) || __builtin_add_overflow(sum, amount, &sum)) {
    sum = INT64_MAX;
  }
}

// What every segment asks for, in segment order.
std::map<std::int32_t, Demand> demands(const Design& design, const CostModel& cost) {
  std::map<std::int32_t, Demand> total;
  for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
    const Demand one = cost.demand(operator_id(i));
    if (!one.mappable) {
      continue;
    }
    const Placement& placement = design.placement(operator_id(i));
    Demand& sum = total[placement.segment];
    sum.mappable = true;
    add(sum.units, owned_units(placement, one), 1);
    add(sum.weight_bits, one.weight_bits, placement.copies);
  }
  return total;
}

bool demand_fits(const Demand& demand, const BoundMachine& machine) {
  const auto pools = machine.architecture().resources;
  return (pools.empty() || demand.units <= pools.front().count) &&
         machine.model().fits(demand) == Verdict::feasible;
}

// "conv14 (36 PEs), conv16 (18 PEs)": where a person would look first.
std::string largest_owners(const Design& design, const CostModel& cost, std::int32_t segment) {
  std::vector<Owner> owners;
  for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
    const Demand one = cost.demand(operator_id(i));
    const Placement& placement = design.placement(operator_id(i));
    if (one.mappable && placement.segment == segment) {
      owners.push_back({i, placement.copies, one.units, owned_units(placement, one)});
    }
  }
  std::stable_sort(owners.begin(), owners.end(),
                   [](const Owner& a, const Owner& b) { return a.units > b.units; });
  constexpr std::size_t kShown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(kShown, owners.size()); ++i) {
    text += fmt::format("{}'{}' {}", text.empty() ? "" : ", ",
                        design.workload().operators()[owners[i].op].name, owners[i].units);
    if (owners[i].copies > 1) {
      text += fmt::format(" ({} copies of {})", owners[i].copies, owners[i].units_per_copy);
    }
  }
  return text;
}

std::string describe_misfit(const Design& design, const BoundMachine& machine, std::int32_t segment,
                            const Demand& demand, const std::string& who) {
  const auto pools = machine.architecture().resources;
  if (pools.empty() || demand.units <= pools.front().count) {
    return fmt::format("{} needs {} bits of weights, which {} cannot hold", who, demand.weight_bits,
                       machine.architecture().name);
  }
  const ResourcePool& pool = pools.front();
  return fmt::format("{} needs {} {}s, the chip has {}: {} too few; largest: {}", who, demand.units,
                     pool.name, pool.count, demand.units - pool.count,
                     largest_owners(design, machine.cost(), segment));
}

}  // namespace

std::int64_t units_used(const Design& design, const CostModel& cost) {
  std::int64_t most = 0;
  for (const auto& [segment, demand] : demands(design, cost)) {
    most = std::max(most, demand.units);
  }
  return most;
}

bool fits(const Design& design, const BoundMachine& machine) {
  const auto all = demands(design, machine.cost());
  return std::all_of(all.begin(), all.end(),
                     [&](const auto& entry) { return demand_fits(entry.second, machine); });
}

std::optional<std::string> misfit_message(const Design& design, const BoundMachine& machine,
                                          std::string_view whole) {
  const auto all = demands(design, machine.cost());
  for (const auto& [segment, demand] : all) {
    if (!demand_fits(demand, machine)) {
      return describe_misfit(
          design, machine, segment, demand,
          all.size() == 1 ? std::string(whole) : fmt::format("segment {}", segment));
    }
  }
  return std::nullopt;
}

}  // namespace imbrex::run
