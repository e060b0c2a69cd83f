// File: crossbar.cpp
//
// imbrex.cost.crossbar: every output position of an operator with constant weights is one
// matrix-vector product, all crossbars of a copy firing together (specification clsa-cim section
// 4). Everything else runs on the tiles' vector units and costs what the architecture says, by
// default nothing.
//
// Not modelled: adding the partial results of operators that span several crossbar rows, which the
// published figures take as free as well.
#include <imbrex/plugin.hpp>

#include <cmath>
#include <string>

namespace {

using imbrex::Dim;
using imbrex::JobClock;
using imbrex::JobShape;
using imbrex::LayerCost;
using imbrex::Mapping;
using imbrex::Operator;
using imbrex::OperatorId;
using imbrex::Placement;
using imbrex::Verdict;

using Config = imbrex::NoConfig;

class Crossbar final : public imbrex::CostModel {
 public:
  Crossbar(const Config&, const imbrex::Context& context)
      : workload_(*context.workload), architecture_(*context.architecture) {
    if (architecture_.units.empty() ||
        architecture_.units.front().kind != imbrex::UnitKind::crossbar) {
      throw imbrex::InputError(
          "imbrex.cost.crossbar needs an architecture that computes on crossbars; '" +
          std::string(architecture_.name) + "' does not");
    }
  }

  imbrex::Demand demand(OperatorId id) const noexcept override {
    const Operator& op = workload_.at(id);
    if (!imbrex::runs_on_crossbars(op)) {
      return {};
    }
    return {true, imbrex::crossbars_of_one_copy(op, unit()), op.weight_bits()};
  }

  void evaluate(OperatorId id, const Placement& placement, std::span<const Mapping> mappings,
                std::span<LayerCost> out) const override {
    for (std::size_t i = 0; i < mappings.size(); ++i) {
      out[i] = evaluate_one(id, placement, mappings[i]);
    }
  }

  Mapping canonical_mapping(OperatorId id, const Placement&, const JobShape& shape) const override {
    return imbrex::crossbar_mapping(workload_.at(id).bounds, shape);
  }

  JobClock job_clock(OperatorId, const Placement&, const Mapping&) const noexcept override {
    return {0, unit().operation_ps};
  }
  bool lock_step() const noexcept override { return false; }

  std::int64_t movement_ps(OperatorId id) const noexcept override {
    return imbrex::runs_on_crossbars(workload_.at(id)) ? 0
                                                       : architecture_.movement.vector_operation_ps;
  }

  void transfer(std::span<const imbrex::Transfer> transfers,
                std::span<imbrex::TransferCost> out) const override {
    const imbrex::MovementCosts& costs = architecture_.movement;
    for (std::size_t i = 0; i < transfers.size(); ++i) {
      const std::int64_t hops = hop_count(transfers[i].from_tile, transfers[i].to_tile);
      const double bits = static_cast<double>(transfers[i].bits);
      std::int64_t latency_ps = costs.buffer_access_ps + hops * costs.link_hop_ps;
      if (hops > 0 && costs.link_bits_per_ps > 0) {
        latency_ps += static_cast<std::int64_t>(std::ceil(bits / costs.link_bits_per_ps));
      }
      out[i] = {latency_ps, bits * static_cast<double>(hops) * costs.link_energy_pj_per_bit_hop};
    }
  }

  // The positions cannot be shared more evenly than this, and each takes one product.
  std::int64_t lower_bound_ps(OperatorId id, const Placement& placement) const noexcept override {
    const Operator& op = workload_.at(id);
    if (!imbrex::runs_on_crossbars(op)) {
      return 0;
    }
    return imbrex::ceil_div(positions(op), placement.copies) * unit().operation_ps;
  }

 private:
  const imbrex::ComputeUnit& unit() const noexcept { return architecture_.units.front(); }

  static std::int64_t positions(const Operator& op) noexcept {
    return op.bounds[Dim::N] * op.bounds[Dim::P] * op.bounds[Dim::Q];
  }

  LayerCost evaluate_one(OperatorId id, const Placement& placement, const Mapping& mapping) const {
    const Operator& op = workload_.at(id);
    if (!imbrex::runs_on_crossbars(op)) {
      return {Verdict::unsupported, 0, 0};
    }
    const Verdict verdict = imbrex::mapping_verdict(op, mapping);
    if (verdict != Verdict::feasible) {
      return {verdict, 0, 0};
    }
    // One more server is one more copy of the weights, and those the placement counts.
    for (const imbrex::Loop& loop : mapping.outer_loops()) {
      if (loop.kind == imbrex::LoopKind::spatial && loop.bound > 1) {
        return {Verdict::unsupported, 0, 0};
      }
    }
    const std::optional<std::int64_t> latency_ps = imbrex::longest_server_ps(
        op, mapping, placement.copies, placement.dealing, job_clock(id, placement, mapping));
    if (!latency_ps) {
      return {Verdict::unsupported, 0, 0};
    }
    return {Verdict::feasible, *latency_ps, energy_pj(op, mapping)};
  }

  // Work is shared by copies, never repeated; only a mapping that splits a product repeats it.
  double energy_pj(const Operator& op, const Mapping& mapping) const noexcept {
    const std::int64_t crossbars = imbrex::crossbars_of_one_copy(op, unit());
    double products = static_cast<double>(positions(op));
    for (const Dim dim : {Dim::G, Dim::K, Dim::C, Dim::R, Dim::S}) {
      products *=
          static_cast<double>(imbrex::ceil_div(op.bounds[dim], mapping.job_extent[index(dim)]));
    }
    return products * static_cast<double>(crossbars) * unit().operation_energy_pj;
  }

  std::int64_t hop_count(std::int64_t from, std::int64_t to) const noexcept {
    const std::int64_t columns = architecture_.grid.columns;
    return std::abs(from / columns - to / columns) + std::abs(from % columns - to % columns);
  }

  const imbrex::Workload& workload_;
  const imbrex::Architecture& architecture_;
};

constexpr imbrex::Component kComponents[] = {
    imbrex::component<Crossbar, Config>(
        "imbrex.cost.crossbar",
        "One matrix-vector product per output position, all crossbars of a copy in parallel", {})
        .requires_of_design(imbrex::Trait::crossbars)
        .provides(imbrex::Trait::copies)
        .cites("Pelke et al., CLSA-CIM, DATE 2024, arXiv:2401.07671; specification section 4")};

}  // namespace

IMBREX_PLUGIN("imbrex.cost.crossbar", "0.1.0", "Cost of layers on crossbars", "Apache-2.0",
              kComponents)
