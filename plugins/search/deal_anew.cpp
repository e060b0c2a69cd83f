// imbrex.search.deal-anew: the jobs of a layer are dealt to its servers again, earliest ready
// first, where the design gains by it (specification fast-overlapim, section 4; the paper calls it
// transformation). A decision like any other: the design holds the new orders, every analyzer sees
// them, and a plan replays them.
#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/search/dealing_params.hpp>
#include <imbrex/toolkit/search/design_dealing.hpp>

namespace imbrex::deal_anew {
namespace {

using Config = search::DealingParams;

constexpr ParamSpec kParams[] = {
    search::dealing_unit_param<Config>("unit"),
    search::move_weights_param<Config>(),
    search::move_bits_per_ps_param<Config>(),
    search::merge_add_ps_param<Config>(),
};

constexpr FactSpec kFacts[] = {
    {"initial_objective", "",
     "What the design was worth that the stage started from, in the unit of the recipe's "
     "objective"},
    {"best_objective", "", "What the design is worth that it leaves, in the same unit"},
    {"transformed_operators", "operator", "Operators whose jobs are dealt anew"},
    {"dealt_jobs", "job", "Jobs of these operators"},
    {"moved_jobs", "job", "Those of them that left the server of their mapping"},
    {"segments_left_in_order", "segment",
     "Segments in which some operator would end earlier, but the design would not gain"},
};

class DealAnew final : public SearchStrategy {
 public:
  DealAnew(const Config& config, const Context& context)
      : costs_(search::dealing_costs(config)), context_(context) {}

  // What pays for one layer may cost the next; so the objective of the whole design decides, one
  // segment after the other.
  void search(Design& design, Evaluator& evaluator) override {
    Design best = design;
    best.timeline().reset();
    const Score initial = score(best, evaluator);
    Score least = initial;
    Design in_order = search::without_dealt(design);
    Score of_in_order = design.has_dealt_orders() ? score(in_order, evaluator) : initial;
    keep_if_better(in_order, of_in_order, best, least);
    std::int64_t left = 0;
    for (const search::DealtSegment& segment :
         search::deal_design(in_order, context_.machine(), evaluator.request(), costs_)) {
      Design dealt = search::with_dealt(in_order, segment);
      const Score of_dealt = score(dealt, evaluator);
      if (is_better(of_dealt, of_in_order)) {
        in_order = std::move(dealt);
        of_in_order = of_dealt;
      } else {
        ++left;
      }
    }
    keep_if_better(in_order, of_in_order, best, least);
    report(best, initial, least, left, evaluator);
    design = std::move(best);
  }

 private:
  static Score score(const Design& design, Evaluator& evaluator) {
    const Design* const pointer = &design;
    Score result;
    evaluator.score({&pointer, 1}, {&result, 1});
    return result;
  }

  static bool is_better(const Score& a, const Score& b) noexcept {
    return a.verdict == Verdict::feasible &&
           (b.verdict != Verdict::feasible || a.objective < b.objective);
  }
  static void keep_if_better(const Design& design, const Score& of_design, Design& best,
                             Score& least) {
    if (is_better(of_design, least)) {
      best = design;
      least = of_design;
    }
  }

  static void report(const Design& best, const Score& initial, const Score& least,
                     std::int64_t left, Evaluator& evaluator) {
    std::int64_t operators = 0;
    std::int64_t jobs = 0;
    std::int64_t moved = 0;
    for (std::size_t i = 0; i < best.workload().operators().size(); ++i) {
      const auto& order = best.dealt_order(operator_id(i));
      if (order == nullptr) {
        continue;
      }
      ++operators;
      jobs += static_cast<std::int64_t>(order->jobs.size());
      moved += moved_jobs(*order);
    }
    if (initial.verdict == Verdict::feasible) {
      evaluator.statistic("initial_objective", initial.objective);
    }
    if (least.verdict == Verdict::feasible) {
      evaluator.statistic("best_objective", least.objective);
    }
    evaluator.statistic("transformed_operators", operators);
    evaluator.statistic("dealt_jobs", jobs);
    evaluator.statistic("moved_jobs", moved);
    evaluator.statistic("segments_left_in_order", left);
  }

  static std::int64_t moved_jobs(const DealtOrder& order) {
    std::int64_t moved = 0;
    for (std::size_t server = 0; server + 1 < order.first_job.size(); ++server) {
      for (std::int64_t i = order.first_job[server]; i < order.first_job[server + 1]; ++i) {
        moved += order.jobs[static_cast<std::size_t>(i)].server == static_cast<std::int64_t>(server)
                     ? 0
                     : 1;
      }
    }
    return moved;
  }

  const DealingCosts costs_;
  const Context context_;
};

constexpr Component kComponents[] = {
    component<DealAnew, Config>(
        "imbrex.search.deal-anew",
        "Jobs of layers dealt to their servers again, earliest ready first, where it pays", kParams)
        .states(kFacts)
        .cites("X. Wang, M. Zhou, T. Rosing, Fast-OverlaPIM: A Fast Overlap-Driven Mapping "
               "Framework for Processing In-Memory Neural Network Acceleration, IEEE TCAD 2024, "
               "arXiv:2407.00604 (transformation)")};

}  // namespace

IMBREX_PLUGIN("imbrex.search.deal-anew", "0.1.0", "Jobs dealt anew", "Apache-2.0", kComponents)

}  // namespace imbrex::deal_anew
