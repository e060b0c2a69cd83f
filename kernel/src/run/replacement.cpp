#include "run/replacement.hpp"

#include <imbrex/values/floor_plan.hpp>
#include <imbrex/values/work_graph.hpp>

namespace imbrex::run {

bool replaces_weights(const Design& design, const BoundMachine& machine) {
  const std::vector<std::int32_t> numbers = segment_numbers(design, machine.cost());
  if (numbers.size() != 1) {
    return numbers.size() > 1;
  }
  const SegmentOverhead one = machine.cost().segment_overhead(design, numbers.front());
  return one.takes_time() || one.energy_pj != 0;
}

SegmentOverhead total_overhead(const Design& design, const BoundMachine& machine) {
  SegmentOverhead sum;
  for (const std::int32_t number : segment_numbers(design, machine.cost())) {
    const SegmentOverhead one = machine.cost().segment_overhead(design, number);
    sum.weight_load_ps += one.weight_load_ps;
    sum.weight_write_ps += one.weight_write_ps;
    sum.data_ps += one.data_ps;
    sum.external_ps += one.external_ps;
    sum.buffer_ps += one.buffer_ps;
    sum.weight_bits += one.weight_bits;
    sum.load_bits += one.load_bits;
    sum.store_bits += one.store_bits;
    sum.energy_pj += one.energy_pj;
  }
  return sum;
}

namespace {

double element_link_energy_pj(const Design& design, const BoundMachine& machine) {
  const ElementLinks& links = machine.architecture().links;
  if (design.floor_plans().empty() ||
      (links.wire_energy_pj_per_word == 0 && links.router_energy_pj_per_word == 0)) {
    return 0;
  }
  const Topology topology = topology_of(machine.architecture());
  double total = 0;
  for (const FloorPlan& plan : design.floor_plans()) {
    total += link_energy_pj(links, link_loads(topology, plan));
  }
  return total;
}

}  // namespace

double link_energy_pj(const Design& design, const BoundMachine& machine) {
  return transfer_energy_pj(design, machine.view()) + element_link_energy_pj(design, machine);
}

}  // namespace imbrex::run
