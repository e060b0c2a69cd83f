// imbrex.cost.bit-serial: operators on banks that compute bit by bit on all lanes at once
// (specification fast-overlapim section 2.3). The model is in bit_serial_model.hpp; here it meets
// the framework.
#include "bit_serial_map_space.hpp"
#include "bit_serial_spread.hpp"

#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/mapspace/map_constraints.hpp>
#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/values/map_space_spec.hpp>
#include <imbrex/values/work_order.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace imbrex::bit_serial {
namespace {

using bit_serial::NestCost;
using bit_serial::PreparedOperator;

using Config = bit_serial::Options;

constexpr ParamSpec kParams[] = {
    param<&Config::double_buffering>(
        "double_buffering",
        "Whether a bank computes while its next input and last output move: a step takes the "
        "longest of the three instead of their sum, and input buffers count twice. Default false: "
        "row operations and column accesses share the sense amplifiers"),
    param<&Config::accumulator_bits>(
        "accumulator_bits",
        "Width of sums. Default 32: holds 65536 products of 8-bit operands; an assumption")
        .unit("bit")
        .range(1, 64),
    param<&Config::scratch_rows>(
        "scratch_rows",
        "Rows of every lane kept for intermediate results. Default 32: a 16-bit product and 16 "
        "compute rows, an assumption")
        .unit("row")
        .range(0, 1 << 24),
    param<&Config::imperfect>(
        "imperfect",
        "Whether loops over steps of a bank and over banks need not divide what is left for them: "
        "the last of them does less. Fits odd sizes better; the map space grows"),
    param<&Config::constraints>(
        "constraints",
        "What mappings must obey, one text per constraint, e.g. \"conv*: bank spatial dims = K\"; "
        "the forms are in the documentation of recipes"),
};

// How many mappings of the space are tried when no canonical one obeys the constraints.
constexpr int kConstrainedTries = 256;

class BitSerial final : public CostModel {
 public:
  BitSerial(const Config& config, const Context& context)
      : options_(config),
        workload_(*context.workload),
        architecture_(*context.architecture),
        hardware_(bit_serial::hardware_of(architecture_)),
        constraints_(config.constraints, workload_, bit_serial::slot_names()) {
    for (std::size_t i = 0; i < workload_.operators().size(); ++i) {
      operators_.push_back(bit_serial::prepare(workload_, operator_id(i), architecture_, options_));
    }
  }

  // At least the banks that hold the weights.
  Demand demand(OperatorId id) const noexcept override {
    if (!operators_[id].mappable) {
      return {};
    }
    const std::int64_t weight_bits = workload_.at(id).weight_bits();
    const std::int64_t bank_bits = hardware_.rows * hardware_.columns;
    return {true, std::max<std::int64_t>(1, ceil_div(weight_bits, bank_bits)), weight_bits};
  }

  bool models_energy() const override { return bit_serial::models_energy(architecture_); }

  void evaluate(OperatorId id, const Placement& placement, std::span<const Mapping> mappings,
                std::span<LayerCost> out) const override {
    const PreparedOperator& op = operators_[id];
    const bit_serial::Slice slice = slice_of(id, placement);
    for (std::size_t i = 0; i < mappings.size(); ++i) {
      Verdict verdict =
          op.mappable && placement.copies == 1 ? Verdict::feasible : Verdict::unsupported;
      if (verdict == Verdict::feasible) {
        verdict = mapping_verdict(workload_.at(id), mappings[i]);
      }
      out[i] = {verdict, 0, 0};
      if (verdict == Verdict::feasible) {
        const NestCost cost = bit_serial::cost_of(op, mappings[i], slice, hardware_, options_);
        out[i] = {cost.verdict, cost.latency_ps(), cost.energy_pj};
      }
    }
  }

  std::optional<Shortfall> shortfall(OperatorId id, const Placement& placement,
                                     const Mapping& mapping) const override {
    const PreparedOperator& op = operators_[id];
    if (!op.mappable || placement.copies != 1) {
      return std::nullopt;
    }
    return bit_serial::shortfall_of(op, mapping, slice_of(id, placement), hardware_, options_);
  }

  // The fastest of a fixed list of spreads that fits. A layer that does not fit as one job is cut
  // into rows. Where constraints rule out all of them, the fastest of a few of the space's mappings
  // whatever the shape of their jobs.
  // Errors: InfeasibleError when none does, saying how many rows are missing.
  Mapping canonical_mapping(OperatorId id, const Placement& placement,
                            const JobShape& shape) const override {
    Choice choice = fastest_spread(id, placement, shape);
    if (choice.latency_ps == INT64_MAX && shape.kind == JobShape::Kind::layer) {
      choice = fastest_spread(id, placement, {JobShape::Kind::row});
    }
    if (choice.latency_ps == INT64_MAX && constraints_.concern(workload_.at(id))) {
      choice = fastest_allowed(id, placement);
    }
    if (choice.latency_ps == INT64_MAX) {
      throw InfeasibleError(misfit(id, slice_of(id, placement), choice.fewest_rows));
    }
    return choice.mapping;
  }

  MapSpaceSpec map_space(OperatorId id, const Placement& placement) const override {
    const bit_serial::Slice slice = slice_of(id, placement);
    MapSpaceSpec spec = bit_serial::unconstrained_space(operators_[id].bounds, slice,
                                                        hardware_.columns, options_.imperfect);
    constraints_.apply(workload_.at(id), spec);
    return spec;
  }

  JobClock job_clock(OperatorId id, const Placement& placement,
                     const Mapping& mapping) const noexcept override {
    const NestCost cost =
        bit_serial::cost_of(operators_[id], mapping, slice_of(id, placement), hardware_, options_);
    return {cost.step_ps, 0, cost.completion_ps};
  }
  bool lock_step() const noexcept override { return true; }

