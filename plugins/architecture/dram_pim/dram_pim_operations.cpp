#include "dram_pim_operations.hpp"

#include <array>

namespace imbrex::dram_pim {
namespace {

struct Price {
  std::int64_t latency_ps = 0;
  double energy_pj = 0;
};

// Copies on the spot double the activations; a triple-row activation is charged as one.
Price simdram(std::int64_t aap, std::int64_t ap, const Commands& c) {
  return {aap * c.activate_activate_precharge_ps + ap * c.activate_precharge_ps,
          static_cast<double>(2 * aap + ap) * c.activation_energy_pj};
}

Price simdram_price(OperationKind kind, std::int64_t n, const Commands& c) {
  switch (kind) {
    case OperationKind::add:
      return simdram(6 * n + 1, 2 * n, c);
    case OperationKind::multiply:
      return simdram(8 * n * n - 2 * n - 1, 3 * n * n - 3 * n, c);
    case OperationKind::shift:
      return simdram(n, 0, c);
    case OperationKind::copy_row:
      break;
  }
  return simdram(1, 0, c);
}

Price bitsimd(std::int64_t reads, std::int64_t writes, std::int64_t logic, const Commands& c) {
  return {reads * c.row_read_ps + writes * c.row_write_ps + logic * c.logic_ps,
          static_cast<double>(reads + writes) * c.activation_energy_pj};
}

Price bitsimd_price(OperationKind kind, std::int64_t n, const Commands& c) {
  switch (kind) {
    case OperationKind::add:
      return bitsimd(2 * n, n, 3 * n + 1, c);
    case OperationKind::multiply:
      return bitsimd(n * n + n, (n * n + n) / 2, 2 * n * n + n, c);
    case OperationKind::shift:
      return bitsimd(n, n, n, c);
    case OperationKind::copy_row:
      break;
  }
  return bitsimd(1, 1, 0, c);
}

Price nor_price(OperationKind kind, std::int64_t n, const Commands& c) {
  const auto cycles = [&](std::int64_t count) -> Price {
    return {count * c.nor_cycle_ps, static_cast<double>(count) * c.nor_cycle_energy_pj};
  };
  switch (kind) {
    case OperationKind::add:
      return cycles(12 * n + 1);
    case OperationKind::multiply:
      return cycles(13 * n * n - 14 * n + 6);
    case OperationKind::shift:
      return cycles(2 * n);  // a copy is two inversions
    case OperationKind::copy_row:
      break;
  }
  return cycles(2);
}

Price optipim_price(OperationKind kind, std::int64_t n, const Commands& c) {
  const auto operations = [&](std::int64_t count) -> Price {
    return {count * c.row_operation_ps, static_cast<double>(2 * count) * c.activation_energy_pj};
  };
  switch (kind) {
    case OperationKind::add:
      return operations(5 * n + 1);
    case OperationKind::multiply:
      return operations(7 * n * n + 1);
    case OperationKind::shift:
      return operations(n);
    case OperationKind::copy_row:
      break;
  }
  return operations(1);
}

Price price_of(Preset preset, OperationKind kind, std::int64_t n, const Commands& c) {
  switch (preset) {
    case Preset::simdram:
      return simdram_price(kind, n, c);
    case Preset::bitsimd:
      return bitsimd_price(kind, n, c);
    case Preset::optipim:
      return optipim_price(kind, n, c);
    case Preset::nor:
      break;
  }
  return nor_price(kind, n, c);
}

// In the order of Preset.
constexpr std::array<std::string_view, 4> kProvenance = {
    "add (6n+1) AAP + 2n AP, multiply (8n^2-2n-1) AAP + (3n^2-3n) AP: counted in MIMDRAM's "
    "micro-programs (SAFARI, 49549f9), equal to SIMDRAM's totals (recalled); shift, copy: one AAP "
    "per row, an assumption",
    "add 2nR nW (3n+1)L, multiply (n^2+n)R (n^2+n)/2W (2n^2+n)L: through PIMeval's INT8 and INT16 "
    "counts (UVA-LavaLab, 40ce162), other widths by the same polynomials; shift, copy: an "
    "assumption",
    "add 12n+1, multiply 13n^2-14n+6 cycles: NOR logic as in FloatPIM (recalled); shift, copy: two "
    "inversions per row, an assumption",
    "add 5n+1, multiply 7n^2+1 operations on rows: OptiPIM (ISCA 2025), data/dram.json of "
    "ETHZ-DYNAMO/OptiPIM; two activations each, shift, copy: one per row, assumptions"};

}  // namespace

std::vector<OperationCost> operation_table(Preset preset, const Commands& commands) {
  std::vector<OperationCost> table;
  for (const OperationKind kind : {OperationKind::add, OperationKind::multiply,
                                   OperationKind::shift, OperationKind::copy_row}) {
    for (std::int32_t bits = 1; bits <= kMaxOperandBits; ++bits) {
      const Price price = price_of(preset, kind, bits, commands);
      table.push_back({kind, bits, price.latency_ps, price.energy_pj, kProvenance[index(preset)]});
    }
  }
  return table;
}

}  // namespace imbrex::dram_pim
