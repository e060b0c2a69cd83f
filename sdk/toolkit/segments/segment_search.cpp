#include <imbrex/toolkit/segments/segment_search.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace imbrex::segments {

Spans::Spans(std::vector<std::int32_t> largest_ends) : largest_end_(std::move(largest_ends)) {
  first_.push_back(0);
  for (std::int32_t begin = 0; begin < units(); ++begin) {
    first_.push_back(first_.back() + static_cast<std::size_t>(largest_end(begin) - begin));
  }
}

std::vector<UnitSpan> spans_of(const Ends& ends) {
  std::vector<UnitSpan> spans;
  std::int32_t begin = 0;
  for (const std::int32_t end : ends) {
    spans.push_back({begin, end});
    begin = end;
  }
  return spans;
}

double total(const Spans& spans, const Ends& ends, std::span<const double> cost) noexcept {
  double sum = 0;
  std::int32_t begin = 0;
  for (const std::int32_t end : ends) {
    sum += cost[spans.number(begin, end)];
    begin = end;
  }
  return sum;
}

Ends greedy(const Spans& spans) {
  Ends ends;
  for (std::int32_t begin = 0; begin < spans.units(); begin = ends.back()) {
    ends.push_back(spans.largest_end(begin));
  }
  return ends;
}

Ends shortest_path(const Spans& spans, SpanCost cost) {
  const auto count = static_cast<std::size_t>(spans.units());
  std::vector<double> best(count + 1, std::numeric_limits<double>::infinity());
  std::vector<std::int32_t> from(count + 1, 0);
  best[0] = 0;
  for (std::int32_t begin = 0; begin < spans.units(); ++begin) {
    const double before = best[static_cast<std::size_t>(begin)];
    for (std::int32_t end = begin + 1; end <= spans.largest_end(begin); ++end) {
      double& least = best[static_cast<std::size_t>(end)];
      const double sum = before + cost({begin, end}, before, least);
      if (sum < least) {
        least = sum;
        from[static_cast<std::size_t>(end)] = begin;
      }
    }
  }
  Ends ends;
  for (std::int32_t end = spans.units(); end > 0; end = from[static_cast<std::size_t>(end)]) {
    ends.push_back(end);
  }
  std::reverse(ends.begin(), ends.end());
  return ends;
}

Ends shortest_path(const Spans& spans, std::span<const double> cost) {
  return shortest_path(spans, [&](UnitSpan span, double, double) {
    return cost[spans.number(span.begin, span.end)];
  });
}

namespace {

using Credit = FunctionRef<double(std::size_t, std::size_t)>;

// Begins of the spans that end at each unit.
std::vector<std::vector<std::int32_t>> begins_by_end(const Spans& spans) {
  std::vector<std::vector<std::int32_t>> begins(static_cast<std::size_t>(spans.units()) + 1);
  for (std::int32_t begin = 0; begin < spans.units(); ++begin) {
    for (std::int32_t end = begin + 1; end <= spans.largest_end(begin); ++end) {
      begins[static_cast<std::size_t>(end)].push_back(begin);
    }
  }
  return begins;
}

}  // namespace

Ends shortest_path_with_credit(const Spans& spans, std::span<const double> cost, Credit credit) {
  const auto begins = begins_by_end(spans);
  std::vector<double> best(spans.count(), std::numeric_limits<double>::infinity());
  std::vector<std::int32_t> from(spans.count(), -1);  // begin of the span before
  for (std::int32_t begin = 0; begin < spans.units(); ++begin) {
    for (std::int32_t end = begin + 1; end <= spans.largest_end(begin); ++end) {
      const std::size_t here = spans.number(begin, end);
      if (begin == 0) {
        best[here] = cost[here];
      }
      for (const std::int32_t before : begins[static_cast<std::size_t>(begin)]) {
        const std::size_t previous = spans.number(before, begin);
        const double value = best[previous] + cost[here] - credit(previous, here);
        if (value < best[here]) {
          best[here] = value;
          from[here] = before;
        }
      }
    }
  }
  std::int32_t end = spans.units();
  std::int32_t begin = begins.back().front();
  for (const std::int32_t candidate : begins.back()) {
    if (best[spans.number(candidate, end)] < best[spans.number(begin, end)]) {
      begin = candidate;
    }
  }
  Ends ends{end};
  while (begin > 0) {
    const std::int32_t before = from[spans.number(begin, end)];
    end = std::exchange(begin, before);
    ends.push_back(end);
  }
  std::reverse(ends.begin(), ends.end());
  return ends;
}

double total_with_credit(const Spans& spans, const Ends& ends, std::span<const double> cost,
                         Credit credit) {
  double sum = total(spans, ends, cost);
  for (std::size_t i = 1; i < ends.size(); ++i) {
    const std::int32_t begin = i >= 2 ? ends[i - 2] : 0;
    sum -= credit(spans.number(begin, ends[i - 1]), spans.number(ends[i - 1], ends[i]));
  }
  return sum;
}

namespace {

// A cut and its two sums.
struct Point {
  Ends ends;
  double x = 0;
  double y = 0;
  double product() const noexcept { return x * y; }
};

class Hull {
 public:
  Hull(const Spans& spans, std::span<const double> x, std::span<const double> y)
      : spans_(spans), x_(x), y_(y), weighted_(spans.count()) {}

  Ends run() {
    const Point left = lightest(1, 0);
    const Point bottom = lightest(0, 1);
    best_ = left.product() <= bottom.product() ? left : bottom;
    between(left, bottom);
    return best_.ends;
  }

 private:
  Point lightest(double weight_x, double weight_y) {
    for (std::size_t i = 0; i < weighted_.size(); ++i) {
      // Infinity times no weight would be no number.
      const bool possible = std::isfinite(x_[i]) && std::isfinite(y_[i]);
      weighted_[i] =
          possible ? weight_x * x_[i] + weight_y * y_[i] : std::numeric_limits<double>::infinity();
    }
    Point point{shortest_path(spans_, weighted_)};
    point.x = total(spans_, point.ends, x_);
    point.y = total(spans_, point.ends, y_);
    return point;
  }

  // Vertices below the line through two points of the hull, left above, right below.
  void between(const Point& left, const Point& right) {
    const double weight_x = left.y - right.y;
    const double weight_y = right.x - left.x;
    if (weight_x <= 0 && weight_y <= 0) {
      return;
    }
    const Point middle = lightest(weight_x, weight_y);
    const double line = weight_x * left.x + weight_y * left.y;
    constexpr double kRounding = 1e-12;
    if (weight_x * middle.x + weight_y * middle.y >= line * (1 - kRounding)) {
      return;
    }
    if (middle.product() < best_.product()) {
      best_ = middle;
    }
    between(left, middle);
    between(middle, right);
  }

  const Spans& spans_;
  std::span<const double> x_;
  std::span<const double> y_;
  std::vector<double> weighted_;
  Point best_;
};

}  // namespace

Ends least_product(const Spans& spans, std::span<const double> x, std::span<const double> y) {
  return Hull(spans, x, y).run();
}

}  // namespace imbrex::segments
