#include "problems/decisions.hpp"

#include <algorithm>
#include <memory>
#include <vector>

namespace imbrex::problems {
namespace {

DealtOrder dealt_at_random(const WorkOrder& order, const Mapping& mapping, std::int64_t most_ps,
                           Random& random) {
  std::vector<DealtJob> jobs;
  for (std::int64_t server = 0; server < order.server_count(); ++server) {
    for (std::int64_t step = 0; step < order.step_count(server); ++step) {
      if (!order.job(step, server).box.empty()) {
        jobs.push_back({step, server, random.between(0, most_ps), random.between(0, most_ps)});
      }
    }
  }
  random.shuffle(std::span(jobs));
  std::vector<std::vector<DealtJob>> servers(static_cast<std::size_t>(order.server_count()));
  for (const DealtJob& job : jobs) {
    servers[random.below(servers.size())].push_back(job);
  }
  DealtOrder dealt{mapping, {}, {0}};
  for (const std::vector<DealtJob>& mine : servers) {
    dealt.jobs.insert(dealt.jobs.end(), mine.begin(), mine.end());
    dealt.first_job.push_back(static_cast<std::int64_t>(dealt.jobs.size()));
  }
  return dealt;
}

}  // namespace

std::set<DataPair> data_pairs(const WorkGraph& graph) {
  std::set<DataPair> pairs;
  WorkGraph::Scratch scratch;
  std::vector<Source> sources;
  for (const OperatorId consumer : graph.mapped()) {
    sources.clear();
    graph.trace(consumer, graph.workload().at(consumer).bounds.whole(), scratch, sources);
    for (const Source& source : sources) {
      pairs.emplace(source.producer, consumer);
    }
  }
  return pairs;
}

SpatialLayout random_layout(std::int32_t stages, std::int32_t rows, std::int32_t columns,
                            Random& random) {
  SpatialLayout layout;
  layout.stages = stages;
  layout.rows = layout.cell_rows = rows;
  layout.columns = layout.cell_columns = columns;
  for (std::int32_t i = 0; i < rows * columns; ++i) {
    layout.stage_of.push_back(static_cast<std::int16_t>(i % stages));
  }
  random.shuffle(std::span(layout.stage_of));
  return layout;
}

SpatialLayout random_layout(std::int32_t stages, Random& random) {
  const auto rows = static_cast<std::int32_t>(random.between(1, 3));
  const std::int32_t least = (stages + rows - 1) / rows;
  const auto columns = std::max(2, static_cast<std::int32_t>(random.between(least, least + 3)));
  return random_layout(stages, rows, columns, random);
}

FloorPlan random_plan(const WorkGraph& graph, const std::set<DataPair>& pairs, SpatialLayout layout,
                      Random& random) {
  FloorPlan plan;
  plan.stages.assign(graph.mapped().begin(), graph.mapped().end());
  plan.layout = std::move(layout);
  for (const auto& [producer, consumer] : pairs) {
    for (std::uint64_t count = random.below(5) == 0 ? random.below(3) : 1; count > 0; --count) {
      plan.hand_overs.push_back({producer, consumer, static_cast<FlowPattern>(random.below(5)),
                                 random.between(1, 300), 1, 0});
    }
  }
  random.shuffle(std::span(plan.hand_overs));
  return plan;
}

std::size_t deal_at_random(Design& design, const Machine& machine, const AnalysisRequest& request,
                           std::int64_t most_ps, Random& random) {
  const WorkGraph graph(design, machine, request);
  std::size_t dealt = 0;
  for (const OperatorId op : graph.mapped()) {
    if (design.placement(op).copies == 1 && !design.workload().at(op).chain &&
        random.below(2) == 0) {
      design.set_dealt_order(op, std::make_shared<const DealtOrder>(dealt_at_random(
                                     graph.order(op), graph.mapping(op), most_ps, random)));
      ++dealt;
    }
  }
  return dealt;
}

}  // namespace imbrex::problems
