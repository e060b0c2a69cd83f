#include "include_graph.hpp"

#include "source_files.hpp"

#include <algorithm>
#include <fstream>
#include <regex>

namespace imbrex::test {
namespace {

namespace fs = std::filesystem;

class CircleSearch {
 public:
  explicit CircleSearch(const IncludeGraph& graph) : graph_(graph) {}

  std::vector<std::string> find() {
    for (const auto& [folder, targets] : graph_) {
      if (visit(folder)) {
        return path_;
      }
    }
    return {};
  }

 private:
  // True once `path_` is a circle.
  bool visit(const std::string& folder) {
    const auto met = std::find(path_.begin(), path_.end(), folder);
    if (met != path_.end()) {
      path_.erase(path_.begin(), met);
      path_.push_back(folder);
      return true;
    }
    const auto entry = graph_.find(folder);
    if (entry == graph_.end() || !finished_.insert(folder).second) {
      return false;
    }
    path_.push_back(folder);
    for (const auto& [target, line] : entry->second) {
      if (visit(target)) {
        return true;
      }
    }
    path_.pop_back();
    return false;
  }

  const IncludeGraph& graph_;
  std::vector<std::string> path_;
  // Entered once: whatever it leads to was looked at then, or is being looked at.
  std::set<std::string> finished_;
};

}  // namespace

std::vector<Include> includes_below(const fs::path& folder) {
  static const std::regex kLine(R"re(^\s*#\s*include\s*(["<])([^">]+)[">].*$)re");
  std::vector<Include> found;
  for (const fs::path& file : sources_below(folder)) {
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) {
      std::smatch match;
      if (std::regex_match(line, match, kLine)) {
        found.push_back({file, match[2].str(), match[1].str() == "\""});
      }
    }
  }
  return found;
}

std::vector<std::string> find_circle(const IncludeGraph& graph) {
  return CircleSearch(graph).find();
}

std::string explain(const IncludeGraph& graph, const std::vector<std::string>& circle) {
  std::string text = circle.empty() ? "" : circle.front();
  for (std::size_t i = 1; i < circle.size(); ++i) {
    text += " -> " + circle[i] + " (" + graph.at(circle[i - 1]).at(circle[i]) + ")";
  }
  return text;
}

}  // namespace imbrex::test
