// Runs the weight-duplication plugin on a ClsaSystem.
#pragma once

#include "clsa_fixture.hpp"
#include "fakes/evaluator.hpp"

namespace imbrex::test {

inline Design duplicated(const ClsaSystem& system, const std::string& solver = "bottleneck-skip",
                         const std::string& dealing = "round-robin") {
  const auto analyzer = system.clsa({});
  FakeEvaluator evaluator(system.cost(), system.architecture(), *analyzer);
  const auto partitioner = plugin::make_instance<Partitioner>(
      configure("imbrex.partition.weight-duplication", {{"solver", solver}, {"dealing", dealing}}),
      system.context());
  Design design = system.design();
  partitioner->partition(design, evaluator);
  return design;
}

}  // namespace imbrex::test
