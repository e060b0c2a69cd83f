// Reads architecture and operators into the plain numbers of the model.
#include "bit_serial_model.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>

namespace imbrex::bit_serial {
namespace {

std::int64_t bits_per_us(double bits_per_ps) {
  return bits_per_ps > 0 ? std::max<std::int64_t>(1, std::llround(bits_per_ps * 1e6)) : 0;
}

OperationPrice operator+(const OperationPrice& a, const OperationPrice& b) {
  return {a.latency_ps + b.latency_ps, a.energy_pj + b.energy_pj};
}

void push_axis(Operand& operand, const OperandAxis& axis) {
  operand.axes[operand.axis_count++] = axis;
}

// Coordinates outer*a + inner*b in which every pair (a, b) is another coordinate, for example a
// channel of a group, are two independent axes; then elements are counted without holes.
void add_axis(Operand& operand, const AxisProjection& projection, std::int64_t extent,
              const LoopBounds& bounds) {
  OperandAxis axis{{index(projection.dim[0]), index(projection.dim[1])},
                   {std::abs(projection.factor[0]), std::abs(projection.factor[1])},
                   projection.divisor,
                   extent};
  for (std::size_t i = 0; i < 2; ++i) {
    axis.factor[i] = bounds.bound[axis.dim[i]] > 1 ? projection.factor[i] : 0;
  }
  const std::size_t outer = std::abs(axis.factor[0]) >= std::abs(axis.factor[1]) ? 0 : 1;
  const std::size_t inner = 1 - outer;
  const std::int64_t inner_span =
      std::abs(axis.factor[inner]) * (bounds.bound[axis.dim[inner]] - 1) + 1;
  const bool independent =
      axis.divisor == 1 && axis.dim[0] != axis.dim[1] && std::abs(axis.factor[outer]) >= inner_span;
  if (!independent) {
    push_axis(operand, axis);
    return;
  }
  for (const std::size_t part : {outer, inner}) {
    if (axis.factor[part] != 0) {
      push_axis(operand,
                {{axis.dim[part], axis.dim[part]}, {1, 0}, 1, bounds.bound[axis.dim[part]]});
    }
  }
}

}  // namespace

Hardware hardware_of(const Architecture& architecture) {
  if (architecture.units.empty() || architecture.units.front().kind != UnitKind::bit_serial_bank ||
      architecture.levels.size() < 2 || architecture.levels[0].instances < 1) {
    throw InputError(
        "imbrex.cost.bit-serial needs an architecture that computes bit-serially in "
        "the banks of channels; '" +
        std::string(architecture.name) + "' does not");
  }
  const StorageLevel& channel = architecture.levels[kChannelLevel];
  const StorageLevel& bank = architecture.levels[kBankLevel];
  Hardware hardware;
  hardware.channels = channel.instances;
  hardware.banks_per_channel = bank.instances / channel.instances;
  hardware.rows = architecture.units.front().rows;
  hardware.columns = architecture.units.front().columns;
  hardware.access_ps = channel.access_ps;
  hardware.channel_bits_per_us = bits_per_us(channel.write_bits_per_ps);
  hardware.bank_bits_per_us = bits_per_us(bank.write_bits_per_ps);
  hardware.move_energy_pj_per_bit = channel.write_energy_pj_per_bit + bank.write_energy_pj_per_bit;
  return hardware;
}

OperationPrice price_of(const Architecture& architecture, OperationKind kind, std::int64_t bits) {
  const OperationCost* any = nullptr;
  for (const OperationCost& cost : architecture.operations) {
    if (cost.operation == kind && cost.bits == bits) {
      return {cost.latency_ps, cost.energy_pj};
    }
    if (cost.operation == kind && cost.bits == 0) {
      any = &cost;
    }
  }
  if (any == nullptr) {
    constexpr std::array<std::string_view, 4> kNames = {"addition", "multiplication", "shift",
                                                        "row copy"};
    throw InputError("'" + std::string(architecture.name) + "' lists no " +
                     std::string(kNames[index(kind)]) + " of " + std::to_string(bits) +
                     "-bit operands");
  }
  return {any->latency_ps, any->energy_pj};
}

Slice slice_of(const Placement& placement, std::int64_t default_units,
               const Hardware& hardware) noexcept {
  const std::int64_t units = placement.units > 0 ? placement.units : default_units;
  const std::int64_t per_channel = hardware.banks_per_channel;
  return units <= per_channel ? Slice{1, units} : Slice{units / per_channel, per_channel};
}

PreparedOperator prepare(const Workload& workload, OperatorId id, const Architecture& architecture,
                         const Options& options) {
  const Operator& op = workload.at(id);
  PreparedOperator prepared;
  if (!op.has_macs()) {
    return prepared;
  }
  prepared.mappable = true;
  prepared.bounds = op.bounds;
  prepared.work_share = static_cast<double>(op.macs()) / static_cast<double>(op.bounds.macs());
  prepared.chain = op.chain;
  prepared.stationary_weights = op.stationary_weights;
  prepared.weight_bits = op.weight_bits_per_element;
  prepared.output_bits = workload.at(op.output).bits_per_element;
  std::int64_t widest = op.stationary_weights ? prepared.weight_bits : 0;
  IMBREX_ASSERT(op.inputs.size() <= prepared.operands.size());
  for (std::size_t i = 0; i < op.inputs.size(); ++i) {
    const Tensor& tensor = workload.at(op.inputs[i]);
    Operand& operand = prepared.operands[prepared.operand_count++];
    operand.bits = tensor.bits_per_element;
    widest = std::max(widest, operand.bits);
    for (std::size_t axis = 0; axis < tensor.shape.rank; ++axis) {
      add_axis(operand, op.input_projection[i][axis], tensor.shape[axis], op.bounds);
    }
  }
  const std::int64_t sum_bits = options.accumulator_bits;
  prepared.add = price_of(architecture, OperationKind::add, sum_bits);
  prepared.mac = price_of(architecture, OperationKind::multiply, widest) + prepared.add;
  prepared.reduce = price_of(architecture, OperationKind::shift, sum_bits) + prepared.add;
  return prepared;
}

bool models_energy(const Architecture& architecture) noexcept {
  const auto is_stated = [](const OperationCost& operation) { return operation.energy_pj > 0; };
  const auto is_taken = [](const StorageLevel& level) {
    return level.read_energy_pj_per_bit > 0 || level.write_energy_pj_per_bit > 0;
  };
  return std::any_of(architecture.operations.begin(), architecture.operations.end(), is_stated) ||
         std::any_of(architecture.levels.begin(), architecture.levels.end(), is_taken) ||
         architecture.movement.link_energy_pj_per_bit_hop > 0;
}

}  // namespace imbrex::bit_serial
