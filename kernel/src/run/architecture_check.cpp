#include "run/architecture_check.hpp"

#include "run/value_checks.hpp"

#include <fmt/format.h>

namespace imbrex::run {
namespace {

auto checks_of(std::string_view where, std::string_view what, std::string_view name) {
  return ValueChecks(where, [what, name] { return fmt::format("{} '{}'", what, name); });
}

void check_level(std::string_view where, const StorageLevel& level) {
  const auto checks = checks_of(where, "storage level", level.name);
  checks.count("instances", level.instances, 1);
  checks.count("capacity_bits", level.capacity_bits);
  checks.time("access_ps", level.access_ps);
  checks.amount("read_bits_per_ps", level.read_bits_per_ps);
  checks.amount("write_bits_per_ps", level.write_bits_per_ps);
  checks.amount("read_energy_pj_per_bit", level.read_energy_pj_per_bit);
  checks.amount("write_energy_pj_per_bit", level.write_energy_pj_per_bit);
}

void check_unit(std::string_view where, const ComputeUnit& unit) {
  const auto checks = checks_of(where, "compute unit", unit.name);
  checks.count("rows", unit.rows);
  checks.count("columns", unit.columns);
  checks.count("columns_per_weight", unit.columns_per_weight, 1);
  checks.time("operation_ps", unit.operation_ps);
  checks.amount("period_ps", unit.period_ps);
  checks.amount("operation_energy_pj", unit.operation_energy_pj);
  checks.time("write_ps", unit.write_ps);
  checks.amount("write_energy_pj", unit.write_energy_pj);
  if (unit.kind > UnitKind::vector_unit) {
    checks.blame("kind", std::to_string(static_cast<unsigned>(unit.kind)),
                 "it must be one of UnitKind");
  }
}

void check_links(std::string_view where, const ElementLinks& links) {
  const auto checks = checks_of(where, "links of", "the elements");
  checks.count("word_bits", links.word_bits);
  checks.count("express_length", links.express_length);
  checks.amount("words_per_ps", links.words_per_ps);
  checks.time("hop_ps", links.hop_ps);
  checks.amount("wire_energy_pj_per_word", links.wire_energy_pj_per_word);
  checks.amount("router_energy_pj_per_word", links.router_energy_pj_per_word);
  if (links.topology > TopologyKind::flattened_butterfly) {
    checks.blame("topology", std::to_string(static_cast<unsigned>(links.topology)),
                 "it must be one of TopologyKind");
  }
}

void check_costs(std::string_view where, const Architecture& architecture) {
  const auto movement = checks_of(where, "movement costs of", architecture.name);
  movement.time("link_hop_ps", architecture.movement.link_hop_ps);
  movement.amount("link_bits_per_ps", architecture.movement.link_bits_per_ps);
  movement.time("buffer_access_ps", architecture.movement.buffer_access_ps);
  movement.time("vector_operation_ps", architecture.movement.vector_operation_ps);
  movement.amount("link_energy_pj_per_bit_hop", architecture.movement.link_energy_pj_per_bit_hop);
  const ReplacementCosts& costs = architecture.replacement;
  const auto replacement = checks_of(where, "replacement costs of", architecture.name);
  replacement.amount("weight_bits_per_ps", costs.weight_bits_per_ps);
  replacement.time("write_ps", costs.write_ps);
  replacement.amount("data_ps_per_bit", costs.data_ps_per_bit);
  replacement.amount("bus_ps_per_bit", costs.bus_ps_per_bit);
  replacement.amount("weight_energy_pj_per_bit", costs.weight_energy_pj_per_bit);
  replacement.amount("data_energy_pj_per_bit", costs.data_energy_pj_per_bit);
  replacement.amount("bus_energy_pj_per_bit", costs.bus_energy_pj_per_bit);
  replacement.amount("static_power_pj_per_ps", costs.static_power_pj_per_ps);
  replacement.count("retained_bits", costs.retained_bits);
}

}  // namespace

void check_architecture(std::string_view where, const Architecture& architecture) {
  for (const StorageLevel& level : architecture.levels) {
    check_level(where, level);
  }
  for (const ComputeUnit& unit : architecture.units) {
    check_unit(where, unit);
  }
  for (const OperationCost& operation : architecture.operations) {
    const auto checks = checks_of(where, "operation cost", operation.provenance);
    checks.count("bits", operation.bits);
    checks.time("latency_ps", operation.latency_ps);
    checks.amount("energy_pj", operation.energy_pj);
  }
  for (const ResourcePool& pool : architecture.resources) {
    const auto checks = checks_of(where, "resource pool", pool.name);
    checks.count("count", pool.count);
    checks.count("per_tile", pool.per_tile, 1);
  }
  const auto grid = checks_of(where, "tile grid of", architecture.name);
  grid.count("rows", architecture.grid.rows, 1);
  grid.count("columns", architecture.grid.columns, 1);
  check_links(where, architecture.links);
  check_costs(where, architecture);
}

}  // namespace imbrex::run
