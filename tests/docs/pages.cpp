#include "pages.hpp"

#include <algorithm>

namespace imbrex::test {

namespace fs = std::filesystem;

std::vector<fs::path> pages_in(const fs::path& tree, const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(tree / folder)) {
    if (entry.path().extension() == ".md") {
      found.push_back(entry.path().lexically_relative(tree));
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<fs::path> documentation(const fs::path& tree) {
  std::vector<fs::path> found = {"README.md", "CONTRIBUTING.md", "kernel/ARCHITECTURE.md"};
  for (const char* const folder :
       {"sdk/docs", "sdk/docs/components", "sdk/docs/plugins", "configs/ablations"}) {
    const std::vector<fs::path> more = pages_in(tree, folder);
    found.insert(found.end(), more.begin(), more.end());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace imbrex::test
