#include "experiment/comparison.hpp"

#include "experiment/fields.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

namespace imbrex::experiment {
namespace {

constexpr int kDigits = 6;

template <class Items>
auto* find_named(Items& items, std::string_view name) {
  const auto at = std::find_if(items.begin(), items.end(),
                               [&](const auto& item) { return item.first == name; });
  return at == items.end() ? nullptr : &at->second;
}

// The names that any side has, in the order of the first that has them.
template <class Items>
std::vector<std::string> all_names(const std::vector<Comparand>& sides, Items Comparand::*items) {
  std::vector<std::string> names;
  for (const Comparand& side : sides) {
    for (const auto& item : side.*items) {
      if (std::find(names.begin(), names.end(), item.first) == names.end()) {
        names.push_back(item.first);
      }
    }
  }
  return names;
}

// In per cent of the first; nothing from 0 to something else.
std::optional<double> change(double first, double other) {
  if (first == other) {
    return 0.0;
  }
  return first == 0 ? std::nullopt : std::optional(100 * (other - first) / std::abs(first));
}

std::string change_text(std::string_view quantity, double first, double other) {
  const auto percent = change(first, other);
  if (percent && *percent == 0) {
    return "=";
  }
  const Direction direction = direction_of(quantity);
  const bool better = (other > first) == (direction == Direction::more_is_better);
  const std::string_view word = direction == Direction::unknown ? ""
                                : better                        ? " better"
                                                                : " worse";
  return percent ? fmt::format("{:+.2f}%{}", *percent, word) : fmt::format("new{}", word);
}

std::vector<std::string> header_of(const std::vector<Comparand>& sides, std::string first,
                                   bool with_changes) {
  std::vector<std::string> header = {std::move(first)};
  for (std::size_t i = 0; i < sides.size(); ++i) {
    header.push_back(sides[i].label);
    if (with_changes && i > 0) {
      header.emplace_back("change");
    }
  }
  return header;
}

std::vector<std::string> quantity_row(const std::string& name, const std::vector<Comparand>& sides,
                                      bool& changed) {
  std::vector<std::string> row = {name};
  const double* const first = find_named(sides.front().quantities, name);
  for (std::size_t i = 0; i < sides.size(); ++i) {
    const double* const value = find_named(sides[i].quantities, name);
    row.push_back(value == nullptr ? "-" : number_text(*value, kDigits));
    changed = changed || (value == nullptr) != (first == nullptr) ||
              (value != nullptr && *value != *first);
    if (i > 0) {
      row.push_back(value == nullptr || first == nullptr ? "-" : change_text(name, *first, *value));
    }
  }
  return row;
}

double duration_of(const Comparand& side, std::string_view name) {
  const auto at = std::find_if(side.operators.begin(), side.operators.end(),
                               [&](const ComparedOperator& op) { return op.name == name; });
  return at == side.operators.end() ? 0 : at->duration_ps;
}

}  // namespace

Table compare_quantities(const std::vector<Comparand>& sides, bool only_changed) {
  Table out{"", header_of(sides, "quantity", true), {}, 1};
  for (const std::string& name : all_names(sides, &Comparand::quantities)) {
    bool changed = false;
    auto row = quantity_row(name, sides, changed);
    if (changed || !only_changed) {
      out.rows.push_back(std::move(row));
    }
  }
  return out;
}

Table compare_settings(const std::vector<Comparand>& sides) {
  Table out{"", header_of(sides, "setting", false), {}, sides.size() + 1};
  for (const std::string& name : all_names(sides, &Comparand::settings)) {
    std::vector<std::string> row = {name};
    bool changed = false;
    for (const Comparand& side : sides) {
      const std::string* const value = find_named(side.settings, name);
      row.push_back(value == nullptr ? "-" : *value);
      changed = changed || row.back() != row[1];
    }
    if (changed) {
      out.rows.push_back(std::move(row));
    }
  }
  return out;
}

Table compare_operators(const std::vector<Comparand>& sides, std::size_t most) {
  std::vector<std::pair<double, std::vector<std::string>>> rows;
  for (const ComparedOperator& op : sides.front().operators) {
    std::vector<std::string> row = {op.name};
    double spread = 0;
    for (const Comparand& side : sides) {
      const double duration = duration_of(side, op.name);
      row.push_back(number_text(duration, kDigits));
      spread = std::max(spread, std::abs(duration - op.duration_ps));
      if (&side != &sides.front()) {
        row.push_back(change_text("duration_ps", op.duration_ps, duration));
      }
    }
    if (spread > 0) {
      rows.emplace_back(spread, std::move(row));
    }
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& one, const auto& other) { return one.first > other.first; });
  Table out{"", header_of(sides, "operator, start to end in ps", true), {}, 1};
  for (std::size_t i = 0; i < std::min(most, rows.size()); ++i) {
    out.rows.push_back(std::move(rows[i].second));
  }
  return out;
}

Limit read_limit(std::string_view text) {
  const std::size_t sign = text.find_first_of("<>");
  std::string_view number = sign == std::string_view::npos ? "" : text.substr(sign + 1);
  number.remove_prefix(number.starts_with('+') ? 1 : 0);
  number.remove_suffix(number.ends_with('%') ? 1 : 0);
  Limit limit;
  limit.text = text;
  const auto [end, error] =
      std::from_chars(number.data(), number.data() + number.size(), limit.percent);
  if (sign == 0 || error != std::errc() || end != number.data() + number.size() ||
      !std::isfinite(limit.percent)) {
    throw InputError(
        fmt::format("--fail-if '{}': expected a quantity, < or >, and a change in per "
                    "cent, e.g. latency>+1%",
                    text));
  }
  limit.quantity = text.substr(0, sign);
  limit.above = text[sign] == '>';
  return limit;
}

std::vector<std::string> broken_by(const Limit& limit, const std::vector<Comparand>& sides) {
  const std::vector<std::string> names = all_names(sides, &Comparand::quantities);
  const auto named = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
    return name == limit.quantity ||
           (name.starts_with(limit.quantity + "_") && name.find('.') == std::string::npos);
  });
  if (named == names.end()) {
    const std::vector<std::string_view> known(names.begin(), names.end());
    throw InputError(fmt::format("--fail-if '{}': no result has '{}'{}", limit.text, limit.quantity,
                                 Fields::suggestion(limit.quantity, known)));
  }
  std::vector<std::string> broken;
  const double* const first = find_named(sides.front().quantities, *named);
  for (std::size_t i = 1; i < sides.size(); ++i) {
    const double* const value = find_named(sides[i].quantities, *named);
    if (first == nullptr || value == nullptr) {
      broken.push_back(fmt::format("{}: {} is missing", limit.text, *named));
      continue;
    }
    const double percent = change(*first, *value).value_or(*value > 0 ? HUGE_VAL : -HUGE_VAL);
    if (limit.above ? percent > limit.percent : percent < limit.percent) {
      broken.push_back(fmt::format("{}: {} is {} in {} and {} in {} ({:+.2f}%)", limit.text, *named,
                                   number_text(*first, kDigits), sides.front().label,
                                   number_text(*value, kDigits), sides[i].label, percent));
    }
  }
  return broken;
}

}  // namespace imbrex::experiment
