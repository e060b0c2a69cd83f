// The genetic algorithm of COMPASS over cuts of a sequence (specification compass section 9). Pure.
#pragma once

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/segments/segment_search.hpp>

namespace imbrex::compass {

struct GeneticOptions {
  std::int64_t population = 100;  // individuals = selected + mutants
  std::int64_t selected = 20;
  std::int64_t generations = 30;
  std::int64_t patience = 8;  // generations without a better best before it stops; 0: never
};

// What to make small: the sum of `x` over the spans, or, when `y` is not empty, the product of the
// sums of both.
struct GeneticGoal {
  std::span<const double> x;
  std::span<const double> y;
};

struct GeneticResult {
  segments::Ends best;
  double cost = 0;
  std::vector<double> trace;  // least cost of the initial population, then after every generation
};

// `check` is called once per generation and may throw. Equal random streams give equal results.
// O(generations * population * units).
GeneticResult genetic(const segments::Spans& spans, const GeneticGoal& goal,
                      const GeneticOptions& options, Random random, FunctionRef<void()> check);

// --- Its parts, for tests and reports
// ----------------------------------------------------------------------

// From `begin`, repeatedly a uniformly drawn end that fits, up to `end`.
void append_random(const segments::Spans& spans, std::int32_t begin, std::int32_t end,
                   Random& random, segments::Ends& ends);

// How the spans of a cut compare with what a population does on the same units; above 1: worse.
class Scores {
 public:
  // `cost` by number of the span.
  Scores(const segments::Spans& spans, std::span<const segments::Ends> population,
         std::span<const double> cost);
  double of_unit(std::int32_t unit) const noexcept {  // mean over the population of cost / length
    return sums_[static_cast<std::size_t>(unit) + 1] - sums_[static_cast<std::size_t>(unit)];
  }
  double of_span(std::int32_t begin, std::int32_t end) const noexcept;
  double of_pair(std::int32_t begin, std::int32_t middle, std::int32_t end) const noexcept;

 private:
  double expected(std::int32_t begin, std::int32_t end) const noexcept {
    return sums_[static_cast<std::size_t>(end)] - sums_[static_cast<std::size_t>(begin)];
  }
  const segments::Spans& spans_;
  std::span<const double> cost_;
  std::vector<double> sums_;  // prefix sums of the unit means
};

enum class Mutation : std::uint8_t { merge, split, move, fixed_random };
// False, and `ends` untouched, where the mutation has no legal way.
bool mutate(const segments::Spans& spans, const Scores& scores, Mutation kind, Random& random,
            segments::Ends& ends);

}  // namespace imbrex::compass
