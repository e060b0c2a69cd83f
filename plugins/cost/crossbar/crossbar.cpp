// imbrex.cost.crossbar: every output position of an operator with constant weights is one
// matrix-vector product, all crossbars of a copy firing together (specification clsa-cim section
// 4). Everything else runs on the tiles' vector units and costs what the architecture says, by
// default nothing.
//
// Not modelled: adding the partial results of operators that span several crossbar rows, which the
// published figures take as free as well.
#include "segment_estimate.hpp"
#include "segment_overhead.hpp"

#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/extents/bounded_times.hpp>
#include <imbrex/toolkit/segments/crossbar.hpp>
#include <imbrex/values/work_order.hpp>

#include <cmath>
#include <string>

namespace imbrex::crossbar_cost {
namespace {

// In the order of kReplications.
constexpr std::string_view kReplications[] = {"exact", "heap"};

struct Config {
  crossbar_cost::Replication replication = crossbar_cost::Replication::exact;
  std::int64_t most_copies = 4;
  double spare_margin = 0.5;
};

constexpr ParamSpec kParams[] = {
    choice<&Config::replication>(
        "segment_replication",
        "How many copies estimates of a segment assume. exact: the fewest that make its slowest "
        "operator fastest; heap: PIMCOMP's balance, a copy for the slowest until it does not fit. "
        "Default exact: it is never worse",
        kReplications),
    param<&Config::most_copies>(
        "segment_copies",
        "Most copies of an operator that those estimates assume; 0: no limit. Default 4: fits the "
        "COMPASS paper's throughputs best, whose cores share a bus")
        .range(0, 1 << 30),
    param<&Config::spare_margin>(
        "segment_spare",
        "heap only: crossbars that stay free, as a multiple of those of operators with more than "
        "one position. Default 0.5: PIMCOMP")
        .range(0, 1e6),
};

class Crossbar final : public CostModel {
 public:
  Crossbar(const Config& config, const Context& context)
      : workload_(*context.workload),
        architecture_(*context.architecture),
        replication_{config.replication, config.most_copies, config.spare_margin} {
    if (architecture_.units.empty() || architecture_.units.front().kind != UnitKind::crossbar) {
      throw InputError("imbrex.cost.crossbar needs an architecture that computes on crossbars; '" +
                       std::string(architecture_.name) + "' does not");
    }
  }

  Demand demand(OperatorId id) const noexcept override {
    const Operator& op = workload_.at(id);
    if (!segments::runs_on_crossbars(op)) {
      return {};
    }
    return {true, segments::crossbars_of_one_copy(op, unit()), op.weight_bits()};
  }

  bool models_energy() const override {
    const ReplacementCosts& replacement = architecture_.replacement;
    return unit().operation_energy_pj > 0 ||
           architecture_.movement.link_energy_pj_per_bit_hop > 0 ||
           replacement.weight_energy_pj_per_bit > 0 || replacement.data_energy_pj_per_bit > 0 ||
           replacement.bus_energy_pj_per_bit > 0 || replacement.static_power_pj_per_ps > 0;
  }

  void evaluate(OperatorId id, const Placement& placement, std::span<const Mapping> mappings,
                std::span<LayerCost> out) const override {
    for (std::size_t i = 0; i < mappings.size(); ++i) {
      out[i] = evaluate_one(id, placement, mappings[i]);
    }
  }

  Mapping canonical_mapping(OperatorId id, const Placement&, const JobShape& shape) const override {
    const Operator& op = workload_.at(id);
    return segments::crossbar_mapping(op.bounds, shape, op.chain);
  }

  JobClock job_clock(OperatorId, const Placement&, const Mapping&) const noexcept override {
    return {0, unit().operation_ps};
  }
  bool lock_step() const noexcept override { return false; }

  std::int64_t movement_ps(OperatorId id) const noexcept override {
    return segments::runs_on_crossbars(workload_.at(id))
               ? 0
               : architecture_.movement.vector_operation_ps;
  }

  void transfer(std::span<const Transfer> transfers, std::span<TransferCost> out) const override {
    for (std::size_t i = 0; i < transfers.size(); ++i) {
      out[i] =
          transfer_over(hop_count(transfers[i].from_tile, transfers[i].to_tile), transfers[i].bits);
    }
  }
  TransferCost most_transfer(std::int64_t bits) const override {
    return transfer_over(architecture_.grid.rows + architecture_.grid.columns, bits);
  }

