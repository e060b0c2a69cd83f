// Tables in Markdown: those that an experiment prints, and those of the page about it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace imbrex::test {

struct PageTable {
  std::string title;               // the line before it that is not empty
  std::vector<std::string> lines;  // head, rule and rows
};

// The tables of a text, in its order, up to its first chapter (a heading of the second level): what
// follows on a page about an experiment was measured otherwise.
std::vector<PageTable> tables_of(std::string_view text);

// What a reader of the page would see otherwise than who runs the experiment: tables that only one
// of them has, titles and lines that differ; a text each, none when all is equal.
std::vector<std::string> differences(const std::vector<PageTable>& printed,
                                     const std::vector<PageTable>& page);

// The same where only a part of the experiment's points was run: rows that the page has beside are
// none, nor are further columns behind the printed ones.
std::vector<std::string> differences_of_part(const std::vector<PageTable>& printed,
                                             const std::vector<PageTable>& page);

}  // namespace imbrex::test
