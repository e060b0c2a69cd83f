// What searches pay for a cost model millions of times. Warns only: machines differ.
#include "allocation_count.hpp"
#include "checks.hpp"
#include "cost_trial.hpp"

#include <algorithm>
#include <ctime>
#include <limits>

#include <fmt/format.h>

namespace imbrex::conform {
namespace {

constexpr Kinds kCost = kinds_of({Kind::cost_model});
constexpr std::string_view kBatches[] = {"errors/ordinary-networks-are-answered",
                                         "cost/demands-are-pure", "mapping/canonical-is-legal",
                                         "mapping/spaces-are-legal", "cost/batches-equal-singles"};
constexpr std::size_t kBatch = 256;
constexpr int kTurns = 20;
constexpr double kSlower = 1.5;  // what noise does not reach in the best of so many turns

// One batch of the first operator that has a mapping.
struct Batch {
  CostCase one;
  std::vector<Mapping> mappings;
  std::vector<LayerCost> costs;
};

// Asks about the batch of the first network. Errors: Skipped when no operator has a mapping.
void with_batch(Examination& examination, FunctionRef<void(const CostTrial&, Batch&)> ask) {
  bool asked = false;
  for_each_cost_trial(examination, [&](const CostTrial& trial, Random& random) {
    for (const CostCase& one : trial.cases(random)) {
      if (asked || one.mappings.empty()) {
        continue;
      }
      Batch batch{one, {}, std::vector<LayerCost>(kBatch)};
      for (std::size_t i = 0; i < kBatch; ++i) {
        batch.mappings.push_back(one.mappings[i % one.mappings.size()]);
      }
      ask(trial, batch);
      asked = true;
    }
  });
  if (!asked) {
    throw Skipped("it knows no mapping of any operator that it was asked about");
  }
}

void evaluate_in_pieces(const CostTrial& trial, Batch& batch, std::size_t size) {
  for (std::size_t i = 0; i < kBatch; i += size) {
    trial.cost().evaluate(batch.one.op, batch.one.placement,
                          std::span<const Mapping>(batch.mappings).subspan(i, size),
                          std::span(batch.costs).subspan(i, size));
  }
}

// The best of some turns, per mapping.
double nanoseconds(const CostTrial& trial, Batch& batch, std::size_t size) {
  double best = std::numeric_limits<double>::infinity();
  for (int i = 0; i < kTurns; ++i) {
    timespec begin{};
    timespec end{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
    evaluate_in_pieces(trial, batch, size);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    const double ns = static_cast<double>(end.tv_sec - begin.tv_sec) * 1e9 +
                      static_cast<double>(end.tv_nsec - begin.tv_nsec);
    best = std::min(best, ns / static_cast<double>(kBatch));
  }
  return best;
}

void batches_pay(Examination& examination) {
  with_batch(examination, [&](const CostTrial& trial, Batch& batch) {
    const double alone = nanoseconds(trial, batch, 1);
    const double together = nanoseconds(trial, batch, kBatch);
    if (together > kSlower * alone) {
      examination.warn(fmt::format(
          "a mapping takes {:.0f} ns in a batch of {}, but {:.0f} ns alone; searches ask in "
          "batches",
          together, kBatch, alone));
    }
  });
}

void allocates_nothing(Examination& examination) {
  if (!allocations()) {
    throw Skipped("nobody counts allocations here");
  }
  with_batch(examination, [&](const CostTrial& trial, Batch& batch) {
    evaluate_in_pieces(trial, batch, kBatch);
    const std::int64_t before = *allocations();
    evaluate_in_pieces(trial, batch, kBatch);
    const std::int64_t made = *allocations() - before;
    if (made >= static_cast<std::int64_t>(kBatch)) {
      examination.warn(
          fmt::format("evaluate allocates {} times for {} mappings; an allocation takes longer "
                      "than most costs, "
                      "so keep what is needed again",
                      made, kBatch));
    }
  });
}

constexpr Check kChecks[] = {
    {"performance/batches-pay", "A mapping takes no longer in a batch than alone.", kCost,
     batches_pay, kBatches},
    {"performance/evaluate-allocates-nothing", "evaluate allocates nothing per mapping.", kCost,
     allocates_nothing, kBatches},
};

}  // namespace

std::span<const Check> performance_checks() {
  return kChecks;
}

}  // namespace imbrex::conform
