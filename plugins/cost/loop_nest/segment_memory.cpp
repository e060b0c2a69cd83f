#include "segment_memory.hpp"

#include <imbrex/error.hpp>
#include <imbrex/floor_plan.hpp>
#include <imbrex/segment_memory.hpp>

#include <algorithm>
#include <cmath>

namespace imbrex::loop_nest {
namespace {

PipelineProblem layers_of(const Workload& workload, const std::vector<Problem>& problems) {
  std::vector<OperatorId> mapped;
  for (std::size_t i = 0; i < problems.size(); ++i) {
    if (problems[i].mappable) {
      mapped.push_back(operator_id(i));
    }
  }
  return pipeline_problem(workload, mapped);
}

std::int64_t total_bits(const Workload& workload, TensorId tensor) {
  return workload.at(tensor).shape.elements() * workload.at(tensor).bits_per_element;
}

// Part of what an operator reads that elements hand to it; the rest comes from the buffer.
double handed_part(const Workload& workload, const FloorPlan* plan, OperatorId id) {
  std::int64_t words = 0;
  for (std::size_t i = 0; plan != nullptr && i < plan->hand_overs.size(); ++i) {
    const HandOver& hand_over = plan->hand_overs[i];
    const bool direct = hand_over.pattern != FlowPattern::global_buffer;
    words += direct && hand_over.consumer == id ? hand_over.words : 0;
  }
  const auto all =
      static_cast<double>(workload.at(workload.at(id).inputs.front()).shape.elements());
  return std::min(1.0, static_cast<double>(words) / all);
}

// Whether somebody takes the result from the buffer or the external memory.
bool leaves(const PipelineProblem& layers, const Design& design, const FloorPlan* plan,
            OperatorId id) {
  const auto direct = [&](OperatorId consumer) {
    return plan != nullptr &&
           std::any_of(plan->hand_overs.begin(), plan->hand_overs.end(), [&](const HandOver& h) {
             return h.producer == id && h.consumer == consumer &&
                    h.pattern != FlowPattern::global_buffer;
           });
  };
  const std::int32_t segment = design.placement(id).segment;
  const auto outside = [&](std::size_t consumer) {
    return consumer >= layers.operators.size() ||
           design.placement(layers.operators[consumer]).segment != segment ||
           !direct(layers.operators[consumer]);
  };
  const auto found = std::lower_bound(layers.operators.begin(), layers.operators.end(), id);
  const auto layer = static_cast<std::size_t>(found - layers.operators.begin());
  if (layer + 1 == layers.operators.size() ||
      (layers.layers[layer].joins_next && outside(layer + 1))) {
    return true;
  }
  return std::any_of(layers.skips.begin(), layers.skips.end(), [&](const SkipTensor& skip) {
    return static_cast<std::size_t>(skip.producer) == layer &&
           outside(static_cast<std::size_t>(skip.consumer));
  });
}

}  // namespace

std::size_t shared_levels(const Hierarchy& hierarchy, std::int64_t elements) noexcept {
  std::size_t shared = 1;
  while (shared + 1 < hierarchy.levels.size() && hierarchy.levels[shared].instances < elements) {
    ++shared;
  }
  return shared;
}

Hierarchy inside_elements(const Hierarchy& hierarchy, std::size_t shared) {
  Hierarchy inside = hierarchy;
  for (std::size_t l = 0; l < shared; ++l) {
    Level& level = inside.levels[l];
    level.read_bits_per_cycle = level.write_bits_per_cycle = 0;
    level.read_energy_pj_per_bit = level.write_energy_pj_per_bit = 0;
  }
  return inside;
}

SegmentMemoryModel::SegmentMemoryModel(const Workload& workload, const Architecture& architecture,
                                       const Hierarchy& hierarchy,
                                       const std::vector<Problem>& problems)
    : workload_(workload),
      architecture_(architecture),
      hierarchy_(hierarchy),
      problems_(problems),
      layers_(layers_of(workload, problems)),
      shared_(shared_levels(hierarchy, architecture.resources.front().count)) {}

// One port for both ways: reads and writes add up.
void SegmentMemoryModel::charge_level(std::size_t level, double read_bits, double write_bits,
                                      std::int64_t& time_ps, double& energy_pj) const {
  const StorageLevel& storage = architecture_.levels[level];
  const auto instances = static_cast<double>(storage.instances);
  double ps = 0;
  ps += storage.read_bits_per_ps > 0 ? read_bits / (storage.read_bits_per_ps * instances) : 0;
  ps += storage.write_bits_per_ps > 0 ? write_bits / (storage.write_bits_per_ps * instances) : 0;
  // Rates come from divisions; what they are off must not cost a picosecond.
  time_ps = std::max(time_ps, static_cast<std::int64_t>(std::ceil(ps * (1 - 1e-12))));
  energy_pj +=
      read_bits * storage.read_energy_pj_per_bit + write_bits * storage.write_energy_pj_per_bit;
}

SegmentOverhead SegmentMemoryModel::external(std::span<const std::int32_t> segment_of,
                                             std::int32_t segment) const {
  const SegmentMemory memory = segment_memory(workload_, layers_, segment_of, segment,
                                              architecture_.replacement.retained_bits);
  SegmentOverhead overhead;
  overhead.weight_bits = memory.weight_bits;
  overhead.load_bits = memory.load_bits;
  overhead.store_bits = memory.store_bits;
  charge_level(0, static_cast<double>(memory.weight_bits + memory.load_bits),
               static_cast<double>(memory.store_bits), overhead.external_ps, overhead.energy_pj);
  return overhead;
}

SegmentMemoryModel::Served SegmentMemoryModel::served(const Design& design, OperatorId id,
                                                      const Mapping& mapping,
                                                      std::size_t level) const {
  const FloorPlan* const plan = floor_plan_of(design.floor_plans(), design.placement(id).segment);
  const Problem& problem = problems_[index(id)];
  const NestCounts counts = count(problem, hierarchy_, mapping);
  const auto instances = static_cast<double>(counts.instances_used[level]);
  const auto& tensor = counts.tensor[level];
  const auto bits = [&](Role role, std::int64_t words) {
    return instances * static_cast<double>(words * problem.bits[index(role)]);
  };
  const auto& weights = tensor[index(Role::weights)];
  const auto& inputs = tensor[index(Role::inputs)];
  const auto& outputs = tensor[index(Role::outputs)];
  const double fetched = 1 - handed_part(workload_, plan, id);
  const auto result = static_cast<double>(total_bits(workload_, workload_.at(id).output));
  Served served;
  served.read_bits =
      bits(Role::weights, weights.reads) + fetched * bits(Role::inputs, inputs.reads);
  served.write_bits =
      bits(Role::weights, weights.fills) + fetched * bits(Role::inputs, inputs.fills);
  // Partial sums that come and go, whoever gets the finished ones.
  const double spilled = std::max(0.0, bits(Role::outputs, outputs.updates) - result);
  served.read_bits += spilled;
  served.write_bits += spilled;
  if (leaves(layers_, design, plan, id)) {
    served.read_bits += result;
    served.write_bits += result;
  }
  return served;
}

SegmentOverhead SegmentMemoryModel::overhead(const Design& design, std::int32_t segment,
                                             FunctionRef<Mapping(OperatorId)> mapping_of) const {
  std::vector<std::int32_t> segment_of;
  segment_of.reserve(layers_.operators.size());
  for (const OperatorId id : layers_.operators) {
    segment_of.push_back(design.placement(id).segment);
  }
  SegmentOverhead overhead = external(segment_of, segment);
  std::vector<Served> served_by(shared_);
  for (std::size_t i = 0; i < segment_of.size(); ++i) {
    if (segment_of[i] != segment) {
      continue;
    }
    const Mapping mapping = mapping_of(layers_.operators[i]);
    for (std::size_t level = 1; level < shared_; ++level) {
      const Served one = served(design, layers_.operators[i], mapping, level);
      served_by[level].read_bits += one.read_bits;
      served_by[level].write_bits += one.write_bits;
    }
  }
  for (std::size_t level = 1; level < shared_; ++level) {
    charge_level(level, served_by[level].read_bits, served_by[level].write_bits, overhead.buffer_ps,
                 overhead.energy_pj);
  }
  return overhead;
}

SegmentOverhead SegmentMemoryModel::estimate(std::size_t begin, std::size_t end) const {
  std::vector<std::int32_t> segment_of(layers_.operators.size(), 0);
  std::fill(segment_of.begin() + static_cast<std::ptrdiff_t>(begin),
            segment_of.begin() + static_cast<std::ptrdiff_t>(end), 1);
  SegmentOverhead overhead = external(segment_of, 1);
  const auto in = static_cast<double>(overhead.weight_bits + overhead.load_bits);
  const auto out = static_cast<double>(overhead.store_bits);
  for (std::size_t level = 1; level < shared_; ++level) {
    charge_level(level, in + out, in + out, overhead.buffer_ps, overhead.energy_pj);
  }
  return overhead;
}

}  // namespace imbrex::loop_nest
