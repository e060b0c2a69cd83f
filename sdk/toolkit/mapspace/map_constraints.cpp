#include <imbrex/plugin/document.hpp>
#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/mapspace/map_constraints.hpp>

#include <algorithm>
#include <charconv>
#include <sstream>

#include <fnmatch.h>

namespace imbrex::mapspace {
namespace {

constexpr std::string_view kForms =
    "\"OPERATORS: SLOT dims = K P\", \"OPERATORS: SLOT K = 4\" (or <=, >=), \"OPERATORS: SLOT >= "
    "64\" and \"OPERATORS: SLOT order = P Q\"";

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw InputError("constraint \"" + text + "\": " + why);
}

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  const auto last = text.find_last_not_of(" \t");
  return first == std::string_view::npos ? std::string()
                                         : std::string(text.substr(first, last - first + 1));
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) {
    if (!trimmed(part).empty()) {
      parts.push_back(trimmed(part));
    }
  }
  return parts;
}

std::string joined(std::span<const std::string> names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "'" : ", '") + name + "'";
  }
  return text;
}

// The longest slot name that the text begins with.
std::string slot_named(const std::string& text, const std::string& rest,
                       std::span<const std::string> slots) {
  std::string found;
  for (const std::string& slot : slots) {
    const bool begins = rest.compare(0, slot.size(), slot) == 0 &&
                        (rest.size() == slot.size() || rest[slot.size()] == ' ');
    if (begins && slot.size() > found.size()) {
      found = slot;
    }
  }
  if (!found.empty()) {
    return found;
  }
  const std::vector<std::string> words = split(rest, ' ');
  const std::string given = words.size() < 2 ? rest : words[0] + " " + words[1];
  const std::vector<std::string_view> names(slots.begin(), slots.end());
  const std::string_view nearest = nearest_name(given, names);
  refuse(text,
         "there is no slot '" + given + "'" +
             (nearest.empty() ? std::string() : "; did you mean '" + std::string(nearest) + "'?") +
             " The slots are " + joined(slots));
}

Dim dim_of(const std::string& text, const std::string& name) {
  for (std::size_t d = 0; d < kDimCount; ++d) {
    if (kDimNames[d] == name) {
      return static_cast<Dim>(d);
    }
  }
  refuse(text, "'" + name + "' is not a dimension; they are N, G, K, C, P, Q, R and S");
}

std::int64_t number_of(const std::string& text, const std::string& word) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size() || value < 1) {
    refuse(text, "'" + word + "' is not a number of at least 1");
  }
  return value;
}

std::vector<Dim> dims_of(const std::string& text, std::span<const std::string> words) {
  std::vector<Dim> dims;
  if (words.size() == 1 && words[0] == "none") {
    return dims;
  }
  for (const std::string& word : words) {
    dims.push_back(dim_of(text, word));
  }
  return dims;
}

bool is_relation(const std::string& word) {
  return word == "=" || word == "<=" || word == ">=";
}

// Steps come one after another, and the next one only when all work of this one is done: nothing
// temporal may run outside of them.
void follow_chain(Dim chain, MapSpaceSpec& spec) {
  bool placed = false;
  for (std::size_t s = 0; s < spec.slots.size(); ++s) {
    MapSlot& slot = spec.slots[s];
    const bool is_outer_temporal = slot.outer && slot.kind == LoopKind::temporal;
    const bool holds = (slot.dims & dim_bit(chain)) != 0;
    if (!placed && is_outer_temporal && holds) {
      placed = true;
      slot.ordered = true;
      spec.orders.push_back({s, {chain}});
    } else if (!placed && is_outer_temporal) {
      slot.dims = 0;
    } else {
      slot.dims = static_cast<DimMask>(slot.dims & ~dim_bit(chain));
    }
  }
}

}  // namespace

MapConstraints::Rule MapConstraints::parse(const std::string& text,
                                           std::span<const std::string> slots) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) {
    refuse(text, "has no ':' after the operators; the forms are " + std::string(kForms));
  }
  Rule rule;
  rule.text = text;
  rule.patterns = split(text.substr(0, colon), ',');
  const std::string rest = trimmed(std::string_view(text).substr(colon + 1));
  rule.slot = slot_named(text, rest, slots);
  const std::vector<std::string> words = split(rest.substr(rule.slot.size()), ' ');
  const bool assigns = words.size() >= 3 && words[1] == "=";
  if (assigns && (words[0] == "dims" || words[0] == "order")) {
    rule.form = words[0] == "dims" ? Form::dims : Form::order;
    rule.dims = dims_of(text, std::span(words).subspan(2));
    return rule;
  }
  const bool of_dim = words.size() == 3 && is_relation(words[1]);
  if (!of_dim && !(words.size() == 2 && is_relation(words[0]))) {
    refuse(text, "is of none of the forms " + std::string(kForms));
  }
  rule.form = of_dim ? Form::factor : Form::product;
  if (of_dim) {
    rule.dims = {dim_of(text, words[0])};
  }
  const std::string& relation = words[words.size() - 2];
  const std::int64_t value = number_of(text, words.back());
  rule.minimum = relation == "<=" ? 1 : value;
  rule.maximum = relation == ">=" ? INT64_MAX : value;
  return rule;
}

