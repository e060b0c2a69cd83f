#include "language/tile_spans.hpp"

#include <imbrex/values/work_graph.hpp>

#include <algorithm>
#include <map>
#include <vector>

namespace imbrex {
namespace {

// Mapped operators of a design with how many bits each makes, and whose output reaches whom.
class Reach {
 public:
  Reach(const Design& design, const CostModel& cost)
      : design_(design), cost_(cost), behind_(design.workload().operators().size()) {}

  // Calls pair(producer, consumer), ordered by consumer, then producer; pairs of two segments are
  // left out. What is behind a tensor is forgotten behind its last reader: a residual stream has
  // the square of its layers in pairs, and never more than a few layers' lists at a time.
  template <class Pair>
  void for_each_pair(const Pair& pair) {
    const Workload& workload = design_.workload();
    for (const OperatorId id : behind_.ids()) {
      std::vector<OperatorId> mine = behind_operands(workload.at(id));
      if (cost_.demand(id).mappable) {
        const std::int32_t segment = design_.placement(id).segment;
        for (const OperatorId producer : mine) {
          if (design_.placement(producer).segment == segment) {
            pair(producer, id);
          }
        }
        mine.assign(1, id);
      }
      behind_[id] = std::move(mine);
      forget_operands(id);
    }
  }

 private:
  std::vector<OperatorId> behind_operands(const Operator& op) const {
    std::vector<OperatorId> mine;
    std::vector<OperatorId> both;
    for (const TensorId input : op.inputs) {
      const OperatorId producer = design_.workload().at(input).producer;
      if (producer != OperatorId::none) {
        const std::vector<OperatorId>& theirs = behind_[producer];
        both.clear();
        std::set_union(mine.begin(), mine.end(), theirs.begin(), theirs.end(),
                       std::back_inserter(both));
        mine.swap(both);
      }
    }
    return mine;
  }

  void forget_operands(OperatorId id) {
    const Workload& workload = design_.workload();
    for (const TensorId input : workload.at(id).inputs) {
      const OperatorId producer = workload.at(input).producer;
      if (producer != OperatorId::none && workload.uses(input).back().consumer == id) {
        std::vector<OperatorId>().swap(behind_[producer]);
      }
    }
  }

  const Design& design_;
  const CostModel& cost_;
  IndexVector<OperatorId, std::vector<OperatorId>> behind_;
};

std::int64_t output_bits(const Workload& workload, OperatorId id) noexcept {
  const Tensor& sent = workload.at(workload.at(id).output);
  return sent.shape.elements() * sent.bits_per_element;
}

// The cost model knows that no transfer of this design takes energy.
bool transfers_are_free(const Workload& workload, const CostModel& cost) {
  std::int64_t most_bits = 0;
  for (std::size_t i = 0; i < workload.operators().size(); ++i) {
    most_bits = std::max(most_bits, output_bits(workload, operator_id(i)));
  }
  return cost.most_transfer(most_bits).energy_pj == 0;
}

OperatorSpan reach_of(std::span<const OperatorId> mapped) noexcept {
  return mapped.empty() ? OperatorSpan{}
                        : OperatorSpan{index(mapped.front()), index(mapped.back()) + 1};
}

std::vector<OperatorId> mapped_operators(const Workload& workload, const CostModel& cost) {
  std::vector<OperatorId> mapped;
  for (std::size_t i = 0; i < workload.operators().size(); ++i) {
    if (cost.demand(operator_id(i)).mappable) {
      mapped.push_back(operator_id(i));
    }
  }
  return mapped;
}

}  // namespace

TileSpans::TileSpans(const Design& design, const Machine& machine,
                     std::span<const OperatorId> mapped)
    : grid_(machine.architecture().grid), spans_(reach_of(mapped)) {
  const Architecture& architecture = machine.architecture();
  const std::int64_t per_tile =
      architecture.resources.empty() ? 1 : architecture.resources.front().per_tile;
  std::map<std::int32_t, std::int64_t> next_units;  // every segment has the chip for itself
  for (const OperatorId id : mapped) {
    const Placement& placement = design.placement(id);
    std::int64_t& next_unit = next_units[placement.segment];
    const std::int64_t units =
        std::max<std::int64_t>(1, owned_units(placement, machine.cost().demand(id)));
    const std::int64_t first = placement.first_unit >= 0 ? placement.first_unit : next_unit;
    spans_[id] = tile_span(grid_, first / per_tile, (first + units - 1) / per_tile);
    next_unit = first + units;
  }
}

Transfer TileSpans::farthest(OperatorId producer, OperatorId consumer) const noexcept {
  const auto at = [this](OperatorId id) {
    return spans_.span().holds(id) ? spans_[id] : TileSpan{};
  };
  const auto [from, to] = farthest_tiles(grid_, at(producer), at(consumer));
  return {producer, consumer, from, to, 0};
}

Transfer transfer_between(const Design& design, const Machine& machine, OperatorId producer,
                          OperatorId consumer) {
  return TileSpans(design, machine, mapped_operators(design.workload(), machine.cost()))
      .farthest(producer, consumer);
}

double transfer_energy_pj(const Design& design, const Machine& machine) {
  const Workload& workload = design.workload();
  if (transfers_are_free(workload, machine.cost())) {
    return 0;
  }
  const TileSpans spans(design, machine, mapped_operators(workload, machine.cost()));
  constexpr std::size_t kBatch = 1024;
  std::vector<Transfer> batch;
  std::vector<TransferCost> costs(kBatch);
  double total = 0;
  const auto charge = [&] {
    const std::span<TransferCost> out = std::span(costs).first(batch.size());
    machine.cost().transfer(batch, out);
    for (const TransferCost& one : out) {
      total += one.energy_pj;
    }
    batch.clear();
  };
  Reach(design, machine.cost()).for_each_pair([&](OperatorId producer, OperatorId consumer) {
    batch.push_back(spans.farthest(producer, consumer));
    batch.back().bits = output_bits(workload, producer);
    if (batch.size() == kBatch) {
      charge();
    }
  });
  charge();
  return total;
}

}  // namespace imbrex
