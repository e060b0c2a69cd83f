// File: availability.cpp
#include "availability.hpp"

#include "grid_pass.hpp"

#include <algorithm>

namespace imbrex::clsa {
namespace {

// Output element by element what input 0 is: the map can be shared.
bool is_identity(const Operator& op, const Shape& input, const Shape& output) {
  if (op.inputs.size() != 1 || input != output) {
    return false;
  }
  for (std::size_t axis = 0; axis < input.rank; ++axis) {
    const AxisRule& rule = op.maps[0].rule(axis);
    if (rule != shifted_axis(axis, 0) && !(input[axis] == 1 && rule == whole_axis(1))) {
      return false;
    }
  }
  return true;
}

class AvailabilityPass {
 public:
  AvailabilityPass(const WorkGraph& graph, JobLog& log, std::string& obstacle)
      : graph_(graph),
        workload_(graph.workload()),
        log_(log),
        obstacle_(obstacle),
        map_of_(workload_.tensors().size(), 0) {
    maps_.reserve(workload_.tensors().size());
    for (const TensorId input : workload_.inputs()) {
      keep(input, always_there(workload_.at(input).shape));
    }
  }

  std::optional<Schedule> run() {
    for (std::size_t i = 0; i < workload_.operators().size(); ++i) {
      const OperatorId op = operator_id(i);
      if (graph_.is_there(op)) {
        const TensorId output = workload_.at(op).output;
        keep(output, always_there(workload_.at(output).shape));
        continue;
      }
      if (!(graph_.is_mapped(op) ? run_mapped(op) : run_movement(op))) {
        return std::nullopt;
      }
    }
    wait_for_outputs();
    return result_;
  }

 private:
  const AvailabilityMap& map_of(TensorId tensor) const { return maps_[map_of_[index(tensor)]]; }
  void keep(TensorId tensor, AvailabilityMap map) {
    map_of_[index(tensor)] = maps_.size();
    maps_.push_back(std::move(map));
  }

  bool run_movement(OperatorId id) {
    const Operator& op = workload_.at(id);
    const std::int64_t delay_ps = graph_.movement_ps(id);
    const Shape& shape = workload_.at(op.output).shape;
    if (delay_ps == 0 && is_identity(op, workload_.at(op.inputs[0]).shape, shape)) {
      map_of_[index(op.output)] = map_of_[index(op.inputs[0])];
      return true;
    }
    std::vector<const AvailabilityMap*> inputs;
    for (const TensorId input : op.inputs) {
      inputs.push_back(&map_of(input));
    }
    auto map = push_forward(op, shape, inputs, delay_ps, obstacle_);
    if (!map) {
      return false;
    }
    keep(op.output, std::move(*map));
    return true;
  }

  bool run_mapped(OperatorId id) {
    const Operator& op = workload_.at(id);
    const WorkOrder& order = graph_.order(id);
    const TileGrid* const grid = order.tile_grid();
    if (grid == nullptr || order.lock_step()) {
      obstacle_ = "operator '" + op.name + "': its jobs are no tile grid of independent servers";
      return false;
    }
    std::int64_t transfer_ps = 0;
    if (!common_transfer(id, transfer_ps)) {
      obstacle_ = "operator '" + op.name + "': transfers from its producers take different times";
      return false;
    }
    std::vector<std::int64_t> ready_ps(grid->server.size(), 0);
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
      if (!wait_for_input(workload_, id, k, *grid, map_of(op.inputs[k]), transfer_ps, ready_ps,
                          obstacle_)) {
        return false;
      }
    }
    const GridTimes times = run_servers(order, *grid, ready_ps);
    record(id, *grid, times);
    auto map = publish(workload_, id, *grid, times.end_ps, obstacle_);
    if (!map) {
      return false;
    }
    keep(op.output, std::move(*map));
    return true;
  }

  // A map does not know who made what, so all producers must be equally far away.
  bool common_transfer(OperatorId consumer, std::int64_t& delay_ps) {
    if (graph_.movement_is_free()) {
      return true;
    }
    sources_.clear();
    graph_.trace(consumer, workload_.at(consumer).bounds.whole(), scratch_, sources_);
    bool first = true;
    for (const Source& source : sources_) {
      const std::int64_t mine_ps = graph_.transfer_ps(source.producer, consumer);
      if (!first && mine_ps != delay_ps) {
        return false;
      }
      delay_ps = mine_ps;
      first = false;
    }
    return true;
  }

  void record(OperatorId id, const TileGrid& grid, const GridTimes& times) {
    result_.jobs += static_cast<std::int64_t>(times.end_ps.size());
    const std::int64_t last = *std::max_element(times.end_ps.begin(), times.end_ps.end());
    result_.makespan_ps = std::max(result_.makespan_ps, last);
    if (log_.enabled()) {
      for (std::size_t cell = 0; cell < times.end_ps.size(); ++cell) {
        log_.add(id, grid.server[cell], grid.step[cell], times.start_ps[cell], times.end_ps[cell]);
      }
      log_.finish_operator();
    }
  }

  // Movement behind the last operators delays what leaves.
  void wait_for_outputs() {
    if (graph_.movement_is_free()) {
      return;
    }
    for (const TensorId output : graph_.outputs()) {
      for (const std::int64_t ready_ps : map_of(output).ready_ps.value) {
        result_.makespan_ps = std::max(result_.makespan_ps, ready_ps);
      }
    }
  }

  const WorkGraph& graph_;
  const Workload& workload_;
  JobLog& log_;
  std::string& obstacle_;
  std::vector<AvailabilityMap> maps_;
  std::vector<std::size_t> map_of_;  // per tensor
  WorkGraph::Scratch scratch_;
  std::vector<Source> sources_;
  Schedule result_;
};

}  // namespace

std::optional<Schedule> schedule_by_availability(const WorkGraph& graph, JobLog& log,
                                                 std::string& obstacle) {
  return AvailabilityPass(graph, log, obstacle).run();
}

}  // namespace imbrex::clsa
