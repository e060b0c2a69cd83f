#include "nest_texts.hpp"

#include <imbrex/plugin/document.hpp>
#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <charconv>

namespace imbrex::given_mapping {
namespace {

constexpr std::string_view kLoopForm =
    "\"OPERATOR LEVEL temporal|spatial DIMENSION BOUND\", e.g. \"conv1 DRAM temporal K 4\"";
constexpr std::string_view kOuterForm = "\"OPERATOR COUNT\", e.g. \"conv1 3\"";
constexpr std::string_view kExtentForm = "\"OPERATOR DIMENSION EXTENT\", e.g. \"conv1 C 64\"";

[[noreturn]] void refuse(std::string_view parameter, const std::string& text,
                         const std::string& why) {
  throw InputError(std::string(parameter) + " \"" + text + "\": " + why);
}

std::string in_quotes(std::string_view word) {
  std::string text("'");
  text.append(word);
  text += '\'';
  return text;
}

// The last words of a text of the given form.
TextParts parts_of(std::string_view parameter, const std::string& text, std::size_t count,
                   std::string_view form) {
  TextParts parts = last_words(text, count);
  if (parts.words.empty() || parts.head.empty()) {
    refuse(parameter, text, "has too few words; expected " + std::string(form));
  }
  return parts;
}

std::int64_t number_of(std::string_view parameter, const std::string& text, std::string_view word,
                       std::int64_t least, std::string_view form) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size() || value < least) {
    refuse(parameter, text,
           in_quotes(word) + " is not a number of at least " + std::to_string(least) +
               "; expected " + std::string(form));
  }
  return value;
}

Dim dim_of(std::string_view parameter, const std::string& text, std::string_view word) {
  const auto* const found = std::find(kDimNames.begin(), kDimNames.end(), word);
  if (found == kDimNames.end()) {
    refuse(parameter, text,
           in_quotes(word) + " is not a dimension; they are N, G, K, C, P, Q, R and S");
  }
  return static_cast<Dim>(found - kDimNames.begin());
}

LoopKind kind_of(const std::string& text, std::string_view word) {
  if (word == "temporal" || word == "t") {
    return LoopKind::temporal;
  }
  if (word != "spatial" && word != "s") {
    refuse("loops", text,
           in_quotes(word) + " is neither temporal nor spatial (t, s); expected " +
               std::string(kLoopForm));
  }
  return LoopKind::spatial;
}

// A loop but for its level.
struct LoopText {
  std::string_view head;  // operator and level
  Loop loop;
};
LoopText loop_of(const std::string& text) {
  const TextParts parts = parts_of("loops", text, 3, kLoopForm);
  LoopText result;
  result.head = parts.head;
  result.loop.kind = kind_of(text, parts.words[0]);
  result.loop.dim = dim_of("loops", text, parts.words[1]);
  result.loop.bound = number_of("loops", text, parts.words[2], 1, kLoopForm);
  return result;
}

class Reading {
 public:
  Reading(const Design& design, const Architecture& architecture, const CostModel& cost)
      : design_(design), architecture_(architecture), cost_(cost), names_(design.workload()) {}

  void add_loop(const std::string& text);
  void add_outer(const std::string& text);
  void add_extent(const std::string& text);
  std::map<OperatorId, Mapping> finish();

 private:
  struct Given {
    MapSpaceSpec space;
    LevelNames levels;
    Mapping mapping;
    int outer = -1;                                // -1: not said
    std::array<std::int64_t, kDimCount> extent{};  // 0: not said
  };

  Given& given_of(std::string_view parameter, const std::string& text, OperatorId op);
  OperatorId whole_name(std::string_view parameter, const std::string& text,
                        std::string_view name) const;
  [[noreturn]] void refuse_operator(std::string_view parameter, const std::string& text,
                                    std::string_view name) const;
  void require_cover(OperatorId op, const Mapping& mapping) const;

  const Design& design_;
  const Architecture& architecture_;
  const CostModel& cost_;
  OperatorNames names_;
  std::map<OperatorId, Given> given_;
};

void Reading::refuse_operator(std::string_view parameter, const std::string& text,
                              std::string_view name) const {
  refuse(parameter, text, "there is no operator " + in_quotes(name) + names_.nearest(name));
}

Reading::Given& Reading::given_of(std::string_view parameter, const std::string& text,
                                  OperatorId op) {
  const auto found = given_.find(op);
  if (found != given_.end()) {
    return found->second;
  }
  if (!cost_.demand(op).mappable) {
    refuse(parameter, text,
           "operator " + in_quotes(design_.workload().at(op).name) +
               " has no loop nest here: it only moves data, or the cost model does not map it");
  }
  MapSpaceSpec space = cost_.map_space(op, design_.placement(op));
  LevelNames levels(architecture_, space);
  return given_.emplace(op, Given{std::move(space), std::move(levels), {}, -1, {}}).first->second;
}

