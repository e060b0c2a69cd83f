// imbrex.partition.bank-slices: every operator gets banks of its own, so that operators may run at
// the same time (specification fast-overlapim sections 1.4, 7.9 and 9). Slices bound how long an
// operator takes, whatever the recipe's objective is; its energy is decided by the mapping that a
// search finds for the slice.
#include "slice_packing.hpp"

#include <imbrex/plugin.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

namespace imbrex::bank_slices {
namespace {

using bank_slices::CostTable;
using bank_slices::Memory;

// In the order of kPolicies.
enum class Policy : std::uint8_t { equal, macs, latency };
constexpr std::string_view kPolicies[] = {"equal", "macs", "latency"};

struct Config {
  Policy policy = Policy::latency;
};

constexpr ParamSpec kParams[] = {
    choice<&Config::policy>(
        "policy",
        "equal: slices of one size; macs: in proportion to multiply-accumulates, the operator with "
        "most of them per bank grows next; latency: the operator whose canonical mapping takes "
        "longest on its slice grows next, whatever the recipe's objective: energy is the mapping's "
        "to save. The papers do not say; default latency: it bounds the slowest stage of an "
        "overlapped network",
        kPolicies),
};

class BankSlices final : public Partitioner {
 public:
  BankSlices(const Config& config, const Context& context) : config_(config), host_(context.host) {}

  void partition(Design& design, Evaluator& evaluator) override {
    const Memory memory = memory_of(evaluator.architecture());
    std::set<std::int32_t> segments;
    for (const OperatorId id : mapped(design, evaluator.cost())) {
      segments.insert(design.placement(id).segment);
    }
    totals_ = {};
    design.forget_dealt_orders();
    for (const std::int32_t segment : segments) {
      partition_segment(design, segment, memory, evaluator);
    }
    design.timeline().reset();
    evaluator.statistic("units_total", memory.channels * memory.banks);
    evaluator.statistic("units_used", totals_.most_units);
    evaluator.statistic("largest_slice", totals_.largest);
    evaluator.statistic("smallest_slice", totals_.smallest);
    evaluator.statistic("slowest_operator_ps", totals_.slowest_ps);
    evaluator.statistic("sum_of_operators_ps", totals_.sum_ps);
  }

 private:
  struct Totals {
    std::int64_t most_units = 0;  // of a segment
    std::int64_t largest = 0;
    std::int64_t smallest = 0;
    std::int64_t slowest_ps = 0;
    std::int64_t sum_ps = 0;
  };

  static Memory memory_of(const Architecture& architecture) {
    const TileGridShape& grid = architecture.grid;
    if (architecture.resources.empty() ||
        architecture.resources.front().count != grid.rows * grid.columns) {
      throw InputError(
          "imbrex.partition.bank-slices needs an architecture with one bank per place of its grid, "
          "channels as rows; '" +
          std::string(architecture.name) + "' is none");
    }
    return {grid.rows, grid.columns};
  }

  static std::vector<OperatorId> mapped(const Design& design, const CostModel& cost) {
    std::vector<OperatorId> ids;
    for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
      if (cost.demand(operator_id(i)).mappable) {
        ids.push_back(operator_id(i));
      }
    }
    return ids;
  }

  void partition_segment(Design& design, std::int32_t segment, const Memory& memory,
                         Evaluator& evaluator) {
    std::vector<OperatorId> ids = mapped(design, evaluator.cost());
    std::erase_if(ids, [&](OperatorId id) { return design.placement(id).segment != segment; });
    const CostTable latency = latencies(design, ids, memory, evaluator);
    const auto chosen = choose(latency, design, ids, memory);
    if (!chosen) {
      throw InfeasibleError(shortfall(latency, design, ids, memory, evaluator));
    }
    place(design, ids, *chosen, memory);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto ps = static_cast<std::int64_t>(latency[i][(*chosen)[i]]);
      totals_.slowest_ps = std::max(totals_.slowest_ps, ps);
      totals_.sum_ps += ps;
    }
  }

