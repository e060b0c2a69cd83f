#include <imbrex/plugin/document.hpp>

#include <algorithm>
#include <vector>

namespace imbrex {
namespace {

// Longer words are not misspelt names, and the distance is quadratic.
constexpr std::size_t kMaxNameLength = 128;
// A given part such as "clsa-cim" points to the one name that contains it; shorter parts say
// nothing.
constexpr std::size_t kMinPartLength = 3;

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') {
      c = static_cast<char>(c - 'A' + 'a');
    }
  }
  return result;
}

// Damerau-Levenshtein distance with adjacent transpositions (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> previous(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    previous[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = a[i - 1] == b[j - 1] ? 0 : 1;
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + changed});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

std::string_view only_name_containing(std::string_view part,
                                      std::span<const std::string_view> known) {
  std::string_view found;
  for (const std::string_view name : known) {
    if (lower_case(name).find(part) != std::string::npos) {
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
  const std::string wanted = lower_case(given);
  // About one mistake in three characters; more would suggest unrelated words.
  const std::size_t limit = std::clamp<std::size_t>(wanted.size() / 3, 1, 4);
  std::size_t best_distance = limit + 1;
  std::string_view best;
  for (const std::string_view name : known) {
    if (name.size() > wanted.size() + limit || wanted.size() > name.size() + limit) {
      continue;
    }
    const std::size_t distance = edit_distance(wanted, lower_case(name));
    if (distance < best_distance) {
      best_distance = distance;
      best = name;
    }
  }
  if (best.empty() && wanted.size() >= kMinPartLength) {
    best = only_name_containing(wanted, known);
  }
  return best;
}

}  // namespace imbrex
