// What an addition or multiplication of n-bit operands costs on all lanes of a DRAM bank at once:
// published counts of row commands, as tables.
#pragma once

#include <imbrex/values/architecture.hpp>

#include <vector>

namespace imbrex::dram_pim {

enum class Preset : std::uint8_t { simdram, bitsimd, nor, optipim };

inline constexpr std::int32_t kMaxOperandBits = 64;

// The row commands that operations are made of.
struct Commands {
  std::int64_t activate_precharge_ps = 0;           // AP
  std::int64_t activate_activate_precharge_ps = 0;  // AAP
  std::int64_t row_read_ps = 0;                     // BitSIMD R: a row into the latches
  std::int64_t row_write_ps = 0;                    // BitSIMD W
  std::int64_t logic_ps = 0;                        // BitSIMD L
  std::int64_t nor_cycle_ps = 0;
  std::int64_t row_operation_ps = 0;  // OptiPIM: whatever a row takes part in
  double activation_energy_pj = 0;
  double nor_cycle_energy_pj = 0;
};

// Every kind of operation for every operand width of 1..kMaxOperandBits. [any thread]
std::vector<OperationCost> operation_table(Preset preset, const Commands& commands);

}  // namespace imbrex::dram_pim
