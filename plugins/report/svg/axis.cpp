#include "axis.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace imbrex::svg {
namespace {

constexpr std::string_view kGrid = "#d0d0d0";
// Where rows are as high as they like: rows for names, but no more than half a page of them.
constexpr double kRowOfFont = 1.3;
constexpr double kMostHeightMm = 110;
constexpr double kMostOfWidth = 0.36;  // for names

Coordinate names_width(const std::vector<std::string>& names, Coordinate font, Coordinate width) {
  Coordinate most = 0;
  for (const std::string& name : names) {
    most = std::max(most, text_width(name, font));
  }
  return std::min(most, static_cast<Coordinate>(static_cast<double>(width) * kMostOfWidth));
}

}  // namespace

Unit time_unit(double longest_ps) noexcept {
  constexpr Unit kUnits[] = {{1e12, "s"}, {1e9, "ms"}, {1e6, "\xC2\xB5s"}, {1e3, "ns"}};
  for (const Unit& unit : kUnits) {
    if (longest_ps >= unit.size) {
      return unit;
    }
  }
  return {1, "ps"};
}

Unit count_unit(double most) noexcept {
  constexpr Unit kUnits[] = {{1e12, "10\xC2\xB9\xC2\xB2"},
                             {1e9, "10\xE2\x81\xB9"},
                             {1e6, "10\xE2\x81\xB6"},
                             {1e3, "10\xC2\xB3"}};
  for (const Unit& unit : kUnits) {
    if (most >= 10 * unit.size) {
      return unit;
    }
  }
  return {1, ""};
}

double round_step(double most, int parts) noexcept {
  const double wanted = most / parts;
  const double power = std::pow(10.0, std::floor(std::log10(wanted)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= wanted * (1 - 1e-9)) {
      return factor * power;
    }
  }
  return 10 * power;
}

RowChart::RowChart(const Options& options, const std::vector<std::string>& names, double most,
                   bool has_legend)
    : options_(options), names_(names), most_(most), drawing_(from_pt(options.font_pt)) {
  const Coordinate font = drawing_.font_size();
  const Coordinate width = from_mm(options.width_mm);
  plot_.left = names_width(names, font, width) + font * 6 / 10;
  // Room for half of the last number on the axis.
  plot_.width = std::max<Coordinate>(width - plot_.left - font, font);
  plot_.top = has_legend ? font * 3 / 2 : font / 4;
  const Coordinate around = plot_.top + font * 28 / 10;
  const auto wanted = static_cast<Coordinate>(static_cast<double>(font) * kRowOfFont *
                                              static_cast<double>(names.size()));
  const Coordinate most_height = from_mm(kMostHeightMm) - around;
  plot_.height =
      options.height_mm > 0 ? from_mm(options.height_mm) - around : std::min(wanted, most_height);
  plot_.height = std::max<Coordinate>(plot_.height, font);
}

Coordinate RowChart::x(double value) const noexcept {
  return plot_.left +
         static_cast<Coordinate>(std::llround(value / most_ * static_cast<double>(plot_.width)));
}

Box RowChart::row(std::size_t number) const noexcept {
  const auto rows = static_cast<Coordinate>(names_.size());
  const auto at = static_cast<Coordinate>(number);
  const Coordinate top = plot_.height * at / rows;
  const Coordinate height = plot_.height * (at + 1) / rows - top;
  const Coordinate gap = height / 10;
  return {plot_.left, plot_.top + top + gap, plot_.width, height - 2 * gap};
}

void RowChart::draw_names() {
  const Coordinate font = drawing_.font_size();
  const Coordinate room = plot_.left - font * 6 / 10;
  const Coordinate height =
      plot_.height / std::max<Coordinate>(static_cast<Coordinate>(names_.size()), 1);
  // Where rows are lower than letters, every second, third, ... one has its name.
  const Coordinate every = height >= font ? 1 : (font + height) / std::max<Coordinate>(height, 1);
  for (std::size_t i = 0; i < names_.size(); i += static_cast<std::size_t>(every)) {
    const Box box = row(i);
    drawing_.text(plot_.left - font * 4 / 10, box.top + box.height / 2 + font * 35 / 100,
                  fitted(names_[i], room, font), Anchor::end);
  }
}

void RowChart::draw_frame(const Unit& unit, std::string_view quantity) {
  const Coordinate font = drawing_.font_size();
  constexpr int kCharacters = 5;  // a number and the distance to the next one
  const auto parts = static_cast<int>(plot_.width / (kCharacters * font * 64 / 100));
  const double step = round_step(most_ / unit.size, std::clamp(parts, 1, 8));
  const double digits = std::max(0.0, std::ceil(-std::log10(step) - 1e-9));
  std::string lines;
  for (int i = 0; step * i <= most_ / unit.size * (1 + 1e-9); ++i) {
    const Coordinate at = x(step * i * unit.size);
    lines += fmt::format("M{} {}V{}", points(at), points(top()), points(bottom() + font * 3 / 10));
    drawing_.text(at, bottom() + font * 13 / 10,
                  fmt::format("{:.{}f}", step * i, static_cast<int>(digits)), Anchor::middle);
  }
  drawing_.stroke(lines, kGrid, kPoint * 4 / 10);
  drawing_.text(
      plot_.left + plot_.width / 2, bottom() + font * 25 / 10,
      unit.name.empty() ? std::string(quantity) : fmt::format("{} ({})", quantity, unit.name),
      Anchor::middle);
  draw_names();
}

void RowChart::explain(Sample sample, std::string_view colour, std::string_view text) {
  legend_.push_back({sample, colour, text});
}

Coordinate RowChart::entry_width(const Entry& entry) const {
  return drawing_.font_size() * 25 / 10 + text_width(entry.text, drawing_.font_size());
}

// From the plot on, or further left where it needs more room.
void RowChart::draw_legend() {
  const Coordinate font = drawing_.font_size();
  Coordinate needs = 0;
  for (const Entry& entry : legend_) {
    needs += entry_width(entry);
  }
  Coordinate at = std::max<Coordinate>(0, std::min(plot_.left, right() + font - needs));
  for (const Entry& entry : legend_) {
    if (entry.sample == Sample::box) {
      drawing_.path(rectangle({at, font * 3 / 10, font * 13 / 10, font * 7 / 10}), entry.colour);
    } else {
      drawing_.stroke(
          fmt::format("M{} {}h{}", points(at), points(font * 65 / 100), points(font * 13 / 10)),
          entry.colour, kPoint * 7 / 10);
    }
    drawing_.text(at + font * 16 / 10, font, entry.text, Anchor::start);
    at += entry_width(entry);
  }
}

std::string RowChart::finish(std::string_view title, std::string_view description) {
  draw_legend();
  return drawing_.finish(options_.width_mm, from_mm(options_.width_mm),
                         bottom() + drawing_.font_size() * 28 / 10, title, description);
}

}  // namespace imbrex::svg
