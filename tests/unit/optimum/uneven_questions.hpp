// Small random questions whose factors need not divide, with spaces that can be enumerated.
#pragma once

#include "random_questions.hpp"

namespace imbrex::test {

inline double value_of(std::size_t objective, const LayerCost& cost) {
  const auto latency = static_cast<double>(cost.latency_ps);
  return objective == 0 ? latency : objective == 1 ? cost.energy_pj : cost.energy_pj * latency;
}

// Bounds that have few divisors, too.
inline Problem uneven_product(Random& random) {
  WorkloadBuilder builder("random");
  const std::int64_t channels = random.between(1, 13);
  const TensorId left =
      builder.input("left", {2, {random.between(1, 13), channels}}, random_bits(random));
  const TensorId right =
      builder.input("right", {2, {channels, random.between(1, 13)}}, random_bits(random));
  builder.matmul("product", left, right, random_bits(random));
  return nests::prepare(builder.finish(), operator_id(0));
}

struct UnevenQuestion {
  RandomQuestion question;
  bool is_product = false;
};

inline UnevenQuestion uneven_question(Random& random, std::int64_t most) {
  while (true) {
    const bool is_product = random.below(2) == 0;
    RandomQuestion question{is_product ? uneven_product(random) : random_operator(random),
                            random_levels(random), std::nullopt};
    question.hierarchy.counting = nests::Counting::exact;
    question.problem.partial_sum_bits = random.below(6) == 0 ? 40 : 0;
    if (question.problem.bounds.macs() > 4096 || question.problem.divides) {
      continue;
    }
    MapSpaceSpec space = random_space(random, question.problem, question.hierarchy);
    const bool is_mixed = random.below(8) == 0;
    for (MapSlot& slot : space.slots) {
      slot.imperfect = !is_mixed || random.below(2) == 0;
    }
    space.slots.front().imperfect = true;
    question.space.emplace(std::move(space));
    if (question.space->size() <= static_cast<mapspace::MapSpace::Index>(most) &&
        (!question.space->empty() || random.below(16) == 0)) {
      return {std::move(question), is_product};
    }
  }
}

}  // namespace imbrex::test
