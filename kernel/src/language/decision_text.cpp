#include <imbrex/plugin/document.hpp>
#include <imbrex/values/decision_text.hpp>

#include <algorithm>
#include <charconv>

namespace imbrex {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kLoopKindNames[] = {"temporal", "spatial"};

std::string_view trimmed(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(kBlanks);
  const auto last = text.find_last_not_of(kBlanks);
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, last - first + 1);
}

// "GLB temporal": GLB.
std::string_view level_of_slot(const MapSlot& slot) noexcept {
  std::string_view name = slot.name;
  for (const std::string_view kind : kLoopKindNames) {
    if (name.size() > kind.size() + 1 && name.ends_with(kind) &&
        name[name.size() - kind.size() - 1] == ' ') {
      name.remove_suffix(kind.size() + 1);
      break;
    }
  }
  return trimmed(name);
}

std::string joined(std::string_view a, std::string_view b, std::string_view c) {
  std::string text(a);
  text += ' ';
  text += b;
  text += ' ';
  text += c;
  return text;
}

}  // namespace

LevelNames::LevelNames(const Architecture& architecture, const MapSpaceSpec& space) {
  const auto add = [&](std::string_view name, std::uint8_t level) {
    last_ = std::max(last_, level);
    if (!name.empty() && std::find(names_.begin(), names_.end(), name) == names_.end()) {
      names_.emplace_back(name);
      levels_.push_back(level);
    }
  };
  for (const MapSlot& slot : space.slots) {
    add(level_of_slot(slot), slot.level);
  }
  for (std::size_t level = 0; level < architecture.levels.size() && level < UINT8_MAX; ++level) {
    add(architecture.levels[level].name, static_cast<std::uint8_t>(level));
  }
}

std::string LevelNames::text(std::uint8_t level) const {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (levels_[i] == level && find(names_[i]) == level) {
      return names_[i];
    }
  }
  return std::to_string(level);
}

int LevelNames::find(std::string_view text) const noexcept {
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) {
    return number >= 0 && number <= last_ ? number : -1;
  }
  const auto found = std::find(names_.begin(), names_.end(), text);
  return found == names_.end() ? -1 : levels_.begin()[found - names_.begin()];
}

std::uint8_t default_outer(const MapSpaceSpec& space, const Mapping& mapping) noexcept {
  const auto is_outer = [&](const Loop& loop) {
    for (const MapSlot& slot : space.slots) {
      if (slot.level == loop.level && slot.kind == loop.kind) {
        return slot.outer;
      }
    }
    return space.slots.empty() && loop.level == 0;
  };
  const auto loops = mapping.all_loops();
  return static_cast<std::uint8_t>(std::find_if_not(loops.begin(), loops.end(), is_outer) -
                                   loops.begin());
}

std::array<std::int64_t, kDimCount> inner_extent(const Mapping& mapping) noexcept {
  std::array<std::int64_t, kDimCount> extent;
  extent.fill(1);
  for (const Loop& loop : mapping.all_loops().subspan(mapping.outer)) {
    std::int64_t& product = extent[index(loop.dim)];
    if (__builtin_mul_overflow(product, loop.bound, &product)) {
      product = INT64_MAX;
    }
  }
  return extent;
}

NestTexts nest_texts(std::string_view op, const Mapping& mapping, const MapSpaceSpec& space,
                     const LevelNames& levels) {
  NestTexts texts;
  Mapping loops;
  loops.job_extent = mapping.job_extent;
  for (std::size_t i = 0; i < mapping.count; ++i) {
    const Loop& loop = mapping.loops[i];
    if (loop.bound == 1) {
      continue;
    }
    loops.loops[loops.count++] = loop;
    loops.outer = static_cast<std::uint8_t>(loops.outer + (i < mapping.outer ? 1 : 0));
    const std::string where = joined(op, levels.text(loop.level),
                                     kLoopKindNames[loop.kind == LoopKind::temporal ? 0 : 1]);
    texts.loops.push_back(joined(where, kDimNames[index(loop.dim)], std::to_string(loop.bound)));
  }
  if (loops.outer != default_outer(space, loops)) {
    texts.outer.push_back(std::string(op) + " " + std::to_string(loops.outer));
  }
  const auto inside = inner_extent(loops);
  for (std::size_t d = 0; d < kDimCount; ++d) {
    if (inside[d] != loops.job_extent[d]) {
      texts.job_extents.push_back(joined(op, kDimNames[d], std::to_string(loops.job_extent[d])));
    }
  }
  return texts;
}

std::vector<std::string> placement_texts(std::string_view op, const Placement& placement) {
  std::vector<std::string> texts = {joined(op, "segment", std::to_string(placement.segment)),
                                    joined(op, "copies", std::to_string(placement.copies))};
  const Placement plain;
  if (placement.units != plain.units) {
    texts.push_back(joined(op, "units", std::to_string(placement.units)));
  }
  if (placement.first_unit != plain.first_unit) {
    texts.push_back(joined(op, "first_unit", std::to_string(placement.first_unit)));
  }
  if (placement.dealing != plain.dealing) {
    texts.push_back(joined(op, "dealing", kDealingNames[static_cast<int>(placement.dealing)]));
  }
  return texts;
}

TextParts last_words(std::string_view text, std::size_t count) {
  TextParts parts;
  parts.head = trimmed(text);
  for (std::size_t i = 0; i < count; ++i) {
    const auto blank = parts.head.find_last_of(kBlanks);
    if (blank == std::string_view::npos) {
      return {trimmed(text), {}};
    }
    parts.words.insert(parts.words.begin(), parts.head.substr(blank + 1));
    parts.head = trimmed(parts.head.substr(0, blank));
  }
  return parts;
}

OperatorNames::OperatorNames(const Workload& workload) {
  names_.reserve(workload.operators().size());
  for (std::size_t i = 0; i < workload.operators().size(); ++i) {
    names_.push_back(workload.operators()[i].name);
    ids_.emplace(names_.back(), operator_id(i));
  }
}

OperatorId OperatorNames::find(std::string_view name) const noexcept {
  const auto found = ids_.find(name);
  return found == ids_.end() ? OperatorId::none : found->second;
}

std::string OperatorNames::nearest(std::string_view name) const {
  const std::string_view near = nearest_name(name, names_);
  return near.empty() ? std::string() : "; did you mean '" + std::string(near) + "'?";
}

OperatorNames::Split OperatorNames::split(std::string_view head) const noexcept {
  for (auto blank = head.find_last_of(kBlanks); blank != std::string_view::npos && blank > 0;
       blank = head.find_last_of(kBlanks, blank - 1)) {
    const OperatorId op = find(head.substr(0, blank));
    const std::string_view rest = trimmed(head.substr(blank));
    if (op != OperatorId::none && !rest.empty()) {
      return {op, rest};
    }
  }
  return {};
}

}  // namespace imbrex