  // Of the mapping each operator would run with: infinite where the slice is too small for it.
  CostTable latencies(const Design& design, std::span<const OperatorId> ids, const Memory& memory,
                      Evaluator& evaluator) {
    const std::vector<std::int64_t> sizes = bank_slices::slice_sizes(memory);
    CostTable table(ids.size());
    misfits_.assign(ids.size(), {});
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (host_ != nullptr && host_->cancelled()) {
        throw CancelledError();
      }
      give_up_early(design, ids[i], sizes, evaluator);
      for (const std::int64_t size : sizes) {
        table[i].push_back(latency_ps(design, ids[i], size, evaluator, misfits_[i]));
      }
    }
    return table;
  }

  // The first part of a message; what would help comes behind and depends on the size.
  static std::string_view reason_of(std::string_view message) noexcept {
    return message.substr(0, message.find("; "));
  }

  // What the smallest and the largest slice refuse for the same reason is no matter of size, and
  // asking all sizes would take long.
  // Errors: InfeasibleError with that reason.
  static void give_up_early(const Design& design, OperatorId id,
                            std::span<const std::int64_t> sizes, Evaluator& evaluator) {
    std::string largest;
    if (!std::isinf(latency_ps(design, id, sizes.back(), evaluator, largest)) || largest.empty()) {
      return;
    }
    std::string smallest;
    for (const std::int64_t size : sizes) {
      if (size >= evaluator.cost().demand(id).units) {
        latency_ps(design, id, size, evaluator, smallest);
        break;
      }
    }
    if (reason_of(smallest) == reason_of(largest)) {
      throw InfeasibleError(largest + "; all of the memory is not enough");
    }
  }

  static double latency_ps(const Design& design, OperatorId id, std::int64_t units,
                           Evaluator& evaluator, std::string& misfit) {
    const CostModel& cost = evaluator.cost();
    if (units < cost.demand(id).units) {
      return INFINITY;
    }
    Placement placement = design.placement(id);
    placement.units = units;
    try {
      const Mapping mapping =
          design.mapping(id) ? *design.mapping(id)
                             : cost.canonical_mapping(id, placement, evaluator.request().shape);
      LayerCost layer;
      evaluator.score_layer(id, placement, {&mapping, 1}, {&layer, 1});
      return layer.verdict == Verdict::feasible ? static_cast<double>(layer.latency_ps) : INFINITY;
    } catch (const InfeasibleError& error) {
      misfit = error.what();
      return INFINITY;
    }
  }

  std::optional<std::vector<std::size_t>> choose(const CostTable& latency, const Design& design,
                                                 std::span<const OperatorId> ids,
                                                 const Memory& memory) const {
    if (config_.policy == Policy::equal) {
      return bank_slices::equal(latency, memory);
    }
    if (config_.policy == Policy::latency) {
      return bank_slices::balanced(latency, memory);
    }
    const std::vector<std::int64_t> sizes = bank_slices::slice_sizes(memory);
    CostTable macs = latency;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const double total = static_cast<double>(design.workload().at(ids[i]).macs());
      for (std::size_t s = 0; s < sizes.size(); ++s) {
        macs[i][s] = latency[i][s] < INFINITY ? total / static_cast<double>(sizes[s]) : INFINITY;
      }
    }
    return bank_slices::balanced(macs, memory);
  }

  void place(Design& design, std::span<const OperatorId> ids, std::span<const std::size_t> chosen,
             const Memory& memory) {
    const std::vector<std::int64_t> all = bank_slices::slice_sizes(memory);
    std::vector<std::int64_t> sizes;
    for (const std::size_t size : chosen) {
      sizes.push_back(all[size]);
    }
    const auto first = bank_slices::pack(sizes, memory);
    IMBREX_ASSERT(first.has_value());
    std::int64_t used = 0;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      Placement& placement = design.placement(ids[i]);
      placement.units = sizes[i];
      placement.first_unit = (*first)[i];
      used += sizes[i];
      totals_.largest = std::max(totals_.largest, sizes[i]);
      totals_.smallest = totals_.smallest == 0 ? sizes[i] : std::min(totals_.smallest, sizes[i]);
    }
    totals_.most_units = std::max(totals_.most_units, used);
  }

  // An operator that fits on no slice, or how many banks the smallest slices take together.
  std::string shortfall(const CostTable& latency, const Design& design,
                        std::span<const OperatorId> ids, const Memory& memory,
                        Evaluator& evaluator) const {
    const std::vector<std::int64_t> sizes = bank_slices::slice_sizes(memory);
    const std::int64_t total = memory.channels * memory.banks;
    std::int64_t needed = 0;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto runs = std::find_if(latency[i].begin(), latency[i].end(),
                                     [](double ps) { return ps < INFINITY; });
      if (runs == latency[i].end()) {
        return misfits_[i].empty() ? "operator '" + design.workload().at(ids[i]).name + "' needs " +
                                         std::to_string(evaluator.cost().demand(ids[i]).units) +
                                         " banks or a mapping that fits; all " +
                                         std::to_string(total) + " banks are not enough"
                                   : misfits_[i] + "; all of the memory is not enough";
      }
      needed += sizes[static_cast<std::size_t>(runs - latency[i].begin())];
    }
    const std::string who = std::to_string(ids.size()) + " operators need banks of their own, " +
                            std::to_string(needed) + " at least; the memory has " +
                            std::to_string(total);
    const std::string lever = "; add stacks, channels or banks, or cut the network into segments";
    return needed > total
               ? who + ": " + std::to_string(needed - total) + " too few" + lever
               : who + ", but slices do not cross channels and " + std::to_string(memory.banks) +
                     " banks per channel leave gaps" + lever;
  }

  Config config_;
  Host* host_;
  Totals totals_;
  std::vector<std::string> misfits_;  // per operator: why the last slice it failed on is too small
};

constexpr FactSpec kFacts[] = {
    {"units_total", "bank", "Banks of the memory"},
    {"units_used", "bank", "Banks owned by operators, of the segment that owns most"},
    {"largest_slice", "bank", "The largest slice"},
    {"smallest_slice", "bank", "The smallest slice"},
    {"slowest_operator_ps", "ps", "The longest latency of an operator on its slice"},
    {"sum_of_operators_ps", "ps", "Sum of the latencies of all operators on their slices"},
};

constexpr Component kComponents[] = {
    component<BankSlices, Config>("imbrex.partition.bank-slices",
                                  "Disjoint rectangles of channels and banks, one per operator",
                                  kParams)
        .requires_of_design(Trait::bit_serial_banks | Trait::weight_stationary)
        .provides(Trait::placements)
        .states(kFacts)
        .cites("Wang et al., Fast-OverlaPIM, arXiv:2407.00604 (layers in different memory "
               "locations; the rule is ours)")};

}  // namespace

IMBREX_PLUGIN("imbrex.partition.bank-slices", "0.1.0", "Slices of memory banks", "Apache-2.0",
              kComponents)

}  // namespace imbrex::bank_slices
