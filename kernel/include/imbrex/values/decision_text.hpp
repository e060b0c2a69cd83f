// What was decided about an operator, as texts that a person reads and writes and that result.json
// holds: its loop nest and its placement. Writing and reading are inverse to one another.
//
//   "conv1 GLB temporal K 4"    loops, outermost first; "t" and "s" for short; the level by number
//   too "conv1 3"                   outer: so many of its loops, from the outermost on, are the
//   jobs "conv1 C 64"                job extents, where one job covers more than the loops inside
//   it say "conv1 copies 4"            placement: also segment, units, first_unit, dealing
//
// Names of operators and levels may hold spaces: the words behind them are counted from the end.
// Pure. [any thread]
#pragma once

#include <imbrex/values/architecture.hpp>
#include <imbrex/values/design.hpp>
#include <imbrex/values/map_space_spec.hpp>

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace imbrex {

inline constexpr std::string_view kDealingNames[] = {"round-robin", "strip-w", "strip-h"};

// The levels that loops may name. Where an operator has a map space, its slots say what the levels
// are called ("GLB temporal": GLB); the others have the names of the architecture's memories.
class IMBREX_API LevelNames {
 public:
  LevelNames(const Architecture& architecture, const MapSpaceSpec& space);
  // Its name, or its number where it has none that is its own.
  std::string text(std::uint8_t level) const;
  // The level of a name or number; -1: none.
  int find(std::string_view text) const noexcept;
  // Each name once, outermost level first.
  const std::vector<std::string>& all() const noexcept { return names_; }

 private:
  std::vector<std::string> names_;
  std::vector<std::uint8_t> levels_;  // of each name
  std::uint8_t last_ = 0;             // highest level there is
};

// How many loops from the outermost on are the jobs when nobody says so: those of the map space's
// outer slots; where there is no space, those of the outermost level.
IMBREX_API std::uint8_t default_outer(const MapSpaceSpec& space, const Mapping& mapping) noexcept;

// Product of the loops inside the outer ones, per dimension; INT64_MAX where it is larger.
IMBREX_API std::array<std::int64_t, kDimCount> inner_extent(const Mapping& mapping) noexcept;

struct NestTexts {
  std::vector<std::string> loops;
  std::vector<std::string> outer;        // none: the default
  std::vector<std::string> job_extents;  // none: the inner extent
};
// Loops of bound 1 are no loops. A mapping of at most kMaxLoops loops.
IMBREX_API NestTexts nest_texts(std::string_view op, const Mapping& mapping,
                                const MapSpaceSpec& space, const LevelNames& levels);

// Copies and segment always, the others where they are not what a placement starts with.
IMBREX_API std::vector<std::string> placement_texts(std::string_view op,
                                                    const Placement& placement);

// A text in front of its last `count` words, and these; no words where it has not so many. Spaces
// and tabs separate.
struct TextParts {
  std::string_view head;
  std::vector<std::string_view> words;
};
IMBREX_API TextParts last_words(std::string_view text, std::size_t count);

// Operators by their names. Keeps a view of the workload's names.
class IMBREX_API OperatorNames {
 public:
  explicit OperatorNames(const Workload& workload);
  OperatorId find(std::string_view name) const noexcept;  // none: there is no such
  std::string nearest(std::string_view name) const;       // "; did you mean 'conv1'?", or empty
  // The operator with the longest name that `head` starts with and that leaves a rest.
  struct Split {
    OperatorId op = OperatorId::none;
    std::string_view rest;  // behind the name, without blanks around it
  };
  Split split(std::string_view head) const noexcept;  // O(words)

 private:
  std::unordered_map<std::string_view, OperatorId> ids_;
  std::vector<std::string_view> names_;
};

}  // namespace imbrex
