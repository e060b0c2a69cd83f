#include <imbrex/plugin/document.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace imbrex {
namespace {

// Longer words are not misspelt names, and the distance is quadratic.
constexpr std::size_t kMaxNameLength = 128;
// A given part such as "clsa-cim" points to the one name that contains it; shorter parts say
// nothing.
constexpr std::size_t kMinPartLength = 3;

// The longest name that is compared: one mistake in three characters, four at most, may be missing.
constexpr std::size_t kMaxMistakes = 4;
constexpr std::size_t kMaxCompared = kMaxNameLength + kMaxMistakes;

char lower_case(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// A name in lower case, and which characters occur in it. A file may hold a hundred thousand wrong
// names and as many right ones: nothing is allocated per comparison, and most need no distance.
struct Letters {
  explicit Letters(std::string_view name) noexcept : size(name.size()) {
    for (std::size_t i = 0; i < size; ++i) {
      text[i] = lower_case(name[i]);
      occurring |= std::uint64_t{1} << (static_cast<unsigned char>(text[i]) % 64);
    }
  }
  std::string_view view() const noexcept { return {text.data(), size}; }

  std::array<char, kMaxCompared> text{};
  std::size_t size = 0;
  std::uint64_t occurring = 0;  // a bit stands for several characters
};

// One mistake takes away, or adds, one character at most; so this is never more than the distance.
std::size_t least_distance(const Letters& a, const Letters& b) noexcept {
  return static_cast<std::size_t>(std::max(std::popcount(a.occurring & ~b.occurring),
                                           std::popcount(b.occurring & ~a.occurring)));
}

// Damerau-Levenshtein distance with adjacent transpositions (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) noexcept {
  using Row = std::array<std::size_t, kMaxCompared + 1>;
  std::array<Row, 3> rows;
  Row* before = &rows[0];
  Row* previous = &rows[1];
  Row* current = &rows[2];
  for (std::size_t j = 0; j <= b.size(); ++j) {
    (*previous)[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    (*current)[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = a[i - 1] == b[j - 1] ? 0 : 1;
      (*current)[j] =
          std::min({(*previous)[j] + 1, (*current)[j - 1] + 1, (*previous)[j - 1] + changed});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        (*current)[j] = std::min((*current)[j], (*before)[j - 2] + 1);
      }
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return (*previous)[b.size()];
}

bool contains(std::string_view name, std::string_view part) noexcept {
  return std::search(name.begin(), name.end(), part.begin(), part.end(),
                     [](char c, char wanted) { return lower_case(c) == wanted; }) != name.end();
}

std::string_view only_name_containing(std::string_view part,
                                      std::span<const std::string_view> known) {
  std::string_view found;
  for (const std::string_view name : known) {
    if (contains(name, part)) {
      if (!found.empty() && found != name) {
        return {};
      }
      found = name;
    }
  }
  return found;
}

}  // namespace

std::string_view nearest_name(std::string_view given,
                              std::span<const std::string_view> known) noexcept {
  if (given.empty() || given.size() > kMaxNameLength) {
    return {};
  }
  const Letters wanted(given);
  // About one mistake in three characters; more would suggest unrelated words.
  const std::size_t limit = std::clamp<std::size_t>(wanted.size / 3, 1, kMaxMistakes);
  std::size_t best_distance = limit + 1;
  std::string_view best;
  for (const std::string_view name : known) {
    if (name.size() > wanted.size + limit || wanted.size > name.size() + limit) {
      continue;
    }
    const Letters candidate(name);
    if (least_distance(wanted, candidate) >= best_distance) {
      continue;
    }
    const std::size_t distance = edit_distance(wanted.view(), candidate.view());
    if (distance < best_distance) {
      best_distance = distance;
      best = name;
    }
  }
  if (best.empty() && wanted.size >= kMinPartLength) {
    best = only_name_containing(wanted.view(), known);
  }
  return best;
}

}  // namespace imbrex