  // The positions cannot be shared more evenly than this, and each takes one product.
  std::int64_t lower_bound_ps(OperatorId id, const Placement& placement) const noexcept override {
    const Operator& op = workload_.at(id);
    if (!segments::runs_on_crossbars(op)) {
      return 0;
    }
    return bounded_ps(ceil_div(positions(op), placement.copies), unit().operation_ps);
  }

  void evaluate_segments(const UnitSequence& units, std::span<const UnitSpan> spans,
                         std::span<SegmentCost> out) const override {
    estimates_.evaluate(units, spans, out);
  }
  void segment_copies(const UnitSequence& units, UnitSpan span,
                      std::span<std::int64_t> out) const override {
    crossbar_cost::copies(units, replication_, span, out);
  }
  SegmentOverhead segment_overhead(const Design& design, std::int32_t segment) const override {
    return traffic_.overhead(design, segment, architecture_);
  }

 private:
  const ComputeUnit& unit() const noexcept { return architecture_.units.front(); }

  static std::int64_t positions(const Operator& op) noexcept {
    return op.bounds[Dim::N] * op.bounds[Dim::P] * op.bounds[Dim::Q];
  }

  LayerCost evaluate_one(OperatorId id, const Placement& placement, const Mapping& mapping) const {
    const Operator& op = workload_.at(id);
    if (!segments::runs_on_crossbars(op)) {
      return {Verdict::unsupported, 0, 0};
    }
    const Verdict verdict = mapping_verdict(op, mapping);
    if (verdict != Verdict::feasible) {
      return {verdict, 0, 0};
    }
    // One more server is one more copy of the weights, and those the placement counts.
    for (const Loop& loop : mapping.outer_loops()) {
      if (loop.kind == LoopKind::spatial && loop.bound > 1) {
        return {Verdict::unsupported, 0, 0};
      }
    }
    const std::optional<std::int64_t> latency_ps = longest_server_ps(
        op, mapping, placement.copies, placement.dealing, job_clock(id, placement, mapping));
    if (!latency_ps) {
      return {Verdict::unsupported, 0, 0};
    }
    return {Verdict::feasible, *latency_ps, energy_pj(op, mapping)};
  }

  // Work is shared by copies, never repeated; only a mapping that splits a product repeats it.
  double energy_pj(const Operator& op, const Mapping& mapping) const noexcept {
    const std::int64_t crossbars = segments::crossbars_of_one_copy(op, unit());
    double products = static_cast<double>(positions(op));
    for (const Dim dim : {Dim::G, Dim::K, Dim::C, Dim::R, Dim::S}) {
      products *= static_cast<double>(ceil_div(op.bounds[dim], mapping.job_extent[index(dim)]));
    }
    return products * static_cast<double>(crossbars) * unit().operation_energy_pj;
  }

  TransferCost transfer_over(std::int64_t hops, std::int64_t bits) const noexcept {
    const MovementCosts& costs = architecture_.movement;
    const auto all = static_cast<double>(bits);
    std::int64_t latency_ps =
        bounded_sum_ps(costs.buffer_access_ps, bounded_ps(hops, costs.link_hop_ps));
    if (hops > 0 && costs.link_bits_per_ps > 0) {
      latency_ps = bounded_sum_ps(latency_ps, extents::ceil_ps(all / costs.link_bits_per_ps));
    }
    return {latency_ps, all * static_cast<double>(hops) * costs.link_energy_pj_per_bit_hop};
  }

  std::int64_t hop_count(std::int64_t from, std::int64_t to) const noexcept {
    const std::int64_t columns = architecture_.grid.columns;
    return std::abs(from / columns - to / columns) + std::abs(from % columns - to % columns);
  }

  const Workload& workload_;
  const Architecture& architecture_;
  crossbar_cost::ReplicationRule replication_;
  crossbar_cost::SegmentEstimates estimates_{workload_, architecture_, replication_};
  crossbar_cost::DesignTraffic traffic_;
};

constexpr Component kComponents[] = {
    component<Crossbar, Config>(
        "imbrex.cost.crossbar",
        "One matrix-vector product per output position, all crossbars of a copy in parallel",
        kParams)
        .requires_of_design(Trait::crossbars)
        .provides(Trait::copies | Trait::energy)
        .cites(
            "Pelke et al., CLSA-CIM, DATE 2024, arXiv:2401.07671; segments: Park et al., COMPASS, "
            "DATE 2025, arXiv:2501.06780")};

}  // namespace

IMBREX_PLUGIN("imbrex.cost.crossbar", "0.1.0", "Cost of layers on crossbars", "Apache-2.0",
              kComponents)

}  // namespace imbrex::crossbar_cost
