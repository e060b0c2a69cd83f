// What the links of a floor plan carry, as shades per element and as a list of the hottest.
#pragma once

#include "array_map.hpp"

#include <imbrex/toolkit/text/style.hpp>
#include <imbrex/values/result.hpp>

#include <string>

namespace imbrex::terminal {

// Views the plan and the style.
class LinkView {
 public:
  LinkView(const FloorPlanResult& plan, const text::Style& style);

  bool empty() const noexcept { return most_words_ <= 0; }
  // Words on the busiest of each element's links along its row, or its column; away from it.
  Grid loads(bool along_row) const;
  Glyph glyph(double words) const;
  // One line: what the shades mean.
  std::string scale() const;
  // Links of one load are one line, at most three. `work_ps` is what the segment takes; `links` say
  // what a link can carry, null or without limits: unknown.
  std::string hottest(std::int64_t work_ps, const ElementLinks* links) const;

 private:
  std::int32_t nodes() const noexcept { return plan_.layout.rows * plan_.layout.columns; }
  Glyph shade(std::size_t number) const;
  std::string place(std::int32_t node) const;

  const FloorPlanResult& plan_;
  const text::Style& style_;
  double most_words_ = 0;
};

}  // namespace imbrex::terminal