bool MapConstraints::concerns(const Rule& rule, const Operator& op) {
  return std::any_of(rule.patterns.begin(), rule.patterns.end(), [&](const std::string& pattern) {
    return fnmatch(pattern.c_str(), op.name.c_str(), 0) == 0;
  });
}

MapConstraints::MapConstraints(std::span<const std::string> texts, const Workload& workload,
                               std::span<const std::string> slots) {
  for (const std::string& text : texts) {
    Rule rule = parse(text, slots);
    std::vector<std::string_view> names;
    bool matches = false;
    for (const Operator& op : workload.operators()) {
      if (op.has_macs()) {
        names.push_back(op.name);
        matches = matches || concerns(rule, op);
      }
    }
    if (!matches) {
      const std::string_view nearest =
          rule.patterns.empty() ? std::string_view() : nearest_name(rule.patterns.front(), names);
      refuse(text, "no operator with multiply-accumulates matches it" +
                       (nearest.empty() ? std::string()
                                        : "; did you mean '" + std::string(nearest) + "'?"));
    }
    rules_.push_back(std::move(rule));
  }
}

namespace {

// Only these dimensions may loop in the slot.
void allow_only(const std::vector<Dim>& dims, std::size_t slot, const std::string& origin,
                MapSpaceSpec& spec) {
  MapSlot& target = spec.slots[slot];
  for (std::size_t d = 0; d < kDimCount; ++d) {
    const Dim dim = static_cast<Dim>(d);
    if ((target.dims & dim_bit(dim)) != 0 &&
        std::find(dims.begin(), dims.end(), dim) == dims.end()) {
      target.dims = static_cast<DimMask>(target.dims & ~dim_bit(dim));
      spec.factors.push_back({dim, slot, 1, 1, origin});
    }
  }
}

}  // namespace

void MapConstraints::apply(const Rule& rule, std::size_t slot, MapSpaceSpec& spec) {
  MapSlot& target = spec.slots[slot];
  const std::string origin = "constraint \"" + rule.text + "\"";
  switch (rule.form) {
    case Form::dims:
      allow_only(rule.dims, slot, origin, spec);
      return;
    case Form::factor: {
      const std::int64_t bound = spec.bounds[rule.dims.front()];
      spec.factors.push_back(
          {rule.dims.front(), slot, std::min(rule.minimum, bound), rule.maximum, origin});
      return;
    }
    case Form::product:
      if (target.kind == LoopKind::temporal) {
        refuse(rule.text, "slot '" + target.name +
                              "' is temporal; only the loops of a spatial slot have a product "
                              "that matters, bound single dimensions instead");
      }
      if (rule.minimum > target.fanout_floor) {
        target.fanout_floor = rule.minimum;
        spec.factors.push_back({Dim::N, slot, 1, INT64_MAX, origin});
      }
      if (rule.maximum < INT64_MAX) {
        target.fanout = target.fanout == 0 ? rule.maximum : std::min(target.fanout, rule.maximum);
        // Says no more than that somebody limited the space.
        spec.factors.push_back({Dim::N, slot, 1, INT64_MAX - 1, origin});
      }
      return;
    case Form::order:
      spec.orders.push_back({slot, rule.dims});
      return;
  }
}

bool MapConstraints::concern(const Operator& op) const {
  return std::any_of(rules_.begin(), rules_.end(),
                     [&](const Rule& rule) { return concerns(rule, op); });
}

void MapConstraints::apply(const Operator& op, MapSpaceSpec& spec) const {
  if (op.chain) {
    follow_chain(*op.chain, spec);
  }
  for (const Rule& rule : rules_) {
    if (!concerns(rule, op)) {
      continue;
    }
    for (std::size_t slot = 0; slot < spec.slots.size(); ++slot) {
      if (spec.slots[slot].name == rule.slot) {
        apply(rule, slot, spec);
      }
    }
  }
}

}  // namespace imbrex::mapspace
