#include "scenario.hpp"

#include "problems.hpp"
#include "random_nest.hpp"

#include <imbrex/values/work_graph.hpp>

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

// Durations in [1, 5] per position; delays in [0, 7] with many zeros, and transfers whose delays
// differ from pair to pair.
void randomise(test::FakeCostModel& cost, const Workload& workload, bool delays, Random& random) {
  const std::size_t count = workload.operators().size();
  for (std::size_t i = 0; i < count; ++i) {
    cost.clocks[operator_id(i)] = {0, random.between(1, 5)};
    if (delays && random.below(2) == 0) {
      cost.movement_delays[operator_id(i)] = random.between(1, 7);
    }
  }
  const std::int64_t factor_ps = delays ? random.between(0, 3) : 0;
  for (std::size_t from = 0; from < count; ++from) {
    for (std::size_t to = 0; to < count; ++to) {
      cost.transfer_delays[{operator_id(from), operator_id(to)}] =
          factor_ps * static_cast<std::int64_t>((from + 2 * to) % 4);
    }
  }
}

// Mapped operators in workload order, each in the segment of the one before or in the next.
void add_segments(Scenario& scenario, std::int64_t max_segments, Random& random) {
  std::int32_t segment = 0;
  bool first = true;
  for (std::size_t i = 0; i < scenario.workload->operators().size(); ++i) {
    if (!scenario.workload->operators()[i].has_macs()) {
      continue;
    }
    segment += !first && segment + 1 < max_segments && random.below(2) == 0 ? 1 : 0;
    first = false;
    scenario.design->placement(operator_id(i)).segment = segment;
  }
  for (std::int32_t s = 0; s <= segment; ++s) {
    SegmentOverhead overhead;
    overhead.weight_load_ps = random.below(4) == 0 ? 0 : random.between(1, 60);
    overhead.weight_write_ps = random.below(4) == 0 ? 0 : random.between(1, 20);
    overhead.data_ps = random.below(4) == 0 ? 0 : random.between(1, 60);
    overhead.load_bits = random.between(0, 30);
    overhead.store_bits = random.between(0, 30);
    overhead.external_ps = random.below(3) > 0 ? 0 : random.between(1, 400);
    overhead.buffer_ps = random.below(3) > 0 ? 0 : random.between(1, 400);
    scenario.cost->overheads.push_back(overhead);
  }
}

// Rows outermost, channels on servers of their own, so that chains hold servers up.
Mapping chain_mapping(const LoopBounds& bounds, Random& random) {
  Mapping mapping;
  mapping.job_extent = bounds.bound;
  const auto add = [&](Dim dim, LoopKind kind, std::int64_t bound) {
    mapping.loops[mapping.count++] = {dim, kind, 0, bound};
    mapping.job_extent[index(dim)] = ceil_div(mapping.job_extent[index(dim)], bound);
  };
  add(Dim::P, LoopKind::temporal, bounds[Dim::P]);
  add(Dim::G, LoopKind::spatial, random.between(1, bounds[Dim::G]));
  add(Dim::K, LoopKind::spatial, random.between(1, bounds[Dim::K]));
  add(Dim::C, LoopKind::temporal, random.between(1, bounds[Dim::C]));
  mapping.outer = mapping.count;
  return mapping;
}

void chain_some(GraphSpec& graph, Random& random) {
  for (Node& node : graph.nodes) {
    node.row_chain = node.is_base() && random.below(2) == 0;
  }
}

void map_chains(Scenario& scenario, Random& random) {
  for (std::size_t i = 0; i < scenario.workload->operators().size(); ++i) {
    const OperatorId op = operator_id(i);
    if (scenario.workload->at(op).chain) {
      scenario.design->placement(op) = Placement{scenario.design->placement(op).segment};
      scenario.design->mapping(op) = chain_mapping(scenario.workload->at(op).bounds, random);
    }
  }
}

// One plan per segment on an array of random links.
void add_floor_plans(Scenario& scenario, Random& random) {
  const auto stages = static_cast<std::int32_t>(scenario.work_graph().mapped().size());
  const SpatialLayout size = random_layout(stages, random);
  scenario.architecture.grid = {size.rows, size.columns};
  ElementLinks& links = scenario.architecture.links;
  links.word_bits = 8;
  links.topology = static_cast<TopologyKind>(random.below(4));
  links.express_length = 2;
  links.words_per_ps = 1.0 / static_cast<double>(random.between(1, 3));
  links.hop_ps = random.between(0, 4);
  FloorPlans plans;
  for (const std::int32_t segment : segment_numbers(*scenario.design, *scenario.cost)) {
    const WorkGraph graph(*scenario.design, scenario.machine(), {scenario.shape}, segment);
    const auto mine = static_cast<std::int32_t>(graph.mapped().size());
    plans.push_back(random_plan(graph, data_pairs(graph),
                                random_layout(mine, size.rows, size.columns, random), random));
    plans.back().segment = segment;
  }
  scenario.design->set_floor_plans(std::move(plans));
}

