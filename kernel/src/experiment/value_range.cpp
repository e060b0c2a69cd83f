#include "experiment/value_range.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

namespace imbrex::experiment {
namespace {

// A decimal number without rounding: digits / 10^places.
struct Decimal {
  std::int64_t digits = 0;
  int places = 0;
};
constexpr int kMostPlaces = 9;
constexpr std::int64_t kLargestDigits = 1'000'000'000'000'000;

std::optional<Decimal> decimal_of(std::string_view text) noexcept {
  Decimal out;
  const bool negative = text.starts_with('-');
  if (negative) {
    text.remove_prefix(1);
  }
  bool point = false;
  bool any = false;
  for (const char c : text) {
    if (c == '.' && !point && any) {
      point = true;
      any = false;
    } else if (c >= '0' && c <= '9' && out.digits < kLargestDigits && out.places < kMostPlaces) {
      out.digits = out.digits * 10 + (c - '0');
      out.places += point ? 1 : 0;
      any = true;
    } else {
      return std::nullopt;
    }
  }
  out.digits = negative ? -out.digits : out.digits;
  return any ? std::optional(out) : std::nullopt;
}

std::optional<std::int64_t> scaled(Decimal number, int places) noexcept {
  for (; number.places < places; ++number.places) {
    if (number.digits > kLargestDigits || number.digits < -kLargestDigits) {
      return std::nullopt;
    }
    number.digits *= 10;
  }
  return number.digits;
}

std::string text_of(std::int64_t digits, int places) {
  if (places == 0) {
    return std::to_string(digits);
  }
  std::string text = std::to_string(digits < 0 ? -digits : digits);
  const auto width = static_cast<std::size_t>(places) + 1;
  text.insert(0, width > text.size() ? width - text.size() : 0, '0');
  text.insert(text.size() - static_cast<std::size_t>(places), 1, '.');
  while (text.back() == '0' && text[text.size() - 2] != '.') {
    text.pop_back();
  }
  return (digits < 0 ? "-" : "") + text;
}

// first .. last, by adding `step` or multiplying with it.
struct Range {
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::int64_t step = 0;
  bool factor = false;
  int places = 0;
};

// Nothing when the text has not the form of a range at all.
std::optional<Range> range_of(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) {
    return std::nullopt;
  }
  const std::size_t colon = text.find(':', dots);
  const auto first = decimal_of(text.substr(0, dots));
  const auto last = decimal_of(text.substr(
      dots + 2, colon == std::string_view::npos ? std::string_view::npos : colon - dots - 2));
  std::string_view step_text = colon == std::string_view::npos ? "1" : text.substr(colon + 1);
  const bool factor = step_text.starts_with('*');
  step_text.remove_prefix(factor ? 1 : 0);
  const auto step = decimal_of(step_text);
  if (!first || !last || !step) {
    return std::nullopt;
  }
  Range range;
  range.factor = factor;
  range.places = std::max({first->places, last->places, factor ? 0 : step->places});
  const auto first_digits = scaled(*first, range.places);
  const auto last_digits = scaled(*last, range.places);
  const auto step_digits = factor ? std::optional(step->digits) : scaled(*step, range.places);
  if (!first_digits || !last_digits || !step_digits || (factor && step->places > 0)) {
    throw InputError(
        fmt::format("range '{}' has too many digits, or a factor that is no integer", text));
  }
  range.first = *first_digits;
  range.last = *last_digits;
  range.step = *step_digits;
  return range;
}

void require_ends(const Range& range, std::string_view text) {
  if (range.factor ? range.step < 2 : range.step == 0) {
    throw InputError(
        fmt::format("range '{}' never ends: {}", text,
                    range.factor ? "its factor must be at least 2" : "its step must not be 0"));
  }
  const bool down = !range.factor && range.step < 0;
  if (down ? range.last > range.first : range.last < range.first) {
    throw InputError(fmt::format("range '{}' is empty: its step leads away from its end", text));
  }
  if (range.factor && range.first < 0) {
    throw InputError(fmt::format("range '{}' must start at 0 or above to be multiplied", text));
  }
}

void append_range(const Range& range, std::string_view text, std::vector<std::string>& values) {
  require_ends(range, text);
  std::int64_t at = range.first;
  while (range.step < 0 ? at >= range.last : at <= range.last) {
    if (values.size() == kMostValues) {
      throw InputError(fmt::format("'{}' has more than {} values", text, kMostValues));
    }
    values.push_back(text_of(at, range.places));
    if (!range.factor) {
      at += range.step;
    } else if (at == 0) {
      at = *scaled({1, 0}, range.places);
    } else if (at > range.last / range.step) {
      break;
    } else {
      at *= range.step;
    }
  }
}

// Splits at commas outside brackets and quotes.
std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  int depth = 0;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      quote = c == quote ? '\0' : quote;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if (c == ']' || c == '}') {
      --depth;
    } else if (c == ',' && depth == 0) {
      parts.push_back(text.substr(start, i - start));
      start = i + 1;
    }
  }
  parts.push_back(text.substr(start));
  return parts;
}

std::string_view trimmed(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string_view::npos
             ? std::string_view()
             : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

bool names_several_values(std::string_view text) noexcept {
  try {
    return parts_of(text).size() > 1 || range_of(trimmed(text)).has_value();
  } catch (const std::exception&) {
    return true;  // a range that values_of refuses
  }
}

std::vector<std::string> values_of(std::string_view text) {
  std::vector<std::string> values;
  for (const std::string_view part : parts_of(text)) {
    const std::string_view value = trimmed(part);
    if (value.empty()) {
      throw InputError(fmt::format("'{}' has an empty value", text));
    }
    if (const auto range = range_of(value)) {
      append_range(*range, value, values);
    } else {
      values.emplace_back(value);
    }
  }
  return values;
}

}  // namespace imbrex::experiment
