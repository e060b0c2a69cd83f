// Cutting a sequence of units into spans that fit: exact and heuristic searches over nothing but
// numbers (specification compass sections 9 to 11). Units are parts of layers on crossbars, whole
// layers on arrays. Pure; knows neither hardware nor networks.
#pragma once

#include <imbrex/plugin/host.hpp>
#include <imbrex/values/segments.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace imbrex::segments {

// Where the spans of a sequence end: strictly ascending, the last is the number of units.
using Ends = std::vector<std::int32_t>;
std::vector<UnitSpan> spans_of(const Ends& ends);

// All spans [a, b) that fit, numbered by a, then b.
class Spans {
 public:
  // Per first unit, the largest end; as `largest_ends` gives them.
  explicit Spans(std::vector<std::int32_t> largest_ends);
  std::int32_t units() const noexcept { return static_cast<std::int32_t>(largest_end_.size()); }
  std::size_t count() const noexcept { return first_.back(); }
  std::int32_t largest_end(std::int32_t begin) const noexcept {
    return largest_end_[static_cast<std::size_t>(begin)];
  }
  bool fits(std::int32_t begin, std::int32_t end) const noexcept {
    return end <= largest_end(begin);
  }
  std::size_t number(std::int32_t begin, std::int32_t end) const noexcept {
    return first_[static_cast<std::size_t>(begin)] + static_cast<std::size_t>(end - begin - 1);
  }

 private:
  std::vector<std::int32_t> largest_end_;
  std::vector<std::size_t> first_;  // number of [a, a + 1)
};

// Sum over the spans of a cut; `cost` by number of the span.
double total(const Spans& spans, const Ends& ends, std::span<const double> cost) noexcept;

// As much as fits, then cut.
Ends greedy(const Spans& spans);

// Infinite costs stand for spans that cannot be; some cut must have none.
//
// Least sum. Ties: the earlier last cut, so longer spans late. O(spans).
Ends shortest_path(const Spans& spans, std::span<const double> cost);

// The same for costs that are dear to know: each span is asked about once, by first unit, then end.
// `before` is the least sum of what precedes the span, `least` the smallest sum known of everything
// up to its end: where before + cost is not below that, the answer may be infinity as well.
using SpanCost = FunctionRef<double(UnitSpan span, double before, double least)>;
Ends shortest_path(const Spans& spans, SpanCost cost);

// Least sum of costs minus the credits of neighbours; exact, with the last span as state.
// `credit(p, q)`: of span number p followed by q. O(spans * longest span).
Ends shortest_path_with_credit(const Spans& spans, std::span<const double> cost,
                               FunctionRef<double(std::size_t, std::size_t)> credit);
double total_with_credit(const Spans& spans, const Ends& ends, std::span<const double> cost,
                         FunctionRef<double(std::size_t, std::size_t)> credit);

// Least product of two sums, exact: the product is quasi-concave, so a vertex of the lower left
// convex hull of (sum of x, sum of y) has it, and every vertex is a shortest path for some weights.
// Costs must not be negative. O(spans * vertices).
Ends least_product(const Spans& spans, std::span<const double> x, std::span<const double> y);

}  // namespace imbrex::segments