void Reading::add_loop(const std::string& text) {
  LoopText given = loop_of(text);
  const OperatorNames::Split split = names_.split(given.head);
  if (split.op == OperatorId::none) {
    const TextParts words = last_words(given.head, 1);
    refuse_operator("loops", text, words.words.empty() ? given.head : words.head);
  }
  Given& nest = given_of("loops", text, split.op);
  const int level = nest.levels.find(split.rest);
  if (level < 0) {
    const std::vector<std::string>& all = nest.levels.all();
    const std::string_view near =
        nearest_name(split.rest, std::vector<std::string_view>(all.begin(), all.end()));
    std::string list;
    for (const std::string& name : all) {
      list +=
          (list.empty() ? "" : ", ") + name + " (" + std::to_string(nest.levels.find(name)) + ")";
    }
    refuse("loops", text,
           "there is no level " + in_quotes(split.rest) +
               (near.empty() ? std::string() : "; did you mean " + in_quotes(near) + "?") +
               " The levels are " + list);
  }
  if (given.loop.bound == 1) {
    return;
  }
  if (nest.mapping.count == kMaxLoops) {
    refuse("loops", text,
           "operator " + in_quotes(design_.workload().at(split.op).name) + " has more than " +
               std::to_string(kMaxLoops) + " loops");
  }
  given.loop.level = static_cast<std::uint8_t>(level);
  nest.mapping.loops[nest.mapping.count++] = given.loop;
}

OperatorId Reading::whole_name(std::string_view parameter, const std::string& text,
                               std::string_view name) const {
  const OperatorId op = names_.find(name);
  if (op == OperatorId::none) {
    refuse_operator(parameter, text, name);
  }
  return op;
}

void Reading::add_outer(const std::string& text) {
  const TextParts parts = parts_of("outer", text, 1, kOuterForm);
  const OperatorId op = whole_name("outer", text, parts.head);
  Given& nest = given_of("outer", text, op);
  const std::int64_t count = number_of("outer", text, parts.words[0], 0, kOuterForm);
  if (count > nest.mapping.count) {
    refuse("outer", text,
           "operator " + in_quotes(parts.head) + " has " + std::to_string(nest.mapping.count) +
               " loops of a bound above 1");
  }
  nest.outer = static_cast<int>(count);
}

void Reading::add_extent(const std::string& text) {
  const TextParts parts = parts_of("job_extents", text, 2, kExtentForm);
  const OperatorId op = whole_name("job_extents", text, parts.head);
  const Dim dim = dim_of("job_extents", text, parts.words[0]);
  given_of("job_extents", text, op).extent[index(dim)] =
      number_of("job_extents", text, parts.words[1], 1, kExtentForm);
}

// Loops of a slot whose order means nothing have one way to be written.
void sort_unordered(const MapSpaceSpec& space, Mapping& mapping) {
  auto* const end = mapping.loops.begin() + mapping.count;
  for (auto* first = mapping.loops.begin(); first != end;) {
    const Loop head = *first;
    auto* const last = std::find_if(first, end, [&](const Loop& loop) {
      return loop.level != head.level || loop.kind != head.kind;
    });
    const auto slot =
        std::find_if(space.slots.begin(), space.slots.end(), [&](const MapSlot& candidate) {
          return candidate.level == head.level && candidate.kind == head.kind;
        });
    if (slot != space.slots.end() && !slot->ordered) {
      std::stable_sort(first, last, [](const Loop& a, const Loop& b) { return a.dim < b.dim; });
    }
    first = last;
  }
}

void Reading::require_cover(OperatorId op, const Mapping& mapping) const {
  const Operator& what = design_.workload().at(op);
  std::array<std::int64_t, kDimCount> covered = mapping.job_extent;
  for (const Loop& loop : mapping.outer_loops()) {
    std::int64_t& extent = covered[index(loop.dim)];
    if (__builtin_mul_overflow(extent, loop.bound, &extent)) {
      extent = INT64_MAX;
    }
  }
  for (std::size_t d = 0; d < kDimCount; ++d) {
    if (covered[d] < what.bounds.bound[d]) {
      throw InputError("loops of operator " + in_quotes(what.name) + ": they make " +
                       std::to_string(covered[d]) + " of the " +
                       std::to_string(what.bounds.bound[d]) + " of dimension " +
                       std::string(kDimNames[d]));
    }
  }
}

std::map<OperatorId, Mapping> Reading::finish() {
  std::map<OperatorId, Mapping> nests;
  for (auto& [op, given] : given_) {
    Mapping& mapping = given.mapping;
    sort_unordered(given.space, mapping);
    mapping.outer = given.outer < 0 ? default_outer(given.space, mapping)
                                    : static_cast<std::uint8_t>(given.outer);
    mapping.job_extent = inner_extent(mapping);
    for (std::size_t d = 0; d < kDimCount; ++d) {
      mapping.job_extent[d] = given.extent[d] > 0 ? given.extent[d] : mapping.job_extent[d];
    }
    require_cover(op, mapping);
    nests.emplace(op, mapping);
  }
  return nests;
}

}  // namespace

void require_forms(const GivenTexts& texts) {
  for (const std::string& text : texts.loops) {
    loop_of(text);
  }
  for (const std::string& text : texts.outer) {
    number_of("outer", text, parts_of("outer", text, 1, kOuterForm).words[0], 0, kOuterForm);
  }
  for (const std::string& text : texts.job_extents) {
    const TextParts parts = parts_of("job_extents", text, 2, kExtentForm);
    dim_of("job_extents", text, parts.words[0]);
    number_of("job_extents", text, parts.words[1], 1, kExtentForm);
  }
}

std::map<OperatorId, Mapping> read_nests(const GivenTexts& texts, const Design& design,
                                         const Architecture& architecture, const CostModel& cost) {
  Reading reading(design, architecture, cost);
  for (const std::string& text : texts.loops) {
    reading.add_loop(text);
  }
  for (const std::string& text : texts.outer) {
    reading.add_outer(text);
  }
  for (const std::string& text : texts.job_extents) {
    reading.add_extent(text);
  }
  return reading.finish();
}

}  // namespace imbrex::given_mapping
