// Cost models of crossbars that break one promise each; `fault` says which.
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

class Cost final : public imbrex::CostModel {
 public:
  Cost(const Config& config, const imbrex::Context& context)
      : fault_(config.fault), workload_(*context.workload), unit_(context.architecture->units[0]) {}

  imbrex::Demand demand(imbrex::OperatorId op) const override {
    const imbrex::Operator& layer = workload_.at(op);
    const std::int64_t units = imbrex::segments::crossbars_of_one_copy(layer, unit_);
    return {imbrex::segments::runs_on_crossbars(layer),
            fault_ == Fault::negative_demand ? -5 : units, layer.weight_bits()};
  }
  void evaluate(imbrex::OperatorId op, const imbrex::Placement&,
                std::span<const imbrex::Mapping> mappings,
                std::span<imbrex::LayerCost> out) const override {
    for (std::size_t i = 0; i < mappings.size(); ++i) {
      const imbrex::LoopBounds& bounds = workload_.at(op).bounds;
      out[i].latency_ps = kPositionPs * bounds[imbrex::Dim::P] * bounds[imbrex::Dim::Q];
      out[i].energy_pj = 5;
      if (fault_ == Fault::negative_latency) {
        out[i].latency_ps = -1;
      } else if (fault_ == Fault::nan_energy) {
        out[i].energy_pj = std::numeric_limits<double>::quiet_NaN();
      } else if (fault_ == Fault::negative_energy) {
        out[i].energy_pj = -2.5;
      }
    }
  }
  bool models_energy() const override { return true; }
  imbrex::Mapping canonical_mapping(imbrex::OperatorId op, const imbrex::Placement&,
                                    const imbrex::JobShape& shape) const override {
    imbrex::Mapping mapping = imbrex::segments::crossbar_mapping(workload_.at(op).bounds, shape);
    if (fault_ == Fault::uncovered_mapping) {
      mapping.job_extent[imbrex::index(imbrex::Dim::K)] = 1;
    }
    return mapping;
  }
  imbrex::JobClock job_clock(imbrex::OperatorId op, const imbrex::Placement&,
                             const imbrex::Mapping&) const override {
    switch (fault_) {
      case Fault::negative_clock:
        return {0, -3, 0};
      case Fault::huge_clock:
        return {std::int64_t{1} << 62, 0, 0};
      case Fault::negative_completion:
        return {0, kPositionPs, -1};
      case Fault::throws:
        if (op == imbrex::operator_id(2)) {
          throw std::out_of_range("no clock for operator 2");
        }
        break;
      default:
        break;
    }
    return {0, kPositionPs, 0};
  }
  bool lock_step() const noexcept override { return false; }
  std::int64_t movement_ps(imbrex::OperatorId) const override {
    return fault_ == Fault::negative_delay ? -7 : 0;
  }
  void transfer(std::span<const imbrex::Transfer> transfers,
                std::span<imbrex::TransferCost> out) const override {
    for (std::size_t i = 0; i < transfers.size(); ++i) {
      out[i] = {};
      if (fault_ == Fault::negative_transfer) {
        out[i].latency_ps = -1'000'000'000;
      } else if (fault_ == Fault::huge_transfer) {
        out[i].latency_ps = std::numeric_limits<std::int64_t>::max() - 1;
      }
    }
  }
  std::int64_t lower_bound_ps(imbrex::OperatorId, const imbrex::Placement&) const override {
    return 0;
  }
  imbrex::SegmentOverhead segment_overhead(const imbrex::Design&, std::int32_t) const override {
    imbrex::SegmentOverhead overhead;
    overhead.weight_load_ps = fault_ == Fault::negative_overhead ? -50 : 0;
    return overhead;
  }

 private:
  static constexpr std::int64_t kPositionPs = 1'400'000;

  Fault fault_;
  const imbrex::Workload& workload_;
  const imbrex::ComputeUnit& unit_;
};

constexpr imbrex::Component kComponents[] = {
    imbrex::component<Cost, Config>("test.cost.broken", "Breaks a promise of cost models", kParams)
        .requires_of_design(imbrex::Trait::crossbars)
        .provides(imbrex::Trait::copies | imbrex::Trait::energy)};

}  // namespace

IMBREX_PLUGIN("test.broken-cost", "1.0.0", "A cost model that breaks promises", "Apache-2.0",
              kComponents)