  std::int64_t movement_ps(OperatorId) const noexcept override { return 0; }

  // The bits themselves pass while producer and consumer step (t_out, t_in); what is left is the
  // way of the first of them.
  void transfer(std::span<const Transfer> transfers, std::span<TransferCost> out) const override {
    const std::int64_t banks = architecture_.grid.columns;
    for (std::size_t i = 0; i < transfers.size(); ++i) {
      const Transfer& transfer = transfers[i];
      out[i] = {};
      if (transfer.from_tile == transfer.to_tile) {
        continue;
      }
      out[i].latency_ps = hardware_.access_ps;
      if (transfer.from_tile / banks != transfer.to_tile / banks) {
        out[i].latency_ps += architecture_.movement.link_hop_ps;
        out[i].energy_pj =
            static_cast<double>(transfer.bits) * architecture_.movement.link_energy_pj_per_bit_hop;
      }
    }
  }

  // To another channel.
  TransferCost most_transfer(std::int64_t bits) const override {
    const MovementCosts& costs = architecture_.movement;
    return {hardware_.access_ps + costs.link_hop_ps,
            static_cast<double>(bits) * costs.link_energy_pj_per_bit_hop};
  }

  // Every lane of the slice busy with MACs all the time.
  std::int64_t lower_bound_ps(OperatorId id, const Placement& placement) const noexcept override {
    const PreparedOperator& op = operators_[id];
    if (!op.mappable) {
      return 0;
    }
    const bit_serial::Slice slice = slice_of(id, placement);
    const std::int64_t lanes = slice.channels * slice.banks * hardware_.columns;
    const auto macs = static_cast<double>(ceil_div(op.bounds.macs(), lanes));
    return bounded_ps(static_cast<std::int64_t>(macs * op.work_share), op.mac.latency_ps);
  }

 private:
  struct Choice {
    Mapping mapping;
    std::int64_t latency_ps = INT64_MAX;   // stays when nothing fits
    std::int64_t fewest_rows = INT64_MAX;  // of a lane
  };

  Choice fastest_spread(OperatorId id, const Placement& placement, const JobShape& shape) const {
    const PreparedOperator& op = operators_[id];
    const bit_serial::Slice slice = slice_of(id, placement);
    std::optional<MapSpaceSpec> allowed;
    if (constraints_.concern(workload_.at(id))) {
      allowed = map_space(id, placement);
    }
    Choice choice;
    Choice across;  // second choice: banks that wait for one another at every step
    for (const bit_serial::Spread& spread : bit_serial::spreads()) {
      const Mapping mapping =
          bit_serial::spread_mapping(op, slice, hardware_.columns, shape, spread);
      if (!allowed || in_map_space(*allowed, mapping)) {
        Choice& which = op.chain && bit_serial::sums_across_banks(mapping) ? across : choice;
        consider(mapping, bit_serial::cost_of(op, mapping, slice, hardware_, options_), which);
      }
    }
    across.fewest_rows = std::min(across.fewest_rows, choice.fewest_rows);
    return choice.latency_ps == INT64_MAX ? across : choice;
  }

  static void consider(const Mapping& mapping, const NestCost& cost, Choice& choice) {
    choice.fewest_rows = std::min(choice.fewest_rows, cost.rows);
    if (cost.verdict == Verdict::feasible && cost.latency_ps() < choice.latency_ps) {
      choice.mapping = mapping;
      choice.latency_ps = cost.latency_ps();
    }
  }

  // Errors: InfeasibleError when the constraints leave no mapping, quoting the one to blame.
  Choice fastest_allowed(OperatorId id, const Placement& placement) const {
    const mapspace::MapSpace space(map_space(id, placement));
    if (space.empty()) {
      throw InfeasibleError("operator '" + workload_.at(id).name +
                            "' has no legal mapping: " + space.why_empty());
    }
    Random random(0, index(id));
    Choice choice;
    for (int i = 0; i < kConstrainedTries; ++i) {
      const Mapping mapping = space.sample(random);
      consider(mapping,
               bit_serial::cost_of(operators_[id], mapping, slice_of(id, placement), hardware_,
                                   options_),
               choice);
    }
    return choice;
  }

  bit_serial::Slice slice_of(OperatorId id, const Placement& placement) const noexcept {
    return bit_serial::slice_of(placement, demand(id).units, hardware_);
  }

  std::string misfit(OperatorId id, const bit_serial::Slice& slice, std::int64_t rows) const {
    return "operator '" + workload_.at(id).name + "' needs " + std::to_string(rows) +
           " rows per lane on " + std::to_string(slice.channels * slice.banks) +
           (slice.channels * slice.banks == 1 ? " bank" : " banks") + ", a bank has " +
           std::to_string(hardware_.rows) + ": " + std::to_string(rows - hardware_.rows) +
           " too few; give it more banks";
  }

  Config options_;
  const Workload& workload_;
  const Architecture& architecture_;
  bit_serial::Hardware hardware_;
  IndexVector<OperatorId, PreparedOperator> operators_;
  mapspace::MapConstraints constraints_;
};

constexpr Component kComponents[] = {
    component<BitSerial, Config>(
        "imbrex.cost.bit-serial",
        "Loop nests on banks that compute bit by bit, all lanes of a row at once", kParams)
        .requires_of_design(Trait::bit_serial_banks)
        .provides(Trait::map_space | Trait::energy)
        .cites("Wang et al., Fast-OverlaPIM, arXiv:2407.00604")};

}  // namespace

IMBREX_PLUGIN("imbrex.cost.bit-serial", "0.1.0", "Cost of layers on bit-serial memory banks",
              "Apache-2.0", kComponents)

}  // namespace imbrex::bit_serial
