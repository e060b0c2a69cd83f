#include "run/reading_holes.hpp"

#include "run/job_reading.hpp"

#include <algorithm>
#include <optional>

namespace imbrex::run {
namespace {

class Holes {
 public:
  explicit Holes(const WorkGraph& graph)
      : graph_(graph),
        workload_(graph.workload()),
        readings_(workload_.tensors().size()),
        alone_(workload_.tensors().size()) {}

  std::vector<std::string> find() {
    for (const OperatorId id : graph_.mapped()) {
      const Operator& op = workload_.at(id);
      for (std::size_t i = 0; i < op.inputs.size(); ++i) {
        start(op.inputs[i], reading_of_operand(graph_, id, i));
      }
      walk_back(index(id));
    }
    if (!graph_.movement_is_free()) {
      for (const TensorId output : graph_.outputs()) {
        start(output, Reading{});
      }
      walk_back(workload_.operators().size());
    }
    return std::move(reasons_);
  }

 private:
  void start(TensorId tensor, const Reading& reading) {
    if (workload_.at(tensor).producer == OperatorId::none) {
      return;  // inputs of the network are there
    }
    std::optional<Reading>& known = readings_[tensor];
    if (known) {
      known->merge(reading);
    } else {
      known = reading;
      ++open_;
    }
  }

  // From the last operator before `end` to the first, so that of an operator all that is read is
  // known when its turn comes; as far as anything is read.
  void walk_back(std::size_t end) {
    for (std::size_t i = end; open_ > 0 && i-- > 0;) {
      const Operator& op = workload_.operators()[i];
      std::optional<Reading> reading;
      std::swap(reading, readings_[op.output]);
      const OperatorId id = operator_id(i);
      const bool known = reading && open_ == 1 && is_known(op.output, *reading);
      open_ -= reading ? 1 : 0;
      if (known) {
        return;
      }
      if (!reading || graph_.is_there(id)) {
        continue;
      }
      if (graph_.is_mapped(id)) {
        arrive(id, op, *reading);
        continue;
      }
      for (std::size_t input = 0; input < op.inputs.size(); ++input) {
        start(op.inputs[input], through(op, id, op.maps[input], *reading));
      }
    }
  }

  // All that is still to be followed is one tensor, which somebody else reads in the same way: what
  // lies behind it has been looked at. Without this every layer of a residual stream would be
  // followed to the input of the network.
  bool is_known(TensorId tensor, const Reading& reading) {
    constexpr std::size_t kMostKept = 16;  // there are about as many as kinds of layers
    std::vector<Reading>& seen = alone_[tensor];
    if (std::find(seen.begin(), seen.end(), reading) != seen.end()) {
      return true;
    }
    if (seen.size() < kMostKept) {
      seen.push_back(reading);
    }
    return false;
  }

  void arrive(OperatorId producer, const Operator& op, const Reading& reading) {
    bool cut = false;
    for (std::size_t axis = 0; axis < workload_.at(op.output).shape.rank; ++axis) {
      const AxisProjection& projection = op.output_projection[axis];
      bool here = false;
      for (std::size_t i = 0; i < 2 && op.has_macs(); ++i) {
        here = here || (projection.factor[i] != 0 && cuts(graph_, producer, projection.dim[i]));
      }
      if (here && reading.axis[axis].hole.gap != Gap::none) {
        add(reading.axis[axis].hole);
      }
      cut = cut || here;
    }
    for (const OperatorId id : reading.inexact) {
      if (cut) {
        add({Gap::movement, id});
      }
    }
    for (const Reason& reason : reading.in_vain) {
      add(reason);
    }
  }

  void add(const Reason& reason) {
    std::string words = text(reason, workload_);
    if (std::find(reasons_.begin(), reasons_.end(), words) == reasons_.end()) {
      reasons_.push_back(std::move(words));
    }
  }

  const WorkGraph& graph_;
  const Workload& workload_;
  IndexVector<TensorId, std::optional<Reading>> readings_;  // per tensor, of one consumer
  std::size_t open_ = 0;  // how many of them wait for their producer
  IndexVector<TensorId, std::vector<Reading>>
      alone_;  // per tensor, of those followed from it alone
  std::vector<std::string> reasons_;
};

}  // namespace

std::vector<std::string> reading_holes(const WorkGraph& graph) {
  return Holes(graph).find();
}

}  // namespace imbrex::run