// A loop nest of its own, or copies.
void decide_operators(Scenario& scenario, const ScenarioOptions& options, Random& random) {
  for (std::size_t i = 0; i < scenario.workload->operators().size(); ++i) {
    const OperatorId op = operator_id(i);
    if (!scenario.workload->at(op).has_macs()) {
      continue;
    }
    if (options.even_banks) {
      scenario.design->mapping(op) =
          test::random_nest(scenario.workload->at(op).bounds, {false, 2, 0.6}, random);
      scenario.cost->clocks[op] = {random.between(0, 9), random.between(0, 2)};
    } else if (options.random_mappings && random.below(3) > 0) {
      scenario.design->mapping(op) =
          test::random_outer_loops(scenario.workload->at(op).bounds, test::kEveryDim, random);
    } else {
      scenario.design->placement(op).copies = random.between(1, options.max_copies);
      scenario.design->placement(op).dealing = static_cast<Dealing>(random.below(3));
    }
  }
}

}  // namespace

Scenario make_scenario(std::uint64_t number, const ScenarioOptions& options) {
  Random random(kSeed, number);
  Scenario scenario;
  scenario.number = number;
  scenario.graph = random_graph(random);
  if (options.max_batch > 1) {
    scenario.graph.batch = random.between(1, options.max_batch);
  }
  if (options.chains) {
    chain_some(scenario.graph, random);
  }
  scenario.workload = std::make_shared<const Workload>(build_workload(scenario.graph));
  scenario.cost = std::make_unique<test::FakeCostModel>(*scenario.workload);
  scenario.design = std::make_unique<Design>(scenario.workload);
  scenario.shape = random_shape(random);
  if (!options.unit_durations) {
    randomise(*scenario.cost, *scenario.workload, options.delays, random);
  }
  scenario.cost->servers_in_lock_step =
      options.even_banks || (options.random_mappings && random.below(2) == 0);
  decide_operators(scenario, options, random);
  if (options.max_batch > 1) {
    scenario.shape.samples = random.between(0, 2);
  }
  if (options.max_segments > 1) {
    add_segments(scenario, options.max_segments, random);
    scenario.architecture.replacement.data_ps_per_bit = 1;
  }
  if (options.chains) {
    map_chains(scenario, random);
  }
  if (options.dealt_orders) {
    scenario.dealt = deal_at_random(*scenario.design, scenario.machine(), {scenario.shape},
                                    options.delays ? 7 : 0, random);
  }
  if (options.floor_plans) {
    add_floor_plans(scenario, random);
  }
  return scenario;
}

Analysis Scenario::simulate_resources() const {
  AnalyzerOptions on_resources = options();
  on_resources.segments = "resources";
  return analyze("imbrex.overlap.simulator", on_resources, *design, architecture, *cost);
}

Analysis Scenario::simulate(std::int64_t buffer_bytes) const {
  AnalyzerOptions with_buffer = options();
  with_buffer.buffer_bytes = buffer_bytes;
  return analyze("imbrex.overlap.simulator", with_buffer, *design, architecture, *cost);
}

std::string Scenario::description() const {
  std::ostringstream text;
  text << "seed " << kSeed << ", scenario " << number << ", granularity "
       << static_cast<int>(shape.kind) << ' ' << shape.height << 'x' << shape.width << ", batch "
       << graph.batch << " by " << shape.samples
       << (cost->servers_in_lock_step ? ", lock-step" : "") << '\n'
       << graph.to_string();
  for (std::size_t i = 0; i < workload->operators().size(); ++i) {
    const Placement& placement = design->placement(operator_id(i));
    text << 'n' << i + 1 << ": copies " << placement.copies << " dealing "
         << static_cast<int>(placement.dealing) << " duration "
         << cost->clock_of(operator_id(i)).per_position_ps << " delay "
         << cost->movement_ps(operator_id(i)) << " segment " << placement.segment
         << (design->mapping(operator_id(i)) ? " mapped" : "") << '\n';
  }
  return text.str();
}

}  // namespace imbrex::property
