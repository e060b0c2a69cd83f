// The architecture and the cost model of hand_made.hpp, and the answers that a test can spoil while
// they are in use.
#pragma once

#include "fakes/architecture_model.hpp"
#include "fakes/cost_model.hpp"

#include <imbrex/plugin.hpp>

#include <functional>
#include <vector>

namespace imbrex::test {

// By default a layer takes a nanosecond per position.
struct Answers : CostAnswers {
  Answers() {
    one_copy = {true, 2, 8};
    clock = {0, 1000, 0, 0};
    layer = LayerCost{Verdict::feasible, 4000, 1};
  }
  std::int64_t cells = 64;
  std::function<void(std::vector<TimedJob>&, std::int64_t&)> spoil = [](auto&, auto&) {};
  std::vector<JobRun> runs;  // reported behind the jobs
  bool writes_results = true;
  Fidelity fidelity;
};
inline Answers& answers() {
  static Answers all;
  return all;
}

// The kernel makes these, so what they answer stands in `answers()`.
class HandMadeChip final : public FakeArchitectureModel {
 public:
  HandMadeChip(const NoConfig&, const Context&) : FakeArchitectureModel(answers().cells) {
    chip.pool.name = "cell";
    chip.architecture.name = "hand-made";
  }
};

class HandMadeCost final : public FakeCostModel {
 public:
  HandMadeCost(const NoConfig&, const Context& context) : FakeCostModel(*context.workload) {}

 private:
  const CostAnswers& now() const noexcept override { return answers(); }
};

}  // namespace imbrex::test
