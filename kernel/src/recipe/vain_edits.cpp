// What an edit does is asked of the plan, not of the tree: an override that says the default, or
// what a later one says again, or that a component ignores, is found alike.
#include "recipe/edit_lines.hpp"
#include "recipe/override_reader.hpp"
#include "recipe/parsed_recipe.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace imbrex::recipe {
namespace {

// More edits than anybody writes by hand; each costs a plan.
constexpr std::size_t kMaxLookedAt = 100;

// Paths are written relative to the folder; any will do.
std::string text_of(const ResolvedPlan& plan) {
  return plan.to_toml("/");
}

OverridePath path_of(const EditLines& lines, const Edits& edits, std::size_t i) {
  Diagnostics ignored;  // a plan exists, so that every edit can be read
  const Edit::Kind kind = edits[i].kind;
  const auto override = kind == Edit::Kind::set ? read_set(lines.of(i), lines.line(i), ignored)
                                                : read_unset(lines.of(i), lines.line(i), ignored);
  return override ? override->path : OverridePath();
}

bool leads_to(const OverridePath& outer, const OverridePath& inner) {
  return outer.size() <= inner.size() &&
         std::equal(outer.begin(), outer.end(), inner.begin(),
                    [](const OverridePart& a, const OverridePart& b) { return a.text == b.text; });
}

// The edit behind this one that decides the same key or a table around it; or the number of edits.
std::size_t overruled_by(const EditLines& lines, const Edits& edits, std::size_t edit) {
  const OverridePath path = path_of(lines, edits, edit);
  std::size_t later = edit + 1;
  while (later < edits.size() && (edits[later].kind == Edit::Kind::profile ||
                                  !leads_to(path_of(lines, edits, later), path))) {
    ++later;
  }
  return later;
}

struct Reason {
  const char* severity;
  std::string text;
};

// Who says what holds anyway gets what was meant, and so no warning.
Reason reason(const EditLines& lines, const Edits& edits, std::size_t edit) {
  if (edits[edit].kind == Edit::Kind::profile) {
    return {"warning", "the profile changes nothing"};
  }
  const std::size_t later = overruled_by(lines, edits, edit);
  if (later < edits.size()) {
    return {"warning", fmt::format("no effect: '{} {}' behind it decides",
                                   lines.of(later).file_name(), edits[later].text)};
  }
  if (edits[edit].kind == Edit::Kind::set) {
    return {"note", "no effect: the plan is the same without it"};
  }
  return {"warning", "no effect: there is nothing to take away, or only what holds by default"};
}

}  // namespace

Notes vain_edits(const ParsedRecipe& recipe, const Edits& edits, const ResolvedPlan& plan,
                 const ComponentLookup& lookup) {
  Notes warnings;
  const std::string text = text_of(plan);
  LoadedRecipe quoted;
  const EditLines lines(edits, quoted);
  Edits kept = edits;
  std::size_t at = 0;  // of edit `i` in `kept`
  for (std::size_t i = 0; i < std::min(edits.size(), kMaxLookedAt); ++i) {
    Edits others = kept;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(at));
    const Variant without = resolve_variant(recipe, others, lookup);
    if (!without.plan || text_of(*without.plan) != text) {
      ++at;
      continue;
    }
    // Of two edits that say the same, one counts.
    kept = std::move(others);
    const Reason why = reason(lines, edits, i);
    tell(warnings, why.severity, lines.of(i), {lines.line(i), 1}, why.text);
  }
  return warnings;
}

}  // namespace imbrex::recipe
