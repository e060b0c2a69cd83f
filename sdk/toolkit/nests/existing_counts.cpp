#include <imbrex/toolkit/nests/busiest.hpp>
#include <imbrex/toolkit/nests/existing.hpp>
#include <imbrex/toolkit/nests/existing_counts.hpp>

#include <array>
#include <cmath>
#include <utility>

namespace imbrex::nests {
namespace {

// Words that an instance of a level, or all of them, exchange.
struct Exchange {
  double handed = 0;    // inwards, or from there
  double turnover = 0;  // with the level outside
  double ever = 0;      // outputs only
};

// One tensor, from the MACs outwards.
class Accountant {
 public:
  Accountant(const Problem& problem, const Hierarchy& hierarchy, const DimLoops& loops,
             std::size_t role)
      : nest_(loops.nest()),
        loops_(loops),
        tensor_(problem.tensor[role]),
        bounds_(problem.bounds),
        levels_(hierarchy.levels.size()),
        child_(levels_),
        is_output_(role == index(Role::outputs)) {}

  // Levels that keep the tensor, innermost first. `instances` of them.
  std::pair<Exchange, Exchange> next(std::size_t level, double instances) {
    const Exchange all = exchange(level, turnover_);
    Exchange most = all;
    if (instances > 1 && are_alike(tensor_, nest_, level)) {
      most = {all.handed / instances, all.turnover / instances, all.ever / instances};
    } else if (instances > 1) {
      most = busiest(level);
    }
    turnover_ = all.turnover;
    child_ = level;
    return {all, most};
  }

 private:
  // Each of what it moves as much as any instance does; of results, whose points all exist, that is
  // the first.
  Exchange busiest(std::size_t level) const {
    Exchange words;
    words.handed = most_entering_words(tensor_, bounds_, loops_, levels_, child_, level);
    if (level > 0) {
      words.turnover = most_entering_words(tensor_, bounds_, loops_, levels_, level, level);
    }
    if (is_output_) {
      words.ever = points_ever(tensor_, bounds_, loops_, level, Instances::first);
    }
    return words;
  }

  Exchange exchange(std::size_t level, double child_turnover) const {
    // Without instances in between, what one level hands inwards is what the other takes in.
    const bool passes_on =
        child_ < levels_ && nest_.spatial_inside[child_] == nest_.spatial_inside[level];
    Exchange words;
    words.handed = passes_on ? child_turnover
                             : entering_words(tensor_, bounds_, loops_, levels_, child_, level,
                                              Instances::all);
    if (level > 0) {
      words.turnover =
          entering_words(tensor_, bounds_, loops_, levels_, level, level, Instances::all);
    }
    if (is_output_) {
      words.ever = points_ever(tensor_, bounds_, loops_, level, Instances::all);
    }
    return words;
  }

  const Nest& nest_;
  const DimLoops& loops_;
  const TensorRanks& tensor_;
  const LoopBounds& bounds_;
  std::size_t levels_;
  std::size_t child_;    // the next level inside that keeps the tensor, or the MACs
  double turnover_ = 0;  // of its instances together
  bool is_output_;
};

TensorCounts counts_of(const Exchange& words, bool is_output, bool is_outermost,
                       std::int64_t tile_words) noexcept {
  const auto whole = [](double value) { return static_cast<std::int64_t>(std::ceil(value)); };
  TensorCounts counts{tile_words, whole(words.handed), whole(words.turnover), 0, 0, 0};
  if (is_output) {
    counts.updates = whole(words.handed);
    counts.points = whole(words.ever);
    counts.reads = whole(words.handed - words.ever + words.turnover);
    counts.fills = is_outermost ? 0 : whole(words.turnover - words.ever);
  }
  return counts;
}

}  // namespace

AllWords count_existing(const Problem& problem, const Hierarchy& hierarchy, const Nest& nest,
                        KeepMask roles, NestCounts& counts) {
  AllWords all{};
  const std::size_t levels = hierarchy.levels.size();
  std::array<double, kMaxLevels> instances;
  double outside = 1;
  for (std::size_t l = 0; l < levels; ++l) {
    instances[l] = outside;
    outside *= static_cast<double>(nest.fanout[l]);
  }
  const DimLoops loops(nest);
  for (std::size_t role = 0; role < kRoles; ++role) {
    Accountant accountant(problem, hierarchy, loops, role);
    for (std::size_t l = levels; l-- > 0;) {
      TensorCounts& mine = counts.tensor[l][role];
      if ((hierarchy.levels[l].keep & keep_bit(role)) == 0) {
        continue;
      }
      if ((roles & keep_bit(role)) == 0) {
        all[l][role] = {instances[l] * static_cast<double>(mine.reads),
                        instances[l] * static_cast<double>(mine.fills + mine.updates),
                        instances[l] * static_cast<double>(mine.points)};
        continue;
      }
      const auto [together, most] = accountant.next(l, instances[l]);
      const bool is_output = role == index(Role::outputs);
      mine = counts_of(most, is_output, l == 0, mine.tile_words);
      const TensorCounts sum = counts_of(together, is_output, l == 0, 0);
      all[l][role] = {static_cast<double>(sum.reads), static_cast<double>(sum.fills + sum.updates),
                      static_cast<double>(sum.points)};
    }
  }
  return all;
}

}  // namespace imbrex::nests
