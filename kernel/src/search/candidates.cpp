// File: candidates.cpp
#include <imbrex/search_support.hpp>

#include <algorithm>
#include <unordered_set>

namespace imbrex {
namespace {

constexpr std::size_t kBatch = 256;
// Draws before giving up on a space whose mappings are mostly infeasible or already drawn.
constexpr std::size_t kDrawsPerCandidate = 16;
constexpr std::size_t kExtraDraws = 4096;

// Two mappings with equal hashes count as one: at worst a candidate is missed, once in 2^64 pairs.
std::uint64_t hash_of(const Mapping& mapping) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  const auto mix = [&hash](std::uint64_t value) {
    hash = (hash ^ value) * 0x9e3779b97f4a7c15ull;
    hash ^= hash >> 29;
  };
  mix(mapping.outer);
  for (const Loop& loop : mapping.all_loops()) {
    mix(static_cast<std::uint64_t>(loop.bound));
    mix(static_cast<std::uint64_t>(loop.dim) | static_cast<std::uint64_t>(loop.kind) << 8 |
        static_cast<std::uint64_t>(loop.level) << 16);
  }
  for (const std::int64_t extent : mapping.job_extent) {
    mix(static_cast<std::uint64_t>(extent));
  }
  return hash;
}

std::string operator_text(const Design& design, OperatorId op) {
  return "operator '" + design.workload().at(op).name + "'";
}

// Collects the feasible and new ones of a sequence of mappings, batch by batch.
class Collector {
 public:
  Collector(SearchRun& run, OperatorId op, std::size_t count) : run_(run), op_(op), count_(count) {}

  LayerCandidates& result() noexcept { return result_; }
  bool full() const noexcept { return taken_ == count_ || out_of_budget_; }
  bool out_of_budget() const noexcept { return out_of_budget_; }

  void add_start(const std::optional<Mapping>& mapping) {
    if (!mapping) {
      return;
    }
    seen_.insert(hash_of(*mapping));
    LayerCost cost;
    run_.score_layer(op_, {&*mapping, 1}, {&cost, 1});
    if (cost.verdict == Verdict::feasible) {
      result_.mappings.push_back(*mapping);
      result_.latency_ps.push_back(cost.latency_ps);
      result_.has_start = true;
    }
  }

  void offer(const Mapping& mapping) {
    if (seen_.insert(hash_of(mapping)).second) {
      batch_.push_back(mapping);
      if (batch_.size() >= std::min(kBatch, count_ - taken_)) {
        flush();
      }
    }
  }

  void flush() {
    const std::size_t allowed = run_.room(batch_.size());
    out_of_budget_ = out_of_budget_ || allowed < batch_.size();
    batch_.resize(allowed);
    costs_.resize(allowed);
    if (allowed > 0) {
      run_.score_layer(op_, batch_, costs_);
    }
    for (std::size_t i = 0; i < allowed && taken_ < count_; ++i) {
      if (costs_[i].verdict == Verdict::feasible) {
        result_.mappings.push_back(batch_[i]);
        result_.latency_ps.push_back(costs_[i].latency_ps);
        ++taken_;
      }
    }
    batch_.clear();
  }

 private:
  SearchRun& run_;
  OperatorId op_;
  std::size_t count_;
  std::size_t taken_ = 0;
  bool out_of_budget_ = false;
  LayerCandidates result_;
  std::unordered_set<std::uint64_t> seen_;
  std::vector<Mapping> batch_;
  std::vector<LayerCost> costs_;
};

void enumerate(const MapSpace& space, Collector& collector) {
  for (MapSpace::Index i = 0; i < space.size() && !collector.full(); ++i) {
    collector.offer(space.at(i));
  }
  collector.flush();
}

void draw(const MapSpace& space, std::size_t count, Random& random, Collector& collector) {
  const std::size_t most = kDrawsPerCandidate * count + kExtraDraws;
  for (std::size_t i = 0; i < most && !collector.full(); ++i) {
    collector.offer(space.sample(random));
  }
  collector.flush();
}

}  // namespace

std::size_t LayerCandidates::fastest() const noexcept {
  return static_cast<std::size_t>(std::min_element(latency_ps.begin(), latency_ps.end()) -
                                  latency_ps.begin());
}

std::string decimal(MapSpace::Index value) {
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value > 0);
  return digits;
}

std::optional<Mapping> present_mapping(const Design& design, OperatorId op,
                                       const Evaluator& evaluator) {
  if (design.mapping(op)) {
    return design.mapping(op);
  }
  try {
    return evaluator.cost().canonical_mapping(op, design.placement(op),
                                              evaluator.analyzer().job_shape());
  } catch (const InfeasibleError&) {
    return std::nullopt;
  }
}

std::optional<MapSpace> map_space_of(const Design& design, OperatorId op, const CostModel& cost) {
  MapSpaceSpec spec = cost.map_space(op, design.placement(op));
  if (spec.slots.empty()) {
    return std::nullopt;
  }
  MapSpace space(std::move(spec));
  if (space.empty()) {
    throw InfeasibleError(operator_text(design, op) +
                          " has no legal mapping: " + space.why_empty());
  }
  return space;
}

LayerCandidates sample_candidates(SearchRun& run, OperatorId op, std::size_t count, Random random) {
  const Design& design = run.start();
  Collector collector(run, op, count);
  collector.add_start(present_mapping(design, op, run.evaluator()));
  const std::optional<MapSpace> space = map_space_of(design, op, run.evaluator().cost());
  collector.result().has_space = space.has_value();
  if (!space || space->size() <= count) {
    if (space) {
      enumerate(*space, collector);
    }
    collector.result().complete = !collector.out_of_budget();
  } else {
    draw(*space, count, random, collector);
  }
  if (collector.result().mappings.empty()) {
    throw InfeasibleError(
        "no feasible mapping of " + operator_text(design, op) + " was found" +
        (space ? " among those tried of its " + decimal(space->size()) + " legal loop nests"
               : std::string(": the cost model refuses the only one it offers")) +
        "; its placement is too small for it");
  }
  return std::move(collector.result());
}

std::vector<LayerCandidates> sample_all(SearchRun& run, const LayerGraph& graph, std::size_t count,
                                        const Host& host) {
  std::vector<LayerCandidates> all;
  for (const OperatorId op : graph.layers) {
    all.push_back(sample_candidates(run, op, count, host.random(index(op))));
  }
  return all;
}

}  // namespace imbrex
