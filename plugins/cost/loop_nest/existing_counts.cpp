#include "existing_counts.hpp"

#include "existing.hpp"

#include <algorithm>
#include <cmath>

namespace imbrex::loop_nest {
namespace {

// Words that an instance of a level, or all of them, exchange.
struct Exchange {
  double handed = 0;    // inwards, or from there
  double turnover = 0;  // with the level outside
  double ever = 0;      // outputs only
};

class Accountant {
 public:
  Accountant(const Problem& problem, const Hierarchy& hierarchy, const Nest& nest)
      : problem_(problem), hierarchy_(hierarchy), nest_(nest) {}

  Exchange exchange(std::size_t role, std::size_t level, Instances of) const {
    const TensorRanks& tensor = problem_.tensor[role];
    const std::size_t levels = hierarchy_.levels.size();
    std::size_t child = level + 1;
    while (child < levels && (hierarchy_.levels[child].keep & keep_bit(role)) == 0) {
      ++child;
    }
    Exchange words;
    words.handed = entering_words(tensor, problem_.bounds, nest_, levels, child, level, of);
    if (level > 0) {
      words.turnover = entering_words(tensor, problem_.bounds, nest_, levels, level, level, of);
    }
    if (role == index(Role::outputs)) {
      words.ever = points_ever(tensor, problem_.bounds, nest_, level, of);
    }
    return words;
  }

 private:
  const Problem& problem_;
  const Hierarchy& hierarchy_;
  const Nest& nest_;
};

TensorCounts counts_of(const Exchange& words, bool is_output, bool is_outermost,
                       std::int64_t tile_words) noexcept {
  const auto whole = [](double value) { return static_cast<std::int64_t>(std::ceil(value)); };
  TensorCounts counts{tile_words, whole(words.handed), whole(words.turnover), 0};
  if (is_output) {
    counts.updates = whole(words.handed);
    counts.reads = whole(words.handed - words.ever + words.turnover);
    counts.fills = is_outermost ? 0 : whole(words.turnover - words.ever);
  }
  return counts;
}

}  // namespace

AllWords count_existing(const Problem& problem, const Hierarchy& hierarchy, const Nest& nest,
                        KeepMask roles, NestCounts& counts) {
  AllWords all{};
  const Accountant accountant(problem, hierarchy, nest);
  double instances = 1;
  for (std::size_t l = 0; l < hierarchy.levels.size(); ++l) {
    for (std::size_t role = 0; role < kRoles; ++role) {
      if ((hierarchy.levels[l].keep & keep_bit(role)) == 0) {
        continue;
      }
      const bool is_output = role == index(Role::outputs);
      TensorCounts& mine = counts.tensor[l][role];
      if ((roles & keep_bit(role)) == 0) {
        all[l][role] = {instances * static_cast<double>(mine.reads),
                        instances * static_cast<double>(mine.fills + mine.updates)};
        continue;
      }
      const Exchange together = accountant.exchange(role, l, Instances::all);
      // Windows of the first instance may lie in the padding: never less than the mean.
      Exchange most = together;
      if (instances > 1) {
        most = accountant.exchange(role, l, Instances::first);
        most.handed = std::max(most.handed, together.handed / instances);
        most.turnover = std::max(most.turnover, together.turnover / instances);
      }
      mine = counts_of(most, is_output, l == 0, mine.tile_words);
      const TensorCounts sum = counts_of(together, is_output, l == 0, 0);
      all[l][role] = {static_cast<double>(sum.reads), static_cast<double>(sum.fills + sum.updates)};
    }
    instances *= static_cast<double>(nest.fanout[l]);
  }
  return all;
}

}  // namespace imbrex::loop_nest
