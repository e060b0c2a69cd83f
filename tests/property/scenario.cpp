#include "scenario.hpp"

#include <algorithm>
#include <sstream>

namespace imbrex::property {
namespace {

JobShape random_shape(Random& random) {
  JobShape shape;
  shape.kind = static_cast<JobShape::Kind>(random.below(5));
  shape.height = random.between(1, 4);
  shape.width = random.between(1, 4);
  return shape;
}

// Outer loops in any order over any dimension, temporal or spatial, with imperfect factors.
Mapping random_mapping(const LoopBounds& bounds, Random& random) {
  Mapping mapping;
  mapping.job_extent = bounds.bound;
  const std::int64_t loops = random.between(0, 4);
  for (std::int64_t i = 0; i < loops; ++i) {
    Loop loop;
    loop.dim = static_cast<Dim>(random.below(kDimCount));
    loop.kind = random.below(3) == 0 ? LoopKind::spatial : LoopKind::temporal;
    std::int64_t& extent = mapping.job_extent[index(loop.dim)];
    loop.bound = random.between(1, std::min<std::int64_t>(extent, 4));
    extent = ceil_div(extent, loop.bound);
    mapping.loops[mapping.count++] = loop;
  }
  mapping.outer = mapping.count;
  return mapping;
}

}  // namespace

Scenario make_scenario(std::uint64_t number, const ScenarioOptions& options) {
  Random random(kSeed, number);
  Scenario scenario;
  scenario.number = number;
  scenario.graph = random_graph(random);
  scenario.workload = std::make_shared<const Workload>(build_workload(scenario.graph));
  scenario.cost = std::make_unique<TestCostModel>(*scenario.workload);
  scenario.design = std::make_unique<Design>(scenario.workload);
  scenario.shape = random_shape(random);
  if (!options.unit_durations) {
    scenario.cost->randomise(random, options.delays);
  }
  scenario.cost->servers_in_lock_step = options.random_mappings && random.below(2) == 0;
  for (std::size_t i = 0; i < scenario.workload->operators().size(); ++i) {
    const OperatorId op = operator_id(i);
    if (!scenario.workload->at(op).has_macs()) {
      continue;
    }
    if (options.random_mappings && random.below(3) > 0) {
      scenario.design->mapping(op) = random_mapping(scenario.workload->at(op).bounds, random);
    } else {
      scenario.design->placement(op).copies = random.between(1, options.max_copies);
      scenario.design->placement(op).dealing = static_cast<Dealing>(random.below(3));
    }
  }
  return scenario;
}

Analysis Scenario::simulate(std::int64_t buffer_bytes) const {
  AnalyzerOptions with_buffer = options();
  with_buffer.buffer_bytes = buffer_bytes;
  return analyze("imbrex.overlap.simulator", with_buffer, *design, architecture, *cost);
}

std::string Scenario::description() const {
  std::ostringstream text;
  text << "seed " << kSeed << ", scenario " << number << ", granularity "
       << static_cast<int>(shape.kind) << ' ' << shape.height << 'x' << shape.width
       << (cost->servers_in_lock_step ? ", lock-step" : "") << '\n'
       << graph.to_string();
  for (std::size_t i = 0; i < workload->operators().size(); ++i) {
    const Placement& placement = design->placement(operator_id(i));
    text << 'n' << i + 1 << ": copies " << placement.copies << " dealing "
         << static_cast<int>(placement.dealing) << " duration " << cost->per_position_ps[i]
         << " delay " << cost->movement_delay_ps[i]
         << (design->mapping(operator_id(i)) ? " mapped" : "") << '\n';
  }
  return text.str();
}

}  // namespace imbrex::property
