#include "segment_memory.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/extents/bounded_times.hpp>
#include <imbrex/toolkit/nests/counts.hpp>
#include <imbrex/values/floor_plan.hpp>
#include <imbrex/values/work_order.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace imbrex::loop_nest {
namespace {

// Bits that stages of the segment hand over through the buffer.
std::int64_t bits_through_buffer(const Workload& workload, const FloorPlan* plan) {
  std::int64_t bits = 0;
  for (std::size_t i = 0; plan != nullptr && i < plan->hand_overs.size(); ++i) {
    const HandOver& hand_over = plan->hand_overs[i];
    if (hand_over.pattern == FlowPattern::global_buffer) {
      const Operator& producer = workload.at(hand_over.producer);
      bits += hand_over.words * workload.at(producer.output).bits_per_element;
    }
  }
  return bits;
}

// One port for both ways: reads and writes add up, after the latency of the first word.
std::int64_t time_ps(const StorageLevel& storage, double read_bits, double write_bits) {
  const auto instances = static_cast<double>(storage.instances);
  double ps = read_bits > 0 ? static_cast<double>(storage.access_ps) : 0;
  ps += storage.read_bits_per_ps > 0 ? read_bits / (storage.read_bits_per_ps * instances) : 0;
  ps += storage.write_bits_per_ps > 0 ? write_bits / (storage.write_bits_per_ps * instances) : 0;
  // Rates come from divisions; what they are off must not cost a picosecond.
  return extents::ceil_ps(ps * (1 - 1e-12));
}

double energy_pj(const StorageLevel& storage, double read_bits, double write_bits) {
  return read_bits * storage.read_energy_pj_per_bit + write_bits * storage.write_energy_pj_per_bit;
}

}  // namespace

Hierarchy inside_elements(const Hierarchy& hierarchy, std::size_t shared) {
  Hierarchy inside = hierarchy;
  for (std::size_t l = 0; l < shared; ++l) {
    Level& level = inside.levels[l];
    level.read_bits_per_cycle = level.write_bits_per_cycle = 0;
    level.read_energy_pj_per_bit = level.write_energy_pj_per_bit = 0;
    level.access_cycles = 0;
  }
  return inside;
}

SegmentMemoryModel::SegmentMemoryModel(const Workload& workload, const Architecture& architecture,
                                       segments::LayerSequence layers, const Hierarchy& hierarchy,
                                       const std::vector<Problem>& problems)
    : workload_(workload),
      architecture_(architecture),
      layers_(std::move(layers)),
      traffic_(workload, layers_.operators),
      spans_(traffic_, architecture.replacement.retained_bits),
      hierarchy_(hierarchy),
      problems_(problems),
      shared_(shared_levels(hierarchy, architecture.resources.front().count)) {}

SegmentOverhead SegmentMemoryModel::charge(const segments::LayerBits& traffic,
                                           std::int64_t handed_bits, const Again& again) const {
  SegmentOverhead overhead;
  overhead.weight_bits = traffic.weight_bits + again.weights;
  overhead.load_bits = traffic.load_bits + again.data;
  overhead.store_bits = traffic.store_bits;
  const auto in = static_cast<double>(overhead.weight_bits + overhead.load_bits);
  const auto out = static_cast<double>(traffic.store_bits);
  overhead.external_ps = time_ps(architecture_.levels[0], in, out);
  overhead.energy_pj = energy_pj(architecture_.levels[0], in, out);
  for (std::size_t l = 1; l < shared_; ++l) {
    // Time at the port to the elements; energy also on the side of the external traffic.
    const auto handed = static_cast<double>(handed_bits);
    const auto read = in + static_cast<double>(traffic.retained_in_bits) + handed;
    const auto written = out + static_cast<double>(traffic.retained_out_bits) + handed;
    overhead.buffer_ps =
        std::max(overhead.buffer_ps, time_ps(architecture_.levels[l], read, written));
    overhead.energy_pj += energy_pj(architecture_.levels[l], read + out, written + in);
  }
  return overhead;
}

bool SegmentMemoryModel::is_refetched(std::size_t role) const noexcept {
  for (std::size_t l = 1; l < shared_; ++l) {
    if ((hierarchy_.levels[l].keep & keep_bit(role)) != 0) {
      return (hierarchy_.levels[l].refetch & keep_bit(role)) != 0;
    }
  }
  return false;
}

bool SegmentMemoryModel::comes_from(TensorId tensor, const Design& design,
                                    std::int32_t segment) const {
  const OperatorId producer = workload_.at(tensor).producer;
  if (producer == OperatorId::none) {
    return false;
  }
  if (problems_[index(producer)].mappable) {
    return design.placement(producer).segment == segment;
  }
  const Operator& movement = workload_.at(producer);
  return std::any_of(movement.inputs.begin(), movement.inputs.end(),
                     [&](TensorId input) { return comes_from(input, design, segment); });
}

SegmentMemoryModel::Again SegmentMemoryModel::fetched_again(const Design& design,
                                                            std::int32_t segment) const {
  Again again;
  for (std::size_t i = 0; hierarchy_.refetches && i < layers_.operators.size(); ++i) {
    const OperatorId id = layers_.operators[i];
    const Operator& op = workload_.at(id);
    if (design.placement(id).segment != segment || !design.mapping(id)) {
      continue;
    }
    const Problem& problem = problems_[index(id)];
    AllWords words;
    const NestCounts counts = count(problem, hierarchy_, *design.mapping(id), &words);
    for (const Role role : {Role::weights, Role::inputs}) {
      const std::size_t r = index(role);
      const bool constant = role == Role::weights && op.stationary_weights;
      const std::size_t operand = role == Role::weights ? 1 : 0;
      if (counts.verdict != Verdict::feasible || !is_refetched(r) ||
          (!constant &&
           (operand >= op.inputs.size() || comes_from(op.inputs[operand], design, segment)))) {
        continue;
      }
      const auto once = static_cast<double>(counts.tensor[0][r].tile_words);
      const double bits = (words[0][r].read - once) * static_cast<double>(problem.bits[r]);
      (constant ? again.weights : again.data) += bits > 0 ? std::llround(bits) : 0;
    }
  }
  return again;
}

// Most segments are spans, and those are known fast.
segments::LayerBits SegmentMemoryModel::traffic_of(const Design& design,
                                                   std::int32_t segment) const {
  const std::span<const OperatorId> layers = layers_.operators;
  const auto is_mine = [&](OperatorId id) { return design.placement(id).segment == segment; };
  const auto begin = std::find_if(layers.begin(), layers.end(), is_mine);
  const auto end = std::find_if_not(begin, layers.end(), is_mine);
  if (begin != end && std::none_of(end, layers.end(), is_mine)) {
    return spans_.of({static_cast<std::int32_t>(begin - layers.begin()),
                      static_cast<std::int32_t>(end - layers.begin())});
  }
  std::vector<std::int32_t> segment_of;
  segment_of.reserve(layers.size());
  for (const OperatorId id : layers) {
    segment_of.push_back(design.placement(id).segment);
  }
  return traffic_.of(segment_of, segment, architecture_.replacement.retained_bits);
}

SegmentOverhead SegmentMemoryModel::overhead(const Design& design, std::int32_t segment) const {
  return charge(traffic_of(design, segment),
                bits_through_buffer(workload_, floor_plan_of(design.floor_plans(), segment)),
                fetched_again(design, segment));
}

SegmentOverhead SegmentMemoryModel::estimate(UnitSpan span) const {
  return charge(spans_.of(span), 0, {});
}

}  // namespace imbrex::loop_nest
