#include "search/lacking.hpp"
#include "search/layer_fronts.hpp"

#include <imbrex/toolkit/mapspace/map_space.hpp>
#include <imbrex/toolkit/search/candidates.hpp>
#include <imbrex/toolkit/search/search_run.hpp>
#include <imbrex/values/map_space_spec.hpp>

#include <algorithm>
#include <cstdio>
#include <limits>

namespace imbrex::search {
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

struct SearchRun::Knowledge {
  std::vector<std::unique_ptr<const mapspace::MapSpace>> spaces;
  // Operators whose mapping at the start may not compete: every design that wins has another one.
  std::vector<OperatorId> outside;
  Lacking lacking;
  std::vector<LayerFront> fronts;
};

SearchRun::~SearchRun() = default;

const mapspace::MapSpace* SearchRun::space_of(OperatorId op) {
  const MapSpaceSpec spec = evaluator_.cost().map_space(op, start_.placement(op));
  for (const auto& known : known_->spaces) {
    if (equal(known->spec(), spec)) {
      return known.get();
    }
  }
  std::optional<mapspace::MapSpace> space = mapspace::map_space_of(start_, op, evaluator_.cost());
  if (!space) {
    return nullptr;
  }
  known_->spaces.push_back(std::make_unique<const mapspace::MapSpace>(std::move(*space)));
  return known_->spaces.back().get();
}

const optimum::Front& SearchRun::front_of(OperatorId op, std::int64_t max_states) {
  std::vector<LayerFront>& fronts = known_->fronts;
  if (fronts.empty()) {
    for (const OperatorId layer : layer_graph(start_, evaluator_.cost()).layers) {
      add_layer(fronts, start_, evaluator_, layer, space_of(layer));
    }
    find(fronts, start_, evaluator_, max_states, host_);
    check_cancelled();  // half a front is no reason to go on
  }
  const auto found = std::find_if(fronts.begin(), fronts.end(), [&](const LayerFront& layer) {
    return std::find(layer.operators.begin(), layer.operators.end(), op) != layer.operators.end();
  });
  IMBREX_ASSERT(found != fronts.end());
  return found->front;
}

std::optional<Mapping> SearchRun::start_mapping(OperatorId op) const {
  std::optional<Mapping> mapping = present_mapping(start_, op, evaluator_);
  const MapSpaceSpec spec = evaluator_.cost().map_space(op, start_.placement(op));
  if (mapping && !spec.slots.empty() && !in_map_space(spec, *mapping)) {
    mapping.reset();
  }
  return mapping;
}

SearchRun::SearchRun(const Design& start, Evaluator& evaluator, Host* host, std::int64_t budget)
    : known_(std::make_unique<Knowledge>()),
      evaluator_(evaluator),
      host_(host),
      start_(start),
      best_(start),
      budget_(budget) {
  start_.timeline().reset();
  bool any_space = false;
  bool any_layer = false;
  for (std::size_t i = 0; i < start_.workload().operators().size(); ++i) {
    const OperatorId op = operator_id(i);
    if (!evaluator_.cost().demand(op).mappable) {
      continue;
    }
    any_layer = true;
    any_space |= !evaluator_.cost().map_space(op, start_.placement(op)).slots.empty();
    if (!start_mapping(op)) {
      known_->outside.push_back(op);
    }
  }
  if (any_layer && !any_space) {
    say_nothing_to_search();
  }
  score_start();
  for (std::size_t i = 0; i < start_.workload().operators().size(); ++i) {
    start_.set_dealt_order(operator_id(i), nullptr);
  }
}

void SearchRun::say_nothing_to_search() const {
  constexpr std::string_view kText =
      "the cost model offers no operator a choice of mappings: there is nothing to search";
  if (host_ != nullptr) {
    host_->log(LogLevel::warning, kText);
  }
  evaluator_.note("nothing_to_search", kText);
}

void SearchRun::score_start() {
  if (!known_->outside.empty()) {
    return;
  }
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

void SearchRun::progress(std::uint64_t done, std::uint64_t total, std::string_view what) const {
  constexpr std::uint64_t kMostTimes = 1000;
  const std::uint64_t step = std::max<std::uint64_t>(1, total / kMostTimes);
  if (host_ == nullptr || total == 0 || (done % step != 0 && done < total)) {
    return;
  }
  char text[96];
  std::snprintf(text, sizeof text, "%llu of %llu %.*s", static_cast<unsigned long long>(done),
                static_cast<unsigned long long>(total), static_cast<int>(what.size()), what.data());
  host_->progress(static_cast<double>(done) / static_cast<double>(total), text);
}

// Mappings of the start that may not compete have to go; all others come from the map spaces.
bool SearchRun::competes(const Design& design) const {
  return std::all_of(known_->outside.begin(), known_->outside.end(), [&](OperatorId op) {
    const MapSpaceSpec spec = evaluator_.cost().map_space(op, start_.placement(op));
    return design.mapping(op) && (spec.slots.empty() || in_map_space(spec, *design.mapping(op)));
  });
}

void SearchRun::remember(const Design& design, const Score& score) {
  if (score.verdict != Verdict::feasible) {
    if (!best_objective_) {  // nobody asks once something fits
      known_->lacking.add(evaluator_.cost(), design);
    }
    return;
  }
  if ((best_objective_ && score.objective >= *best_objective_) || !competes(design)) {
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
                          std::to_string(evaluator_.evaluations()) + " evaluations it made" +
                          known_->lacking.text(start_.workload()));
  }
  result = best_;
  result.timeline().reset();
  if (initial_objective_) {
    evaluator_.statistic("initial_objective", *initial_objective_);
  }
  evaluator_.statistic("best_objective", *best_objective_);
  evaluator_.note("convergence", convergence_);
  if (!known_->fronts.empty()) {
    state(known_->fronts, start_.workload(), evaluator_);
  }
}

}  // namespace imbrex::search
