// imbrex.partition.weight-duplication: spends the units that one copy of the network leaves free on
// more copies of its slow operators ("wdup+x", specification clsa-cim section 5). Copies share work
// and never repeat it: they change times alone, so that short times are what every objective of the
// recipe asks for.
#include "duplication_solvers.hpp"

#include <imbrex/plugin.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace imbrex::duplication {
namespace {

// In the order of kSolvers.
enum class Solver : std::uint8_t { bottleneck_stop, bottleneck_skip, min_sum_dp, min_sum_greedy };
constexpr std::string_view kSolvers[] = {"bottleneck-stop", "bottleneck-skip", "min-sum-dp",
                                         "min-sum-greedy"};
// In the order of imbrex::Dealing.
constexpr std::string_view kDealings[] = {"round-robin", "strip-w", "strip-h"};

struct Config {
  Solver solver = Solver::bottleneck_skip;
  Dealing dealing = Dealing::round_robin;
};

constexpr ParamSpec kParams[] = {
    choice<&Config::solver>(
        "solver",
        "bottleneck-stop: a copy for the slowest operator until its copy does not fit, optimal for "
        "the "
        "slowest; bottleneck-skip: then for the slowest that fits; min-sum-dp: least sum of "
        "latencies, "
        "exact; min-sum-greedy: the same, by largest gain per unit. Copies change times only, "
        "whatever the recipe's objective. Default as in the CLSA-CIM authors' follow-up (CIMFlow)",
        kSolvers),
    choice<&Config::dealing>(
        "dealing",
        "How the jobs of an operator are shared by its copies: in turn, or as strips of columns or "
        "of rows (which ends streaming). Default round-robin: it comes closest to the paper's "
        "figures",
        kDealings),
};

class WeightDuplication final : public Partitioner {
 public:
  WeightDuplication(const Config& config, const Context& context)
      : config_(config), host_(context.host) {}

  void partition(Design& design, Evaluator& evaluator) override {
    totals_ = {};
    const std::set<std::int32_t> segments = segments_of(design, evaluator.cost());
    is_cut_ = segments.size() > 1;
    design.forget_dealt_orders();
    for (const std::int32_t segment : segments) {
      duplicate(design, segment, evaluator);
    }
    design.timeline().reset();
    evaluator.statistic("free_units", totals_.free_units);
    evaluator.statistic("free_units_used", totals_.used);
    evaluator.statistic("duplicated_operators", totals_.duplicated);
    evaluator.statistic("slowest_operator_ps", totals_.slowest_ps);
    evaluator.statistic("sum_of_operators_ps", totals_.sum_ps);
  }

 private:
  struct Totals {
    std::int64_t free_units = 0;  // over all segments
    std::int64_t used = 0;
    std::int64_t duplicated = 0;
    double slowest_ps = 0;
    double sum_ps = 0;
  };

  static std::set<std::int32_t> segments_of(const Design& design, const CostModel& cost) {
    std::set<std::int32_t> segments;
    for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
      if (cost.demand(operator_id(i)).mappable) {
        segments.insert(design.placement(operator_id(i)).segment);
      }
    }
    return segments;
  }

