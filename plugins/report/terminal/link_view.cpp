#include "link_view.hpp"

#include <imbrex/toolkit/text/figures.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <fmt/format.h>

namespace imbrex::terminal {
namespace {

using Load = FloorPlanResult::Load;

// No load, and quarters of the largest one.
constexpr std::size_t kShades = 5;
constexpr std::array<std::string_view, kShades> kBlocks = {"·", "░", "▒", "▓", "█"};
constexpr std::array<std::string_view, kShades> kLetters = {".", "-", "+", "*", "#"};
constexpr std::array<std::string_view, kShades> kColours = {"", "", "", "33", "31"};
constexpr double kRounding = 1e-9;  // sums of equal loads, in another order

// 4608 -> "4.608 k".
std::string count(double value) {
  std::string words = text::magnitude(value);
  words.erase(words.find_last_not_of(' ') + 1);
  return words;
}

}  // namespace

LinkView::LinkView(const FloorPlanResult& plan, const text::Style& style)
    : plan_(plan), style_(style) {
  for (const Load& load : plan.links) {
    most_words_ = std::max(most_words_, load.words);
  }
}

Glyph LinkView::shade(std::size_t number) const {
  return {style_.unicode ? kBlocks[number] : kLetters[number], kColours[number]};
}

Glyph LinkView::glyph(double words) const {
  const double quarters = std::ceil(4 * words / most_words_ - kRounding);
  return shade(static_cast<std::size_t>(std::clamp(quarters, 0.0, 4.0)));
}

Grid LinkView::loads(bool along_row) const {
  Grid grid{plan_.layout.rows, plan_.layout.columns, {}};
  grid.values.assign(static_cast<std::size_t>(nodes()), 0);
  for (const Load& load : plan_.links) {
    const std::int32_t from = load.link.from;
    const std::int32_t to = load.link.to;
    if (from >= nodes()) {
      continue;  // comes from the global buffer
    }
    const bool in_row = to >= nodes() || from / grid.columns == to / grid.columns;
    double& most = grid.values[static_cast<std::size_t>(from)];
    most = in_row == along_row ? std::max(most, load.words) : most;
  }
  return grid;
}

std::string LinkView::scale() const {
  if (empty()) {
    return "no words from element to element\n";
  }
  std::string text = fmt::format("words per link: {} 0", shade(0).text);
  for (std::size_t number = 1; number < kShades; ++number) {
    text += fmt::format("  {} to {}", coloured(style_, shade(number)),
                        count(most_words_ * static_cast<double>(number) / 4));
  }
  return text + "\n";
}

std::string LinkView::place(std::int32_t node) const {
  return node < nodes()
             ? fmt::format("({},{})", node / plan_.layout.columns, node % plan_.layout.columns)
             : fmt::format("buffer {}", node - nodes());
}

std::string LinkView::hottest(std::int64_t work_ps, const ElementLinks* rate) const {
  std::vector<const Load*> links;
  for (const Load& load : plan_.links) {
    links.push_back(&load);
  }
  std::stable_sort(links.begin(), links.end(),
                   [](const Load* a, const Load* b) { return a->words > b->words; });
  constexpr int kLines = 3;
  std::string text;
  std::size_t begin = 0;
  for (int line = 0; begin < links.size() && line < kLines; ++line) {
    const double words = links[begin]->words;
    std::size_t end = begin;
    while (end < links.size() && links[end]->words > words * (1 - kRounding)) {
      ++end;
    }
    const std::string share =
        rate == nullptr || !rate->limited() || work_ps <= 0
            ? ""
            : fmt::format(", busy {:.1f} %",
                          100 * words / rate->words_per_ps / static_cast<double>(work_ps));
    text +=
        fmt::format("    {:<7}  {} words{}: {} -> {}{}\n", line == 0 ? "hottest" : "", count(words),
                    share, place(links[begin]->link.from), place(links[begin]->link.to),
                    end - begin == 1 ? "" : fmt::format(", {} more", end - begin - 1));
    begin = end;
  }
  return text;
}

}  // namespace imbrex::terminal
