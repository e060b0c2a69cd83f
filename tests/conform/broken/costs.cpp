// Cost models of crossbars that break one law each. Honest, a position of an output takes a
// picosecond, whatever the crossbars, and copies share positions.
#include "fakes/cost_model.hpp"

#include <imbrex/plugin.hpp>
#include <imbrex/values/segments.hpp>

#include <atomic>
#include <limits>
#include <stdexcept>
#include <vector>

namespace {

using imbrex::Mapping;
using imbrex::OperatorId;
using imbrex::Placement;

enum class Fault : std::uint8_t {
  none,
  demand,
  negative_delay,
  nan_energy,
  unwritten,
  canonical,
  uncovered,
  latency,
  bound,
  batch,
  transfer,
  shortfall,
  energy,
  space,
  undeclared_space,
  huge,
  allocates,
  segments,
};

imbrex::MapSpaceSpec space_of(const imbrex::Operator& op) {
  imbrex::MapSpaceSpec spec;
  spec.bounds = op.bounds;
  imbrex::MapSlot slot;
  slot.name = "time";
  slot.outer = true;
  spec.slots = {slot};
  return spec;
}

template <Fault F>
class Cost : public imbrex::test::FakeCostModel {
 public:
  Cost(const imbrex::NoConfig&, const imbrex::Context& context) : FakeCostModel(*context.workload) {
    gives_energy = F == Fault::energy;
    movement_delay_ps = F == Fault::negative_delay ? -7 : 0;
    transfer_cost = {F == Fault::transfer ? 5 : 0, 0};
    named_most = imbrex::TransferCost{0, 0};
    writes_costs = F != Fault::unwritten;
    if (F == Fault::canonical) {
      canonical = [honest = canonical](const imbrex::Operator& op, const imbrex::JobShape& shape) {
        Mapping mapping = honest(op, shape);
        mapping.job_extent[imbrex::index(imbrex::Dim::P)] = 0;
        return mapping;
      };
    }
  }

  imbrex::Demand demand(OperatorId op) const override {
    imbrex::Demand demand = FakeCostModel::demand(op);
    demand.weight_bits = F == Fault::demand ? ++asked : 0;
    if (F == Fault::huge && workload().at(op).bounds.macs() > (std::int64_t{1} << 50)) {
      throw std::overflow_error("too many for me");
    }
    return demand;
  }

  void evaluate(OperatorId op, const Placement& placement, std::span<const Mapping> mappings,
                std::span<imbrex::LayerCost> out) const override {
    for (std::size_t i = 0; i < mappings.size() && F != Fault::unwritten; ++i) {
      out[i] = cost_of(op, placement, mappings[i]);
      out[i].latency_ps += F == Fault::batch && i == 1 ? 1 : 0;
    }
  }

  std::optional<imbrex::Shortfall> shortfall(OperatorId, const Placement&,
                                             const Mapping&) const override {
    return F == Fault::shortfall ? std::optional(imbrex::Shortfall{"bank", "row", 3, 2})
                                 : std::nullopt;
  }

  imbrex::MapSpaceSpec map_space(OperatorId op, const Placement&) const override {
    if (F != Fault::space && F != Fault::undeclared_space) {
      return {};
    }
    imbrex::MapSpaceSpec spec = space_of(workload().at(op));
    spec.bounds[imbrex::Dim::K] += F == Fault::space ? 1 : 0;
    return spec;
  }

  void evaluate_segments(const imbrex::UnitSequence& units, std::span<const imbrex::UnitSpan> spans,
                         std::span<imbrex::SegmentCost> out) const override {
    if (F != Fault::segments) {
      return FakeCostModel::evaluate_segments(units, spans, out);
    }
    std::int64_t number = 0;
    for (imbrex::SegmentCost& cost : out) {
      cost = {imbrex::Verdict::feasible, ++number};
    }
  }

  std::int64_t lower_bound_ps(OperatorId op, const Placement&) const override {
    return F == Fault::bound ? clock_of(op).duration_ps(workload().at(op).bounds.whole()) + 1 : 0;
  }

 private:
  imbrex::LayerCost cost_of(OperatorId id, const Placement& placement,
                            const Mapping& mapping) const {
    if (F == Fault::allocates) {
      const std::vector<Mapping> copies(3, mapping);
      return cost_of_copy(id, placement, copies.back());
    }
    return cost_of_copy(id, placement, mapping);
  }
  imbrex::LayerCost cost_of_copy(OperatorId id, const Placement& placement,
                                 const Mapping& mapping) const {
    const imbrex::Operator& op = workload().at(id);
    const bool legal = imbrex::mapping_verdict(op, mapping) == imbrex::Verdict::feasible;
    if (!legal) {
      return {F == Fault::uncovered ? imbrex::Verdict::feasible : imbrex::Verdict::infeasible, 1};
    }
    const auto latency_ps =
        imbrex::longest_server_ps(op, mapping, placement.copies, placement.dealing, clock_of(id));
    if (!latency_ps) {
      return {imbrex::Verdict::unsupported};
    }
    const double energy_pj = F == Fault::nan_energy ? std::numeric_limits<double>::quiet_NaN()
                             : F == Fault::energy   ? 1
                                                    : 0;
    return {imbrex::Verdict::feasible, *latency_ps + (F == Fault::latency ? 1 : 0), energy_pj};
  }

  mutable std::atomic<std::int64_t> asked{0};
};

template <Fault F>
consteval imbrex::Component plain(std::string_view id) {
  return imbrex::component<Cost<F>, imbrex::NoConfig>(id, "Breaks one law", {})
      .requires_of_design(imbrex::Trait::crossbars);
}
template <Fault F>
consteval imbrex::Component copied(std::string_view id) {
  return plain<F>(id).provides(imbrex::Trait::copies);
}

constexpr imbrex::Component kComponents[] = {
    copied<Fault::none>("broken.cost.none"),
    copied<Fault::demand>("broken.cost.demand"),
    copied<Fault::negative_delay>("broken.cost.negative-delay"),
    copied<Fault::nan_energy>("broken.cost.nan-energy"),
    copied<Fault::unwritten>("broken.cost.unwritten"),
    copied<Fault::canonical>("broken.cost.canonical"),
    copied<Fault::uncovered>("broken.cost.uncovered"),
    copied<Fault::latency>("broken.cost.latency"),
    copied<Fault::bound>("broken.cost.bound"),
    copied<Fault::batch>("broken.cost.batch"),
    copied<Fault::transfer>("broken.cost.transfer"),
    copied<Fault::shortfall>("broken.cost.shortfall"),
    copied<Fault::energy>("broken.cost.energy"),
    plain<Fault::none>("broken.cost.undeclared-copies"),
    copied<Fault::space>("broken.cost.space")
        .provides(imbrex::Trait::copies | imbrex::Trait::map_space),
    copied<Fault::undeclared_space>("broken.cost.undeclared-space"),
    copied<Fault::none>("broken.cost.declared-space")
        .provides(imbrex::Trait::copies | imbrex::Trait::map_space),
    copied<Fault::huge>("broken.cost.huge"),
    copied<Fault::allocates>("broken.cost.allocates"),
    copied<Fault::segments>("broken.cost.segments")};

}  // namespace

IMBREX_PLUGIN("broken.costs", "1.0.0", "Cost models that break one law each", "MIT", kComponents)
