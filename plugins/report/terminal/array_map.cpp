#include "array_map.hpp"

#include <imbrex/toolkit/text/width.hpp>

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace imbrex::terminal {
namespace {

constexpr std::size_t kMargin = 4;   // left of a picture
constexpr std::size_t kCounts = 8;   // right of it: " / x1024"
constexpr std::size_t kBetween = 3;  // two pictures
constexpr std::size_t kLongestPeriod = 8;

double commonest(const std::vector<double>& values) {
  std::map<double, int> counts;
  for (const double value : values) {
    ++counts[value];
  }
  return std::max_element(counts.begin(), counts.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

std::string line_of(const text::Style& style, const Picture& picture, std::int32_t row) {
  std::string line;
  std::string_view current;
  for (std::int32_t c = 0; c < picture.columns; ++c) {
    const Glyph& glyph =
        picture.glyphs[static_cast<std::size_t>(row) * static_cast<std::size_t>(picture.columns) +
                       static_cast<std::size_t>(c)];
    if (style.colour && glyph.sgr != current) {
      line += glyph.sgr.empty() ? "\x1b[0m" : fmt::format("\x1b[0;{}m", glyph.sgr);
      current = glyph.sgr;
    }
    line += glyph.text;
  }
  return current.empty() ? line : line + "\x1b[0m";
}

// How often the lines from `first` on repeat with this period.
std::size_t repeats(std::span<const std::string> lines, std::size_t first, std::size_t period) {
  std::size_t end = first + period;
  while (end < lines.size() && lines[end] == lines[end - period]) {
    ++end;
  }
  return end > lines.size() ? 0 : (end - first) / period;
}

std::string bracket(const text::Style& style, const Fold& fold, std::size_t line) {
  if (fold.times == 1) {
    return "";
  }
  if (fold.period == 1) {
    return fmt::format(" x{}", fold.times);
  }
  if (line + 1 == fold.period) {
    return fmt::format("{} x{}", style.unicode ? " ┘" : " /", fold.times);
  }
  return line == 0 ? (style.unicode ? " ┐" : " \\") : (style.unicode ? " │" : " |");
}

// Of the picture and its title.
std::size_t width_of(const Picture& picture) noexcept {
  return std::max(text::width(picture.title), static_cast<std::size_t>(picture.columns));
}

std::string draw_band(const text::Style& style, std::span<const Picture> pictures) {
  std::string titles;
  std::vector<std::string> lines(static_cast<std::size_t>(pictures.front().rows));
  std::size_t gap = 0;  // before the next title, before the next picture
  std::size_t picture_gap = 0;
  for (const Picture& picture : pictures) {
    titles += std::string(gap, ' ') + picture.title;
    for (std::size_t r = 0; r < lines.size(); ++r) {
      lines[r] +=
          std::string(picture_gap, ' ') + line_of(style, picture, static_cast<std::int32_t>(r));
    }
    const std::size_t width = width_of(picture) + kBetween;
    gap = width - text::width(picture.title);
    picture_gap = width - static_cast<std::size_t>(picture.columns);
  }
  std::string out = std::string(kMargin, ' ') + titles + "\n";
  for (const Fold& fold : folds(lines)) {
    for (std::size_t i = 0; i < fold.period; ++i) {
      out += std::string(kMargin, ' ') + lines[fold.first + i] + bracket(style, fold, i) + "\n";
    }
  }
  return out;
}

}  // namespace

std::string coloured(const text::Style& style, const Glyph& glyph) {
  return style.colour && !glyph.sgr.empty()
             ? fmt::format("\x1b[{}m{}\x1b[0m", glyph.sgr, glyph.text)
             : std::string(glyph.text);
}

Grid squeezed(const Grid& grid, std::int32_t side, Squeeze rule) {
  Grid out{(grid.rows + side - 1) / side, (grid.columns + side - 1) / side, {}};
  for (std::int32_t r = 0; r < grid.rows; r += side) {
    for (std::int32_t c = 0; c < grid.columns; c += side) {
      std::vector<double> square;
      for (std::int32_t i = r; i < std::min(r + side, grid.rows); ++i) {
        for (std::int32_t j = c; j < std::min(c + side, grid.columns); ++j) {
          square.push_back(grid.at(i, j));
        }
      }
      out.values.push_back(rule == Squeeze::commonest
                               ? commonest(square)
                               : *std::max_element(square.begin(), square.end()));
    }
  }
  return out;
}

Grid cropped(const Grid& grid, std::int32_t rows, std::int32_t columns) {
  Grid out{std::min(rows, grid.rows), std::min(columns, grid.columns), {}};
  for (std::int32_t r = 0; r < out.rows; ++r) {
    for (std::int32_t c = 0; c < out.columns; ++c) {
      out.values.push_back(grid.at(r, c));
    }
  }
  return out;
}

std::vector<Fold> folds(std::span<const std::string> lines) {
  std::vector<Fold> out;
  for (std::size_t first = 0; first < lines.size();) {
    Fold best{first, 1, 1};
    std::size_t saved = 0;  // lines that are not drawn
    for (std::size_t period = 1; period <= kLongestPeriod; ++period) {
      const std::size_t times = repeats(lines, first, period);
      if (times > 1 && (times - 1) * period > saved) {
        best = {first, period, times};
        saved = (times - 1) * period;
      }
    }
    out.push_back(best);
    first += best.period * best.times;
  }
  return out;
}

std::size_t picture_columns(const text::Style& style) noexcept {
  return style.columns - kMargin - kCounts;
}

bool fit_side_by_side(const text::Style& style, std::span<const Picture> pictures) noexcept {
  std::size_t used = 0;
  for (const Picture& picture : pictures) {
    used += (used > 0 ? kBetween : 0) + width_of(picture);
  }
  return used <= picture_columns(style);
}

std::string draw(const text::Style& style, std::span<const Picture> pictures) {
  std::string out;
  while (!pictures.empty()) {
    std::size_t count = 1;
    while (count < pictures.size() && fit_side_by_side(style, pictures.first(count + 1))) {
      ++count;
    }
    out += draw_band(style, pictures.first(count));
    pictures = pictures.subspan(count);
  }
  return out;
}

}  // namespace imbrex::terminal
