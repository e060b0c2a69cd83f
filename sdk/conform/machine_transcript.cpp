// What architectures and cost models say.
#include "problems/random_designs.hpp"
#include "transcript.hpp"

#include <imbrex/values/segments.hpp>

#include <fmt/format.h>

namespace imbrex::conform {
namespace {

std::string text_of_units(const Architecture& architecture) {
  std::string text;
  for (const StorageLevel& level : architecture.levels) {
    text += fmt::format("level {} x{} {} bits {} ps {} {} {} {}\n", level.name, level.instances,
                        level.capacity_bits, level.access_ps, level.read_bits_per_ps,
                        level.write_bits_per_ps, level.read_energy_pj_per_bit,
                        level.write_energy_pj_per_bit);
  }
  for (const ComputeUnit& unit : architecture.units) {
    text += fmt::format("unit {} kind {} {}x{} per weight {} {} ps {} {} pJ {} {}\n", unit.name,
                        index(unit.kind), unit.rows, unit.columns, unit.columns_per_weight,
                        unit.operation_ps, unit.period_ps, unit.operation_energy_pj, unit.write_ps,
                        unit.write_energy_pj);
  }
  for (const OperationCost& one : architecture.operations) {
    text += fmt::format("operation {} {} bits {} ps {} pJ\n", index(one.operation), one.bits,
                        one.latency_ps, one.energy_pj);
  }
  for (const ResourcePool& pool : architecture.resources) {
    text += fmt::format("pool {} {} per tile {}\n", pool.name, pool.count, pool.per_tile);
  }
  return text;
}

std::string layer_text(const CostModel& cost, OperatorId op, const Placement& placement,
                       const JobShape& shape) {
  const Mapping mapping = cost.canonical_mapping(op, placement, shape);
  LayerCost layer;
  cost.evaluate(op, placement, {&mapping, 1}, {&layer, 1});
  std::string text = fmt::format("  {}: verdict {}", text_of(mapping), index(layer.verdict));
  if (layer.verdict == Verdict::feasible) {
    const JobClock clock = cost.job_clock(op, placement, mapping);
    text += fmt::format(" {} ps {} pJ, clock {} {} {} {}", layer.latency_ps, layer.energy_pj,
                        clock.fixed_ps, clock.per_position_ps, clock.completion_ps, clock.least_ps);
  }
  if (const auto account = cost.account(op, placement, mapping)) {
    text += " bound by " + account->bound_by;
    for (const TensorAccesses& one : account->accesses) {
      text += fmt::format(" {}/{} {} {} {} {}", one.level, one.tensor, one.word_bits,
                          one.tile_words, one.read_words, one.written_words);
    }
  }
  return text + "\n";
}

std::string operator_text(const CostModel& cost, OperatorId op) {
  const Demand demand = cost.demand(op);
  std::string text =
      fmt::format("operator {}: {} {} units {} bits, moves {} ps\n", static_cast<int>(op),
                  demand.mappable, demand.units, demand.weight_bits, cost.movement_ps(op));
  if (!demand.mappable) {
    return text;
  }
  text += fmt::format("  {} slots, bound {} ps\n", cost.map_space(op, {}).slots.size(),
                      cost.lower_bound_ps(op, {}));
  for (const auto kind : {JobShape::Kind::row, JobShape::Kind::pixel, JobShape::Kind::layer}) {
    JobShape shape;
    shape.kind = kind;
    text += layer_text(cost, op, {}, shape);
  }
  return text;
}

}  // namespace

std::string architecture_transcript(const Stand& stand) {
  const auto model = stand.make<ArchitectureModel>();
  const Architecture& view = model->view();
  std::string text = fmt::format("{} {}x{}\n", view.name, view.grid.rows, view.grid.columns);
  text += text_of_units(view);
  text += fmt::format("links {} {} {} {}\n", view.links.word_bits, index(view.links.topology),
                      view.links.words_per_ps, view.links.hop_ps);
  text += fmt::format("movement {} {} {} {}\n", view.movement.link_hop_ps,
                      view.movement.link_bits_per_ps, view.movement.buffer_access_ps,
                      view.movement.vector_operation_ps);
  text += fmt::format("replacement {} {} {} {}\n", view.replacement.weight_bits_per_ps,
                      view.replacement.write_ps, view.replacement.data_ps_per_bit,
                      view.replacement.bus_ps_per_bit);
  for (const std::int64_t units : {0, 1, 100, 1'000'000}) {
    text += fmt::format("fits {}: {}\n", units, index(model->fits({true, units, units * 64})));
  }
  return text;
}

std::string cost_transcript(const Stand& stand) {
  const auto cost = stand.make<CostModel>();
  std::string text =
      fmt::format("energy {} lock-step {}\n", cost->models_energy(), cost->lock_step());
  for (std::size_t i = 0; i < stand.network()->operators().size(); ++i) {
    text += operator_text(*cost, operator_id(i));
  }
  const Transfer transfers[] = {{operator_id(0), operator_id(0), 0, 0, 8},
                                {operator_id(0), operator_id(0), 0, 1, 1024}};
  TransferCost costs[2];
  cost->transfer(transfers, costs);
  for (const TransferCost& one : costs) {
    text += fmt::format("transfer {} ps {} pJ\n", one.latency_ps, one.energy_pj);
  }
  const SegmentOverhead overhead = cost->segment_overhead(Design(stand.network()), 0);
  return text + fmt::format("segment {} {} {} {} {}\n", overhead.weight_load_ps,
                            overhead.weight_write_ps, overhead.data_ps, overhead.external_ps,
                            overhead.energy_pj);
}

}  // namespace imbrex::conform
