#include "run/admission.hpp"

#include "run/capacity.hpp"
#include "run/floor_plan_admission.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::run {
namespace {

// The first operator that reads what a later segment makes.
std::optional<std::string> segments_out_of_order(const Design& design, const CostModel& cost) {
  const Workload& workload = design.workload();
  // Of what every operator reads, or of itself: the mapped one in the latest segment so far.
  IndexVector<OperatorId, OperatorId> latest(workload.operators().size(), OperatorId::none);
  for (const OperatorId id : latest.ids()) {
    for (const TensorId input : workload.at(id).inputs) {
      const OperatorId producer = workload.at(input).producer;
      const OperatorId source = producer == OperatorId::none ? OperatorId::none : latest[producer];
      if (source != OperatorId::none &&
          (latest[id] == OperatorId::none ||
           design.placement(source).segment > design.placement(latest[id]).segment)) {
        latest[id] = source;
      }
    }
    if (!cost.demand(id).mappable) {
      continue;
    }
    const std::int32_t segment = design.placement(id).segment;
    if (latest[id] != OperatorId::none && design.placement(latest[id]).segment > segment) {
      return fmt::format(
          "operator '{}' in segment {} reads what '{}' makes in the later segment {}; segments run "
          "in ascending order",
          workload.at(id).name, segment, workload.at(latest[id]).name,
          design.placement(latest[id]).segment);
    }
    latest[id] = id;
  }
  return std::nullopt;
}

bool one_segment(const Design& design, const std::vector<OperatorId>& mapped) {
  return std::all_of(mapped.begin(), mapped.end(), [&](OperatorId op) {
    return design.placement(op).segment == design.placement(mapped.front()).segment;
  });
}

}  // namespace

bool same_network(const Design& design, const Workload& workload) noexcept {
  return &design.workload() == &workload || design.workload().network() == workload.network();
}

Admission::Admission(const BoundMachine& machine, const JobShape& shape)
    : machine_(machine), operators_(machine, shape) {
  for (std::size_t i = 0; i < machine.workload().operators().size(); ++i) {
    if (machine.cost().demand(operator_id(i)).mappable) {
      mapped_.push_back(operator_id(i));
    }
  }
}

bool Admission::admits(const Design& design) const {
  return std::all_of(mapped_.begin(), mapped_.end(),
                     [&](OperatorId op) {
                       return operators_.fault(design, op, true) == OperatorFault::none;
                     }) &&
         !structure_refusal(design) && fits(design, machine_);
}

std::optional<Refusal> Admission::refusal(const Design& design) const {
  if (auto wrong = operator_refusal(design, true)) {
    return wrong;
  }
  if (auto wrong = structure_refusal(design)) {
    return wrong;
  }
  if (auto message = misfit_message(design, machine_)) {
    return Refusal{false, true, std::move(*message)};
  }
  return std::nullopt;
}

std::optional<Refusal> Admission::refusal_so_far(const Design& design) const {
  if (auto wrong = operator_refusal(design, false)) {
    return wrong;
  }
  return structure_refusal(design);
}

std::optional<Refusal> Admission::operator_refusal(const Design& design, bool whole) const {
  for (const OperatorId op : mapped_) {
    const OperatorFault fault = operators_.fault(design, op, whole);
    if (fault != OperatorFault::none) {
      return Refusal{breaks_contract(fault), false, operators_.reason(design, op, fault)};
    }
  }
  return std::nullopt;
}

// What concerns several operators; nothing is allocated where nobody decided anything.
std::optional<Refusal> Admission::structure_refusal(const Design& design) const {
  OperatorId one = OperatorId::none;
  OperatorId other = OperatorId::none;
  if (ranges_overlap(design, one, other)) {
    return Refusal{true, false,
                   fmt::format("operators '{}' and '{}' of segment {} own the same resource; "
                               "resources belong to one operator of a segment",
                               design.workload().at(one).name, design.workload().at(other).name,
                               design.placement(one).segment)};
  }
  if (!one_segment(design, mapped_)) {
    if (auto text = segments_out_of_order(design, machine_.cost())) {
      return Refusal{true, false, std::move(*text)};
    }
  }
  if (auto text = floor_plan_fault(design, machine_)) {
    return Refusal{true, false, std::move(*text)};
  }
  return std::nullopt;
}

bool Admission::ranges_overlap(const Design& design, OperatorId& one, OperatorId& other) const {
  std::vector<OperatorId> owners;
  for (const OperatorId op : mapped_) {
    if (design.placement(op).first_unit >= 0) {
      owners.push_back(op);
    }
  }
  const auto key = [&](OperatorId op) {
    return std::pair(design.placement(op).segment, design.placement(op).first_unit);
  };
  std::sort(owners.begin(), owners.end(),
            [&](OperatorId a, OperatorId b) { return key(a) < key(b); });
  for (std::size_t i = 1; i < owners.size(); ++i) {
    const Placement& before = design.placement(owners[i - 1]);
    const Placement& behind = design.placement(owners[i]);
    const Demand demand = machine_.cost().demand(owners[i - 1]);
    if (before.segment == behind.segment &&
        behind.first_unit < before.first_unit + owned_units(before, demand)) {
      one = owners[i - 1];
      other = owners[i];
      return true;
    }
  }
  return false;
}

}  // namespace imbrex::run
