// sdk/docs/onnx.md lists exactly the operators that have a rule.
#include "rules.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace imbrex::onnx_reader {
namespace {

// The code words in the first cell of a table's row.
void collect_words(const std::string& line, std::multiset<std::string>& words) {
  const std::size_t end = line.find('|', 1);
  for (std::size_t at = line.find('`'); at < end;) {
    const std::size_t stop = line.find('`', at + 1);
    words.insert(line.substr(at + 1, stop - at - 1));
    at = line.find('`', stop + 1);
  }
}

TEST(Documentation, ListsEveryOperatorOnce) {
  std::ifstream file(IMBREX_ONNX_DOCUMENT);
  ASSERT_TRUE(file.is_open());
  std::multiset<std::string> documented;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("| `")) {
      collect_words(line, documented);
    }
  }
  std::multiset<std::string> known;
  for (const Rule* rule : all_rules()) {
    known.insert((rule->domain.empty() ? "" : std::string(rule->domain) + ":") +
                 std::string(rule->type));
  }
  EXPECT_EQ(documented, known);
}

}  // namespace
}  // namespace imbrex::onnx_reader
