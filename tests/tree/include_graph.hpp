// Which folder includes which: read from the #include lines, without a compiler.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::test {

struct Include {
  std::filesystem::path file;  // where the line is
  std::string target;          // as it is written
  bool quoted = false;         // "target", not <target>
};

// Every #include line of the C++ files below a folder, files in alphabetical order.
std::vector<Include> includes_below(const std::filesystem::path& folder);

// Folder -> folders that it includes, and for each one line that does.
using IncludeGraph = std::map<std::string, std::map<std::string, std::string>>;

// Folders that lead back to where they began, the first one named twice; empty: none.
std::vector<std::string> find_circle(const IncludeGraph& graph);

// "a -> b (x.cpp includes b/y.hpp) -> a (...)": what to look at.
std::string explain(const IncludeGraph& graph, const std::vector<std::string>& circle);

}  // namespace imbrex::test
