// A table of neighbouring operators. The graph of one segment has entries for the operators of the
// segment alone: a network of a thousand segments would have a thousand tables of all operators.
#pragma once

#include <imbrex/values/ids.hpp>

#include <cstddef>
#include <utility>
#include <vector>

namespace imbrex {

// Operators [begin, end).
struct OperatorSpan {
  std::size_t begin = 0;
  std::size_t end = 0;

  constexpr std::size_t size() const noexcept { return end - begin; }
  constexpr bool holds(OperatorId id) const noexcept {
    return id >= operator_id(begin) && id < operator_id(end);
  }
};

template <class T>
class OperatorRange {
  using Entries = std::vector<T>;

 public:
  OperatorRange() = default;
  explicit OperatorRange(OperatorSpan span, const T& value = T{})
      : begin_(span.begin), entries_(span.size(), value) {}
  // For entries that cannot be copied.
  static OperatorRange of_defaults(OperatorSpan span) {
    OperatorRange range;
    range.begin_ = span.begin;
    range.entries_.resize(span.size());
    return range;
  }

  OperatorSpan span() const noexcept { return {begin_, begin_ + entries_.size()}; }
  // Requires: the span holds the operator.
  typename Entries::reference operator[](OperatorId id) noexcept {
    return entries_[index(id) - begin_];
  }
  typename Entries::const_reference operator[](OperatorId id) const noexcept {
    return entries_[index(id) - begin_];
  }

 private:
  std::size_t begin_ = 0;
  Entries entries_;
};

}  // namespace imbrex
