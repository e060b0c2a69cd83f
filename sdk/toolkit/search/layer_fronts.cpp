#include "search/layer_fronts.hpp"

#include <imbrex/toolkit/search/counted_layers.hpp>

#include <algorithm>

namespace imbrex::search {
namespace {

// Does the cost model say what was counted?
void confirm(LayerFront& layer, const Placement& placement, const CostModel& cost) {
  for (const optimum::FrontPoint& point : layer.front.points) {
    LayerCost said;
    cost.evaluate(layer.operators.front(), placement, {&point.mapping, 1}, {&said, 1});
    if (!is_same_cost(said, point.cost)) {
      layer.front.proved = false;
      layer.front.unproved = "the cost model counts otherwise than it says";
    }
  }
}

void find(LayerFront& layer, const Placement& placement, const Evaluator& evaluator,
          const optimum::Limits& limits) {
  if (!layer.unknown.empty()) {
    layer.front.unproved = layer.unknown;
    return;
  }
  const nests::Hierarchy hierarchy = counted_hierarchy(evaluator, layer.problem);
  layer.front = optimum::front(layer.space->spec(), layer.problem, hierarchy, limits);
  confirm(layer, placement, evaluator.cost());
}

}  // namespace

void add_layer(std::vector<LayerFront>& fronts, const Design& design, const Evaluator& evaluator,
               OperatorId op, const mapspace::MapSpace* space) {
  if (space == nullptr) {
    return;
  }
  LayerFront layer{{op}, space, nests::prepare(design.workload(), op), {}, {}};
  layer.unknown = not_countable(evaluator, design.placement(op));
  const auto same = std::find_if(fronts.begin(), fronts.end(), [&](const LayerFront& known) {
    return known.space == space && are_alike(known.problem, layer.problem) &&
           known.unknown == layer.unknown;
  });
  if (same != fronts.end()) {
    same->operators.push_back(op);
  } else {
    fronts.push_back(std::move(layer));
  }
}

void find(std::vector<LayerFront>& fronts, const Design& design, const Evaluator& evaluator,
          std::int64_t max_states, Host* host) {
  const auto cancelled = [&] { return host != nullptr && host->cancelled(); };
  const optimum::Limits limits{0, max_states, 0, cancelled};
  const auto some = [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      find(fronts[i], design.placement(fronts[i].operators.front()), evaluator, limits);
    }
  };
  if (host != nullptr) {
    host->parallel_for(fronts.size(), 1, some);
  } else {
    some(0, fronts.size());
  }
}

void state(const std::vector<LayerFront>& fronts, const Workload& workload, Evaluator& evaluator) {
  std::int64_t proved = 0;
  std::int64_t layers = 0;
  std::int64_t mappings = 0;
  std::string open;
  for (const LayerFront& layer : fronts) {
    const auto count = static_cast<std::int64_t>(layer.operators.size());
    layers += count;
    proved += layer.front.proved ? count : 0;
    mappings += count * static_cast<std::int64_t>(layer.front.points.size());
    if (!layer.front.proved) {
      open += (open.empty() ? "" : "; ") + workload.at(layer.operators.front()).name +
              (count > 1 ? " and " + std::to_string(count - 1) + " like it" : "") + ": " +
              layer.front.unproved;
    }
  }
  evaluator.statistic("front_layers", layers);
  evaluator.statistic("front_proved", proved);
  evaluator.statistic("front_mappings", mappings);
  if (!open.empty()) {
    evaluator.note("front_open", open);
  }
}

}  // namespace imbrex::search
