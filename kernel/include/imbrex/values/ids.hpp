// Strong identifiers, tables that they index, and the loop dimensions every part of Imbrex speaks
// about.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace imbrex {

// Index of an operator or tensor inside its Workload; operators are topologically ordered.
enum class OperatorId : std::int32_t { none = -1 };
enum class TensorId : std::int32_t { none = -1 };

// The place of an enumerator in an array that holds one entry for each, such as a table of names.
template <typename Enum>
requires std::is_enum_v<Enum>
constexpr std::size_t index(Enum value) noexcept {
  return static_cast<std::size_t>(value);
}
constexpr OperatorId operator_id(std::size_t i) noexcept {
  return static_cast<OperatorId>(i);
}
constexpr TensorId tensor_id(std::size_t i) noexcept {
  return static_cast<TensorId>(i);
}

// All ids below a count, ascending: `for (const OperatorId id : ids)`.
template <typename Id>
class IdRange {
 public:
  class Iterator {
   public:
    constexpr explicit Iterator(std::size_t at) noexcept : at_(at) {}
    constexpr Id operator*() const noexcept { return static_cast<Id>(at_); }
    constexpr Iterator& operator++() noexcept {
      ++at_;
      return *this;
    }
    constexpr bool operator==(const Iterator&) const noexcept = default;

   private:
    std::size_t at_;
  };

  constexpr explicit IdRange(std::size_t count) noexcept : count_(count) {}
  constexpr Iterator begin() const noexcept { return Iterator(0); }
  constexpr Iterator end() const noexcept { return Iterator(count_); }

 private:
  std::size_t count_;
};

// What may stand where a position of type Id is asked for: the type itself, and for signed
// positions also a narrower one, which loses nothing.
template <typename Position, typename Id>
concept PositionOf = std::same_as<Position, Id> ||
    (std::signed_integral<Position>&& std::signed_integral<Id> && sizeof(Position) <= sizeof(Id));

// A vector that is subscripted by the type of its positions and by no other: by OperatorId or
// TensorId where it has an entry for every one of them, by std::int32_t or std::int64_t where its
// positions (servers, steps, links, nodes, segments) are signed numbers. Everything else, the
// unchecked subscript included, is std::vector's, and so is the layout; where a whole vector or
// span is read, it passes as one.
template <typename Id, typename T>
requires std::is_enum_v<Id> || std::signed_integral<Id>
class IndexVector : public std::vector<T> {
  using Base = std::vector<T>;

 public:
  using Base::assign;
  using Base::Base;
  using Base::resize;
  using typename Base::const_reference;
  using typename Base::reference;
  constexpr IndexVector() = default;
  constexpr explicit IndexVector(Base entries) noexcept : Base(std::move(entries)) {}
  // Signed counts, never negative, as signed positions have them.
  template <std::signed_integral Count>
  constexpr explicit IndexVector(Count count) : Base(static_cast<std::size_t>(count)) {}
  template <std::signed_integral Count>
  constexpr IndexVector(Count count, const T& value)
      : Base(static_cast<std::size_t>(count), value) {}
  template <std::signed_integral Count>
  constexpr void assign(Count count, const T& value) {
    Base::assign(static_cast<std::size_t>(count), value);
  }
  template <std::signed_integral Count>
  constexpr void resize(Count count) {
    Base::resize(static_cast<std::size_t>(count));
  }
  template <std::signed_integral Count>
  constexpr void resize(Count count, const T& value) {
    Base::resize(static_cast<std::size_t>(count), value);
  }

  template <PositionOf<Id> Position>
  constexpr reference operator[](Position position) noexcept {
    return Base::operator[](static_cast<std::size_t>(position));
  }
  template <PositionOf<Id> Position>
  constexpr const_reference operator[](Position position) const noexcept {
    return Base::operator[](static_cast<std::size_t>(position));
  }

  constexpr IdRange<Id> ids() const noexcept { return IdRange<Id>(this->size()); }
};

// Loop dimensions: batch, group, output channel per group, input channel per group, output row,
// output column, kernel row, kernel column (design, section 2).
enum class Dim : std::uint8_t { N, G, K, C, P, Q, R, S };
inline constexpr std::size_t kDimCount = 8;
inline constexpr std::array<std::string_view, kDimCount> kDimNames = {"N", "G", "K", "C",
                                                                      "P", "Q", "R", "S"};

// Is a candidate usable? A value, never an exception, because searches meet millions of them.
enum class Verdict : std::uint8_t { feasible, infeasible, unsupported };

// Does an analysis give the true answer, a safe (never early) bound of it, or a guess that may be
// early or late?
enum class Exactness : std::uint8_t { exact, conservative, estimate };
inline constexpr std::string_view kExactnessNames[] = {"exact", "conservative", "estimate"};

}  // namespace imbrex
