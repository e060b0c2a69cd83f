// Cost models of crossbars that break one promise each; `fault` says which.
#include "fakes/cost_model.hpp"

#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/segments/crossbar.hpp>

#include <limits>
#include <stdexcept>

namespace {

constexpr std::string_view kFaults[] = {"none",
                                        "negative-clock",
                                        "huge-clock",
                                        "negative-completion",
                                        "negative-delay",
                                        "negative-transfer",
                                        "huge-transfer",
                                        "nan-energy",
                                        "negative-energy",
                                        "negative-latency",
                                        "negative-demand",
                                        "uncovered-mapping",
                                        "throws",
                                        "negative-overhead"};
enum class Fault : std::uint8_t {
  none,
  negative_clock,
  huge_clock,
  negative_completion,
  negative_delay,
  negative_transfer,
  huge_transfer,
  nan_energy,
  negative_energy,
  negative_latency,
  negative_demand,
  uncovered_mapping,
  throws,
  negative_overhead,
};

struct Config {
  Fault fault = Fault::none;
};
constexpr imbrex::ParamSpec kParams[] = {
    imbrex::choice<&Config::fault>("fault", "The promise that is broken", kFaults)};

constexpr std::int64_t kPositionPs = 1'400'000;

// Honest but for the fault.
class Cost final : public imbrex::test::FakeCostModel {
 public:
  Cost(const Config& config, const imbrex::Context& context)
      : FakeCostModel(*context.workload),
        fault_(config.fault),
        unit_(context.architecture->units[0]) {
    gives_energy = true;
    clock = {0, kPositionPs, 0};
    spoil_times();
    spoil_what_surrounds_jobs();
    demand_of = [this](imbrex::OperatorId op) {
      const imbrex::Operator& one = workload().at(op);
      const std::int64_t units = imbrex::segments::crossbars_of_one_copy(one, unit_);
      return imbrex::Demand{imbrex::segments::runs_on_crossbars(one),
                            fault_ == Fault::negative_demand ? -5 : units, one.weight_bits()};
    };
    if (fault_ == Fault::uncovered_mapping) {
      canonical = [honest = canonical](const imbrex::Operator& op, const imbrex::JobShape& shape) {
        imbrex::Mapping mapping = honest(op, shape);
        mapping.job_extent[imbrex::index(imbrex::Dim::K)] = 1;
        return mapping;
      };
    }
  }

  void evaluate(imbrex::OperatorId op, const imbrex::Placement& placement,
                std::span<const imbrex::Mapping> mappings,
                std::span<imbrex::LayerCost> out) const override {
    FakeCostModel::evaluate(op, placement, mappings, out);
    for (imbrex::LayerCost& cost : out) {
      cost.energy_pj = energy_pj_;
      cost.latency_ps = fault_ == Fault::negative_latency ? -1 : cost.latency_ps;
    }
  }
  imbrex::JobClock job_clock(imbrex::OperatorId op, const imbrex::Placement& placement,
                             const imbrex::Mapping& mapping) const override {
    if (fault_ == Fault::throws && op == imbrex::operator_id(2)) {
      throw std::out_of_range("no clock for operator 2");
    }
    return fault_clock_.value_or(FakeCostModel::job_clock(op, placement, mapping));
  }

 private:
  void spoil_times() {
    switch (fault_) {
      case Fault::negative_clock:
        fault_clock_ = {0, -3, 0};
        return;
      case Fault::huge_clock:
        fault_clock_ = {std::int64_t{1} << 62, 0, 0};
        return;
      case Fault::negative_completion:
        fault_clock_ = {0, kPositionPs, -1};
        return;
      case Fault::nan_energy:
        energy_pj_ = std::numeric_limits<double>::quiet_NaN();
        return;
      case Fault::negative_energy:
        energy_pj_ = -2.5;
        return;
      default:
        return;
    }
  }
  void spoil_what_surrounds_jobs() {
    switch (fault_) {
      case Fault::negative_delay:
        movement_delay_ps = -7;
        return;
      case Fault::negative_transfer:
        transfer_cost.latency_ps = -1'000'000'000;
        return;
      case Fault::huge_transfer:
        transfer_cost.latency_ps = std::numeric_limits<std::int64_t>::max() - 1;
        return;
      case Fault::negative_overhead:
        overhead.weight_load_ps = -50;
        return;
      default:
        return;
    }
  }

  Fault fault_;
  const imbrex::ComputeUnit& unit_;
  double energy_pj_ = 5;
  std::optional<imbrex::JobClock> fault_clock_;
};

constexpr imbrex::Component kComponents[] = {
    imbrex::component<Cost, Config>("test.cost.broken", "Breaks a promise of cost models", kParams)
        .requires_of_design(imbrex::Trait::crossbars)
        .provides(imbrex::Trait::copies | imbrex::Trait::energy)};

}  // namespace

IMBREX_PLUGIN("test.broken-cost", "1.0.0", "A cost model that breaks promises", "Apache-2.0",
              kComponents)
