#include "availability.hpp"

#include "grid_pass.hpp"

#include <algorithm>
#include <map>
#include <memory>

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
        maps_(workload_.tensors().size()),
        kept_(workload_.tensors().size(), false) {
    for (const TensorId output : graph_.outputs()) {
      kept_[output] = true;
    }
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
      } else if (!(graph_.is_mapped(op) ? run_mapped(op) : run_movement(op))) {
        return std::nullopt;
      }
      forget_operands(op);
    }
    wait_for_outputs();
    return result_;
  }

 private:
  const AvailabilityMap& map_of(TensorId tensor) const { return *maps_[tensor]; }
  void keep(TensorId tensor, AvailabilityMap map) {
    maps_[tensor] = std::make_shared<const AvailabilityMap>(std::move(map));
  }
  // What nobody reads any more.
  void forget_operands(OperatorId op) {
    for (const TensorId input : workload_.at(op).inputs) {
      if (workload_.uses(input).back().consumer == op && !kept_[input]) {
        maps_[input].reset();
      }
    }
  }

  bool run_movement(OperatorId id) {
    const Operator& op = workload_.at(id);
    const std::int64_t delay_ps = graph_.movement_ps(id);
    const Shape& shape = workload_.at(op.output).shape;
    if (delay_ps == 0 && is_identity(op, workload_.at(op.inputs[0]).shape, shape)) {
      maps_[op.output] = maps_[op.inputs[0]];
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
    std::int64_t way_ps = 0;
    if (!takes(op, order) || !common_way(op, id, way_ps)) {
      return false;
    }
    std::vector<std::int64_t> ready_ps(grid->server.size(), 0);
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
      if (!wait_for_input(workload_, id, k, *grid, map_of(op.inputs[k]), way_ps, ready_ps,
                          obstacle_)) {
        return false;
      }
    }
    const GridTimes times = run_servers(order, *grid, ready_ps);
    record(id, *grid, times);
    auto map = publish(workload_, id, *grid, times.end_ps, completion_ps(op), obstacle_);
    if (!map) {
      return false;
    }
    keep(op.output, std::move(*map));
    return true;
  }

  // Whether cells of a grid can stand for the jobs. Only jobs that are dealt anew have a completion
  // of their own, and those are no grid.
  bool takes(const Operator& op, const WorkOrder& order) {
    const char* why = nullptr;
    if (order.dealt_anew()) {
      why = "its jobs are dealt anew";
    } else if (op.chain) {
      why = "its jobs are a chain";
    } else if (order.tile_grid() == nullptr || order.lock_step()) {
      why = "its jobs are no tile grid of independent servers";
    }
    if (why != nullptr) {
      obstacle_ = "operator '" + op.name + "': " + why;
    }
    return why == nullptr;
  }

  // From the end of a job to its output, the same for all.
  std::int64_t completion_ps(const Operator& op) {
    return graph_.movement_is_free()
               ? 0
               : latest(op.output, Region::whole(workload_.at(op.output).shape)).begin()->second;
  }

  // A map knows when data are complete behind the movement on their way, but not who made them. So
  // whatever else a way takes must be the same from all producers: of all that the graph says of a
  // way to the consumer, what it does not say of the tensor that the consumer reads.
  bool common_way(const Operator& op, OperatorId consumer, std::int64_t& way_ps) {
    if (graph_.movement_is_free()) {
      return true;
    }
    std::map<OperatorId, std::int64_t> to_tensors;
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
      const Region region = workload_.input_region(consumer, k, op.bounds.whole());
      for (const auto& [producer, delay_ps] : latest(op.inputs[k], region)) {
        std::int64_t& slowest_ps = to_tensors.try_emplace(producer, delay_ps).first->second;
        slowest_ps = std::max(slowest_ps, delay_ps);
      }
    }
    sources_.clear();
    graph_.trace(consumer, op.bounds.whole(), scratch_, sources_);
    bool first = true;
    for (const auto& [producer, delay_ps] : slowest_sources()) {
      const std::int64_t mine_ps = delay_ps - to_tensors.at(producer);
      if (!first && mine_ps != way_ps) {
        obstacle_ = "operator '" + op.name + "': transfers from its producers take different times";
        return false;
      }
      way_ps = mine_ps;
      first = false;
    }
    return true;
  }

  // The largest delay of each producer of a region.
  std::map<OperatorId, std::int64_t> latest(TensorId tensor, const Region& region) {
    sources_.clear();
    graph_.trace(tensor, region, scratch_, sources_);
    return slowest_sources();
  }
  std::map<OperatorId, std::int64_t> slowest_sources() const {
    std::map<OperatorId, std::int64_t> result;
    for (const Source& source : sources_) {
      std::int64_t& slowest_ps = result.try_emplace(source.producer, source.delay_ps).first->second;
      slowest_ps = std::max(slowest_ps, source.delay_ps);
    }
    return result;
  }

  void record(OperatorId id, const TileGrid& grid, const GridTimes& times) {
    result_.jobs += static_cast<std::int64_t>(times.end_ps.size());
    const std::int64_t last = *std::max_element(times.end_ps.begin(), times.end_ps.end());
    result_.makespan_ps = std::max(result_.makespan_ps, last);
    if (log_.enabled()) {
      for (std::size_t cell = 0; cell < times.end_ps.size(); ++cell) {
        log_.add({id, grid.server[cell], grid.step[cell], times.start_ps[cell], times.end_ps[cell],
                  times.waited_for[cell]});
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
      for (const DenseArray& term : map_of(output).terms) {
        const std::int64_t ready_ps = *std::max_element(term.value.begin(), term.value.end());
        result_.makespan_ps = std::max(result_.makespan_ps, ready_ps);
      }
    }
  }

  const WorkGraph& graph_;
  const Workload& workload_;
  JobLog& log_;
  std::string& obstacle_;
  // Per tensor; shared where a movement operator changes nothing.
  IndexVector<TensorId, std::shared_ptr<const AvailabilityMap>> maps_;
  IndexVector<TensorId, bool> kept_;  // per tensor: what is waited for at the end
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
