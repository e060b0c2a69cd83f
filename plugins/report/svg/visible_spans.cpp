#include "visible_spans.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace imbrex::svg {
namespace {

// Closes gaps; spans may be in any order before.
std::vector<Span> joined(std::vector<Span> spans) {
  std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
    return std::tie(a.from, a.to) < std::tie(b.from, b.to);
  });
  std::vector<Span> out;
  for (const Span& span : spans) {
    if (!out.empty() && span.from - out.back().to < kNarrowest) {
      out.back().to = std::max(out.back().to, span.to);
    } else {
      out.push_back(span);
    }
  }
  return out;
}

void widen(std::vector<Span>& spans) {
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const Coordinate wide = spans[i].from + kVisible;
    const Coordinate room = i + 1 < spans.size() ? spans[i + 1].from - kNarrowest : wide;
    spans[i].to = std::max(spans[i].to, std::min(wide, room));
  }
}

// Jobs of a run that follow one another closely are one span from the start.
void add_run(const JobRun& run, const std::function<Coordinate(std::int64_t)>& x,
             std::vector<Span>& spans) {
  for (std::int64_t i = 0; i < run.count; ++i) {
    const TimedJob job = run[i];
    const Coordinate from = x(job.start_ps);
    const Coordinate to = x(job.end_ps);
    const bool follows = i > 0 && from >= spans.back().from;
    if (follows && from - spans.back().to < kNarrowest) {
      spans.back().to = std::max(spans.back().to, to);
    } else {
      spans.push_back({from, to});
    }
  }
}

}  // namespace

std::vector<std::vector<Span>> lanes_of(std::span<const JobRun> runs, Coordinate height,
                                        const std::function<Coordinate(std::int64_t)>& x) {
  std::map<std::int32_t, std::size_t> number_of;  // servers, in their order
  for (const JobRun& run : runs) {
    number_of.emplace(run.first.server, number_of.size());
  }
  const std::size_t room = static_cast<std::size_t>(std::max<Coordinate>(height / kLowest, 1));
  std::vector<std::vector<Span>> lanes(std::min(number_of.size(), room));
  for (const JobRun& run : runs) {
    add_run(run, x, lanes[number_of[run.first.server] * lanes.size() / number_of.size()]);
  }
  for (std::vector<Span>& lane : lanes) {
    lane = joined(std::move(lane));
    widen(lane);
  }
  return lanes;
}

}  // namespace imbrex::svg
