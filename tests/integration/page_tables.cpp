#include "page_tables.hpp"

#include <algorithm>
#include <sstream>

namespace imbrex::test {
namespace {

const std::string kNothing = "nothing";

// The lines of one table.
void compare(const PageTable& printed, const PageTable& page, std::vector<std::string>& out) {
  if (printed.title != page.title) {
    out.push_back("printed title: " + printed.title + "\nin the page:   " + page.title);
  }
  const std::size_t count = std::max(printed.lines.size(), page.lines.size());
  for (std::size_t i = 0; i < count; ++i) {
    const std::string& was = i < page.lines.size() ? page.lines[i] : kNothing;
    const std::string& is = i < printed.lines.size() ? printed.lines[i] : kNothing;
    if (was != is) {
      out.push_back(printed.title + "\nprinted:     " + is + "\nin the page: " + was);
    }
  }
}

}  // namespace

std::vector<PageTable> tables_of(std::string_view text) {
  std::vector<PageTable> out;
  std::istringstream lines{std::string(text)};
  std::string title;
  bool in_table = false;
  for (std::string line; std::getline(lines, line) && !line.starts_with("## ");) {
    const bool is_row = line.starts_with('|');
    if (is_row && !in_table) {
      out.push_back({title, {}});
    }
    if (is_row) {
      out.back().lines.push_back(line);
    } else if (!line.empty()) {
      title = line;
    }
    in_table = is_row;
  }
  return out;
}

std::vector<std::string> differences_of_part(const std::vector<PageTable>& printed,
                                             const std::vector<PageTable>& page) {
  std::vector<std::string> out;
  for (const PageTable& part : printed) {
    const auto whole = std::find_if(page.begin(), page.end(), [&](const PageTable& table) {
      return table.title == part.title;
    });
    if (whole == page.end()) {
      out.push_back("not in the page: " + part.title);
      continue;
    }
    for (const std::string& line : part.lines) {
      if (std::none_of(whole->lines.begin(), whole->lines.end(),
                       [&](const std::string& row) { return row.starts_with(line); })) {
        out.push_back(part.title + "\nprinted, and not in the page: " + line);
      }
    }
  }
  return out;
}

std::vector<std::string> differences(const std::vector<PageTable>& printed,
                                     const std::vector<PageTable>& page) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < std::max(printed.size(), page.size()); ++i) {
    if (i >= printed.size()) {
      out.push_back("in the page only: " + page[i].title);
    } else if (i >= page.size()) {
      out.push_back("not in the page: " + printed[i].title);
    } else {
      compare(printed[i], page[i], out);
    }
  }
  return out;
}

}  // namespace imbrex::test
