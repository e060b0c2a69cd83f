#include "segment_genetic.hpp"

#include <algorithm>
#include <iterator>

namespace imbrex::compass {

void append_random(const segments::Spans& spans, std::int32_t begin, std::int32_t end,
                   Random& random, segments::Ends& ends) {
  while (begin < end) {
    begin = static_cast<std::int32_t>(
        random.between(begin + 1, std::min(end, spans.largest_end(begin))));
    ends.push_back(begin);
  }
}

Scores::Scores(const segments::Spans& spans, std::span<const segments::Ends> population,
               std::span<const double> cost)
    : spans_(spans), cost_(cost), sums_(static_cast<std::size_t>(spans.units()) + 1) {
  std::vector<double> unit(static_cast<std::size_t>(spans.units()));
  for (const segments::Ends& ends : population) {
    std::int32_t begin = 0;
    for (const std::int32_t end : ends) {
      const double share = cost[spans.number(begin, end)] / static_cast<double>(end - begin);
      for (; begin < end; ++begin) {
        unit[static_cast<std::size_t>(begin)] += share;
      }
    }
  }
  for (std::size_t i = 0; i < unit.size(); ++i) {
    sums_[i + 1] = sums_[i] + unit[i] / static_cast<double>(population.size());
  }
}

double Scores::of_span(std::int32_t begin, std::int32_t end) const noexcept {
  return cost_[spans_.number(begin, end)] / expected(begin, end);
}
double Scores::of_pair(std::int32_t begin, std::int32_t middle, std::int32_t end) const noexcept {
  return (cost_[spans_.number(begin, middle)] + cost_[spans_.number(middle, end)]) /
         expected(begin, end);
}

namespace {

std::int32_t begin_of(const segments::Ends& ends, std::size_t i) noexcept {
  return i == 0 ? 0 : ends[i - 1];
}

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// The worst legal thing of `count`, the first among equals.
template <class Legal, class Score>
std::size_t worst(std::size_t count, Legal legal, Score score) {
  std::size_t found = kNone;
  for (std::size_t i = 0; i < count; ++i) {
    if (legal(i) && (found == kNone || score(i) > score(found))) {
      found = i;
    }
  }
  return found;
}

bool merge(const segments::Spans& spans, const Scores& scores, segments::Ends& ends) {
  const std::size_t pair = worst(
      ends.size() - 1, [&](std::size_t i) { return spans.fits(begin_of(ends, i), ends[i + 1]); },
      [&](std::size_t i) { return scores.of_pair(begin_of(ends, i), ends[i], ends[i + 1]); });
  if (pair == kNone) {
    return false;
  }
  ends.erase(std::next(ends.begin(), static_cast<std::ptrdiff_t>(pair)));
  return true;
}

bool split(const Scores& scores, Random& random, segments::Ends& ends) {
  const std::size_t span = worst(
      ends.size(), [&](std::size_t i) { return ends[i] - begin_of(ends, i) >= 2; },
      [&](std::size_t i) { return scores.of_span(begin_of(ends, i), ends[i]); });
  if (span == kNone) {
    return false;
  }
  const auto cut =
      static_cast<std::int32_t>(random.between(begin_of(ends, span) + 1, ends[span] - 1));
  ends.insert(std::next(ends.begin(), static_cast<std::ptrdiff_t>(span)), cut);
  return true;
}

// The cut between the worst neighbours goes one unit to either side.
bool move(const segments::Spans& spans, const Scores& scores, Random& random,
          segments::Ends& ends) {
  const std::size_t pair = worst(
      ends.size() - 1, [](std::size_t) { return true; },
      [&](std::size_t i) { return scores.of_pair(begin_of(ends, i), ends[i], ends[i + 1]); });
  if (pair == kNone) {
    return false;
  }
  const std::int32_t first = random.below(2) == 0 ? -1 : 1;
  for (const std::int32_t step : {first, -first}) {
    const std::int32_t cut = ends[pair] + step;
    if (cut > begin_of(ends, pair) && cut < ends[pair + 1] &&
        spans.fits(begin_of(ends, pair), cut) && spans.fits(cut, ends[pair + 1])) {
      ends[pair] = cut;
      return true;
    }
  }
  return false;
}

void fixed_random(const segments::Spans& spans, const Scores& scores, Random& random,
                  segments::Ends& ends) {
  const std::size_t best = worst(
      ends.size(), [](std::size_t) { return true; },
      [&](std::size_t i) { return -scores.of_span(begin_of(ends, i), ends[i]); });
  segments::Ends fresh;
  append_random(spans, 0, begin_of(ends, best), random, fresh);
  fresh.push_back(ends[best]);
  append_random(spans, ends[best], spans.units(), random, fresh);
  ends = std::move(fresh);
}

}  // namespace

bool mutate(const segments::Spans& spans, const Scores& scores, Mutation kind, Random& random,
            segments::Ends& ends) {
  switch (kind) {
    case Mutation::merge:
      return merge(spans, scores, ends);
    case Mutation::split:
      return split(scores, random, ends);
    case Mutation::move:
      return move(spans, scores, random, ends);
    case Mutation::fixed_random:
      break;
  }
  fixed_random(spans, scores, random, ends);
  return true;
}

}  // namespace imbrex::compass
