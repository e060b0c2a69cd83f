// File: search_run.cpp
#include <imbrex/search_support.hpp>

#include <algorithm>
#include <cstdio>
#include <limits>

namespace imbrex {
namespace {

// Designs copied at a time: enough work for every thread, little memory.
constexpr std::size_t kDesignsAtOnce = 64;

bool equal(const MapSlot& a, const MapSlot& b) noexcept {
  return a.name == b.name && a.kind == b.kind && a.level == b.level && a.outer == b.outer &&
         a.ordered == b.ordered && a.imperfect == b.imperfect && a.dims == b.dims &&
         a.fanout == b.fanout && a.fanout_floor == b.fanout_floor;
}
bool equal(const FactorConstraint& a, const FactorConstraint& b) noexcept {
  return a.dim == b.dim && a.slot == b.slot && a.minimum == b.minimum && a.maximum == b.maximum;
}
bool equal(const OrderConstraint& a, const OrderConstraint& b) noexcept {
  return a.slot == b.slot && a.prefix == b.prefix;
}
template <class T>
bool all_equal(const std::vector<T>& a, const std::vector<T>& b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const T& x, const T& y) { return equal(x, y); });
}
bool equal(const MapSpaceSpec& a, const MapSpaceSpec& b) noexcept {
  return a.bounds.bound == b.bounds.bound && all_equal(a.slots, b.slots) &&
         all_equal(a.factors, b.factors) && all_equal(a.orders, b.orders);
}

}  // namespace

struct SearchRun::KnownSpace {
  MapSpace space;
};

SearchRun::~SearchRun() = default;

const MapSpace* SearchRun::space_of(OperatorId op) {
  const MapSpaceSpec spec = evaluator_.cost().map_space(op, start_.placement(op));
  for (const auto& known : spaces_) {
    if (equal(known->space.spec(), spec)) {
      return &known->space;
    }
  }
  std::optional<MapSpace> space = map_space_of(start_, op, evaluator_.cost());
  if (!space) {
    return nullptr;
  }
  spaces_.push_back(std::make_unique<const KnownSpace>(KnownSpace{std::move(*space)}));
  return &spaces_.back()->space;
}

SearchRun::SearchRun(const Design& start, Evaluator& evaluator, Host* host, std::int64_t budget)
    : evaluator_(evaluator), host_(host), start_(start), best_(start), budget_(budget) {
  start_.timeline().reset();
  const Design* const design = &start_;
  Score score;
  evaluator_.score({&design, 1}, {&score, 1});
  if (score.verdict == Verdict::feasible) {
    remember(start_, score);
    initial_objective_ = score.objective;
  }
}

std::size_t SearchRun::room(std::size_t wanted) const noexcept {
  if (budget_ <= 0) {
    return wanted;
  }
  return std::min(wanted, static_cast<std::size_t>(std::max<std::int64_t>(0, budget_ - spent_)));
}

void SearchRun::check_cancelled() const {
  if (host_ != nullptr && host_->cancelled()) {
    throw CancelledError();
  }
}

void SearchRun::progress(double fraction, std::string_view what) const {
  if (host_ != nullptr) {
    host_->progress(fraction, what);
  }
}

void SearchRun::remember(const Design& design, const Score& score) {
  if (score.verdict != Verdict::feasible ||
      (best_objective_ && score.objective >= *best_objective_)) {
    return;
  }
  best_ = design;
  best_objective_ = score.objective;
  char text[64];
  std::snprintf(text, sizeof text, "%s%lld:%.17g", convergence_.empty() ? "" : " ",
                static_cast<long long>(spent_), score.objective);
  convergence_ += text;
}

void SearchRun::score(std::span<const Design* const> designs, std::span<Score> out) {
  check_cancelled();
  evaluator_.score(designs, out);
  for (std::size_t i = 0; i < designs.size(); ++i) {
    ++spent_;
    remember(*designs[i], out[i]);
  }
}

void SearchRun::score_variants(const Design& base, OperatorId op,
                               std::span<const Mapping> candidates, std::span<double> objectives) {
  IMBREX_ASSERT(candidates.size() == objectives.size());
  std::vector<Design> designs(std::min(kDesignsAtOnce, candidates.size()), base);
  std::vector<const Design*> pointers;
  for (const Design& design : designs) {
    pointers.push_back(&design);
  }
  std::vector<Score> scores(designs.size());
  for (std::size_t begin = 0; begin < candidates.size(); begin += designs.size()) {
    const std::size_t count = std::min(designs.size(), candidates.size() - begin);
    for (std::size_t i = 0; i < count; ++i) {
      designs[i].mapping(op) = candidates[begin + i];
    }
    score(std::span(pointers).first(count), std::span(scores).first(count));
    for (std::size_t i = 0; i < count; ++i) {
      objectives[begin + i] = scores[i].verdict == Verdict::feasible
                                  ? scores[i].objective
                                  : std::numeric_limits<double>::infinity();
    }
  }
}

void SearchRun::score_layer(OperatorId op, std::span<const Mapping> candidates,
                            std::span<LayerCost> out) {
  check_cancelled();
  evaluator_.score_layer(op, start_.placement(op), candidates, out);
  spent_ += static_cast<std::int64_t>(candidates.size());
}

void SearchRun::score_pairs(const PairBatch& batch, std::span<PairResult> out) {
  check_cancelled();
  evaluator_.score_pairs(batch, out);
  spent_ += static_cast<std::int64_t>(batch.candidates.size());
}

void SearchRun::finish(Design& result) {
  if (!best_objective_) {
    throw InfeasibleError("the search found no feasible design among the " +
                          std::to_string(evaluator_.evaluations()) + " evaluations it made");
  }
  result = best_;
  result.timeline().reset();
  if (initial_objective_) {
    evaluator_.statistic("initial_objective", *initial_objective_);
  }
  evaluator_.statistic("best_objective", *best_objective_);
  evaluator_.note("convergence", convergence_);
}

}  // namespace imbrex
