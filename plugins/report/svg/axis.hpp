// Round numbers along a horizontal axis, and labelled rows above it.
#pragma once

#include "drawing.hpp"
#include "figure.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace imbrex::svg {

// Values that are written as multiples of `unit_size`.
struct Unit {
  double size = 1;
  std::string_view name;
};

// The largest of ps, ns, us, ms and s that is not above the time.
Unit time_unit(double longest_ps) noexcept;
// Thousands, millions, ... where numbers are that large.
Unit count_unit(double most) noexcept;

// A step of 1, 2 or 5 times a power of ten that divides [0, most] into at most `parts`. Requires:
// most > 0.
double round_step(double most, int parts) noexcept;

// A chart of rows with names in front and an axis from 0 below.
class RowChart {
 public:
  // `names` must outlive it. Requires: most > 0.
  RowChart(const Options& options, const std::vector<std::string>& names, double most,
           bool has_legend);

  Drawing& drawing() noexcept { return drawing_; }
  Coordinate left() const noexcept { return plot_.left; }
  Coordinate right() const noexcept { return plot_.left + plot_.width; }
  Coordinate top() const noexcept { return plot_.top; }
  Coordinate bottom() const noexcept { return plot_.top + plot_.height; }
  Coordinate x(double value) const noexcept;
  // The part of a row that is filled, a little less than the row.
  Box row(std::size_t number) const noexcept;

  // Names and light lines behind what is drawn later.
  void draw_frame(const Unit& unit, std::string_view quantity);
  // What stands in the line above the plot when the chart is finished.
  enum class Sample : std::uint8_t { box, line };
  void explain(Sample sample, std::string_view colour, std::string_view text);

  std::string finish(std::string_view title, std::string_view description);

 private:
  struct Entry {
    Sample sample = Sample::box;
    std::string_view colour;
    std::string_view text;
  };

  Coordinate entry_width(const Entry& entry) const;
  void draw_legend();
  void draw_names();

  const Options& options_;
  const std::vector<std::string>& names_;
  double most_;
  Drawing drawing_;
  Box plot_;
  std::vector<Entry> legend_;
};

}  // namespace imbrex::svg