  // Segments are resident one after another, so each has the whole chip.
  void duplicate(Design& design, std::int32_t segment, const Evaluator& evaluator) {
    collect(design, segment, evaluator.cost());
    const std::int64_t free_units = free_units_of(evaluator.architecture(), segment);
    const std::vector<std::int64_t> copies = solve(free_units);
    totals_.free_units += free_units;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      Placement& placement = design.placement(ids_[i]);
      placement.copies = copies[i];
      placement.dealing = config_.dealing;
      totals_.used += (copies[i] - 1) * layers_[i].units;
      totals_.duplicated += copies[i] > 1 ? 1 : 0;
      const double share_ps =
          static_cast<double>(layers_[i].latency) / static_cast<double>(copies[i]);
      totals_.slowest_ps = std::max(totals_.slowest_ps, share_ps);
      totals_.sum_ps += share_ps;
    }
  }

  // What one copy of each mapped operator owns and takes; copies beyond its positions would idle.
  void collect(const Design& design, std::int32_t segment, const CostModel& cost) {
    layers_.clear();
    ids_.clear();
    for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
      const OperatorId id = operator_id(i);
      const Demand demand = cost.demand(id);
      if (!demand.mappable || design.placement(id).segment != segment) {
        continue;
      }
      const Operator& op = design.workload().at(id);
      const LoopBounds& bounds = op.bounds;
      // Jobs that wait for one another gain nothing from a second copy.
      const std::int64_t positions =
          op.chain ? 1 : bounds[Dim::N] * bounds[Dim::P] * bounds[Dim::Q];
      ids_.push_back(id);
      layers_.push_back({demand.units, latency_of_one_copy(design, id, cost),
                         std::max<std::int64_t>(1, positions)});
    }
  }

  static std::int64_t latency_of_one_copy(const Design& design, OperatorId id,
                                          const CostModel& cost) {
    Placement single = design.placement(id);
    single.copies = 1;
    const Mapping mapping = design.mapping(id)
                                ? *design.mapping(id)
                                : cost.canonical_mapping(id, single, {JobShape::Kind::layer});
    LayerCost latency;
    cost.evaluate(id, single, {&mapping, 1}, {&latency, 1});
    if (latency.verdict != Verdict::feasible) {
      throw InfeasibleError("operator '" + design.workload().at(id).name +
                            "' has no legal mapping on this architecture");
    }
    return latency.latency_ps;
  }

  std::int64_t free_units_of(const Architecture& architecture, std::int32_t segment) const {
    const ResourcePool& pool = architecture.resources.front();
    std::int64_t needed = 0;
    for (const Layer& layer : layers_) {
      needed += layer.units;
    }
    if (needed > pool.count) {
      const std::string who = is_cut_ ? "segment " + std::to_string(segment) : "the network";
      throw InfeasibleError("one copy of " + who + " needs " + std::to_string(needed) + " " +
                            std::string(pool.name) + "s, the chip has " +
                            std::to_string(pool.count) + ": " +
                            std::to_string(needed - pool.count) + " too few");
    }
    return pool.count - needed;
  }

  std::vector<std::int64_t> solve(std::int64_t extra) const {
    namespace duplication = duplication;
    switch (config_.solver) {
      case Solver::bottleneck_stop:
        return duplication::bottleneck_stop(layers_, extra);
      case Solver::bottleneck_skip:
        return duplication::bottleneck_skip(layers_, extra);
      case Solver::min_sum_greedy:
        return duplication::min_sum_greedy(layers_, extra);
      case Solver::min_sum_dp:
        break;
    }
    return duplication::min_sum_dp(layers_, extra, [this] {
      if (host_ != nullptr && host_->cancelled()) {
        throw CancelledError();
      }
    });
  }

  Config config_;
  Host* host_;
  std::vector<OperatorId> ids_;
  std::vector<Layer> layers_;
  Totals totals_;
  bool is_cut_ = false;
};

constexpr FactSpec kFacts[] = {
    {"free_units", "unit", "Resources beyond one copy of the network, over all segments"},
    {"free_units_used", "unit", "Those of them that further copies took"},
    {"duplicated_operators", "operator", "Operators with several copies"},
    {"slowest_operator_ps", "ps",
     "The longest latency of an operator, divided evenly among its copies"},
    {"sum_of_operators_ps", "ps",
     "Sum of the latencies of all operators, each divided evenly among its copies"},
};

constexpr Component kComponents[] = {
    component<WeightDuplication, Config>(
        "imbrex.partition.weight-duplication",
        "More copies of slow operators on the units that one copy of the network leaves free",
        kParams)
        .requires_of_design(Trait::copies | Trait::weight_stationary)
        .provides(Trait::placements)
        .states(kFacts)
        .cites(
            "Pelke et al., CLSA-CIM, DATE 2024, arXiv:2401.07671; greedy solver: CIMFlow, ACM TECS "
            "24(5s), 2025")};

}  // namespace

IMBREX_PLUGIN("imbrex.partition.weight-duplication", "0.1.0", "Weight duplication", "Apache-2.0",
              kComponents)

}  // namespace imbrex::duplication
