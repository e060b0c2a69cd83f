// The ways that data takes through operators that are no layers, from a tensor back to what made
// it. The sequence of layers and the traffic between them follow the same ways and differ in what
// they remember on them.
#pragma once

#include <imbrex/values/workload.hpp>

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace imbrex::segments {

// Where the data of tensors comes from: layers, by their index, and behind them the inputs of the
// network.
class Origins {
 public:
  static constexpr std::int32_t kNone = -1;  // constants alone
  static constexpr std::int32_t kMany = -2;

  // Keeps a reference to the workload.
  Origins(const Workload& workload, std::span<const OperatorId> layers);

  const Workload& workload() const noexcept { return workload_; }
  bool is_layer(std::int32_t origin) const noexcept { return origin >= 0 && origin < layers_; }
  // The tensor is what an origin makes.
  bool starts_at(TensorId tensor) const noexcept { return starts_[index(tensor)]; }
  // The only origin of a tensor's data, or kNone, or kMany.
  std::int32_t only(TensorId tensor) const noexcept { return only_[index(tensor)]; }
  // The last layer behind a tensor, or kNone.
  std::int32_t last_layer(TensorId tensor) const noexcept { return last_[index(tensor)]; }

 private:
  std::int32_t common(const Operator& op) const noexcept;
  std::int32_t last_of(const Operator& op) const noexcept;
  void start(TensorId tensor, std::int32_t origin);

  const Workload& workload_;
  std::int32_t layers_;
  std::vector<std::int32_t> only_;  // by tensor, as `last_`
  std::vector<std::int32_t> last_;
  std::vector<bool> starts_;
};

// Follows a tensor back to its origins. `way` is what is remembered; the rules say how it goes on:
//   bool enter(TensorId here, Way& way)           false: this way has been here before
//   void arrive(std::int32_t origin, const Way&)  the way ends at what a layer or an input makes
//   bool ends_at(TensorId here, const Operator& maker, const Way&)   it ends here already
//   Way before(const Operator& op, TensorId operand, const Way&)     it goes on behind an operator
// Operands in their order, each with all that lies behind it before the next; by a list, since
// streams may be as long as networks.
template <class Way, class Rules>
void trace_back(const Origins& origins, TensorId tensor, Way start, Rules& rules) {
  std::vector<std::pair<TensorId, Way>> open;  // the next to be followed at the end
  open.emplace_back(tensor, std::move(start));
  while (!open.empty()) {
    auto [here, way] = std::move(open.back());
    open.pop_back();
    if (!rules.enter(here, way)) {
      continue;
    }
    if (origins.starts_at(here)) {
      rules.arrive(origins.only(here), way);
      continue;
    }
    const OperatorId maker = origins.workload().at(here).producer;
    if (maker == OperatorId::none) {
      continue;
    }
    const Operator& op = origins.workload().at(maker);
    if (rules.ends_at(here, op, way)) {
      continue;
    }
    for (std::size_t k = op.inputs.size(); k-- > 0;) {
      open.emplace_back(op.inputs[k], rules.before(op, op.inputs[k], way));
    }
  }
}

}  // namespace imbrex::segments
