// An Evaluator for partitioners of crossbar chips.
#pragma once

#include "cost_only_evaluator.hpp"
#include "crossbar_kit.hpp"

namespace imbrex::testing {

struct RecordingEvaluator final : test::CostOnlyEvaluator {
  explicit RecordingEvaluator(const Chip& chip)
      : CostOnlyEvaluator(*chip.cost, chip.model->view()) {}
};

}  // namespace imbrex::testing
