#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/text/table.hpp>
#include <imbrex/toolkit/text/width.hpp>

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace imbrex::text {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kGapBelow = 4;
constexpr std::size_t kNarrowestWrapped = 12;

std::size_t total(const std::vector<std::size_t>& widths) {
  return std::accumulate(widths.begin(), widths.end(), std::size_t{0}) + kGap * (widths.size() - 1);
}

}  // namespace

Table::Table(std::vector<std::string> header, std::string_view alignment) : alignment_(alignment) {
  rows_.push_back(std::move(header));
}

void Table::row(std::vector<std::string> cells) {
  IMBREX_ASSERT(cells.size() == rows_.front().size());
  rows_.push_back(std::move(cells));
}

void Table::below(std::string paragraph) {
  below_[rows_.size() - 1] = std::move(paragraph);
}

char Table::alignment(std::size_t column) const noexcept {
  return column < alignment_.size() ? alignment_[column] : 'l';
}

std::size_t Table::natural(std::size_t column) const {
  std::size_t most = 0;
  for (const auto& row : rows_) {
    most = std::max(most, width(row[column]));
  }
  return most;
}

std::size_t Table::narrowest(std::size_t column) const {
  const std::size_t all = natural(column);
  return alignment(column) != 'l'
             ? all
             : std::min(all, std::max(kNarrowestWrapped, width(rows_.front()[column])));
}

// The widest columns give way first, all to the same width.
void Table::fit(Band& band, std::size_t room) const {
  std::vector<std::size_t> most;
  std::vector<std::size_t> least;
  for (const std::size_t column : band.columns) {
    most.push_back(natural(column));
    least.push_back(narrowest(column));
  }
  band.widths = most;
  std::size_t level = *std::max_element(most.begin(), most.end());
  while (total(band.widths) > room && level > 0) {
    --level;
    for (std::size_t i = 0; i < most.size(); ++i) {
      band.widths[i] = std::max(least[i], std::min(most[i], level));
    }
  }
}

std::vector<Table::Band> Table::bands(std::size_t room) const {
  std::vector<Band> out(1);
  std::size_t used = 0;
  for (std::size_t column = 0; column < rows_.front().size(); ++column) {
    const std::size_t needed = narrowest(column) + kGap;
    if (column > 1 && used + needed > room + kGap && out.back().columns.size() > 1) {
      out.push_back({{0}, {}});
      used = narrowest(0) + kGap;
    }
    out.back().columns.push_back(column);
    used += needed;
  }
  for (Band& band : out) {
    fit(band, room);
  }
  return out;
}

std::string Table::row_text(const Band& band, const std::vector<std::string>& row,
                            std::size_t indent) const {
  std::vector<std::vector<std::string>> cells;
  std::size_t lines = 1;
  for (std::size_t i = 0; i < band.columns.size(); ++i) {
    const std::string& cell = row[band.columns[i]];
    cells.push_back(width(cell) <= band.widths[i] ? std::vector{cell}
                                                  : wrapped(cell, band.widths[i]));
    lines = std::max(lines, cells.back().size());
  }
  std::string out;
  for (std::size_t number = 0; number < lines; ++number) {
    std::string line(indent, ' ');
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string cell = number < cells[i].size() ? cells[i][number] : "";
      line += i == 0 ? "" : std::string(kGap, ' ');
      line += alignment(band.columns[i]) == 'r' ? padded_left(cell, band.widths[i])
                                                : padded(cell, band.widths[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string Table::text(const Style& style, std::size_t indent) const {
  const std::size_t room = !style.is_terminal ? std::numeric_limits<std::size_t>::max() / 2
                                              : std::max(style.columns, indent + 1) - indent;
  std::string out;
  for (const Band& band : bands(room)) {
    const bool is_first = out.empty();
    out += is_first ? "" : "\n";
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const std::string row = row_text(band, rows_[i], indent);
      out += i == 0 && style.colour
                 ? painted(style, Paint::strong, row.substr(0, row.size() - 1)) + "\n"
                 : row;
      if (const auto paragraph = below_.find(i); paragraph != below_.end() && is_first) {
        const std::string margin(indent + kGapBelow, ' ');
        for (const std::string& line :
             wrapped(paragraph->second, room > kGapBelow ? room - kGapBelow : 1)) {
          out += margin + line + "\n";
        }
      }
    }
  }
  return out;
}

}  // namespace imbrex::text
