// What lies in folders, as lists that tests run over.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace imbrex::test {

// Everything directly in a folder, hidden files included.
inline std::set<std::string> names_in(const std::filesystem::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

// The folders of tests/golden/KIND, each of which holds one case.
inline std::filesystem::path golden_folder(const std::string& kind) {
  return std::filesystem::path(IMBREX_SOURCE_DIR) / "tests/golden" / kind;
}
inline std::vector<std::string> golden_cases(const std::string& kind) {
  std::vector<std::string> cases;
  for (const std::string& name : names_in(golden_folder(kind))) {
    if (std::filesystem::is_directory(golden_folder(kind) / name)) {
      cases.push_back(name);
    }
  }
  if (cases.empty()) {  // an instantiation without cases would pass
    throw std::runtime_error("no cases in " + golden_folder(kind).string());
  }
  return cases;
}

// A TOML file that says so is the description of an experiment, not a recipe.
inline bool is_experiment(const std::filesystem::path& path) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("experiment = ", 0) == 0) {
      return true;
    }
  }
  return false;
}

// Recipes below folders of the repository, named from its root, in order.
inline std::vector<std::string> recipes_below(std::initializer_list<const char*> folders) {
  const std::filesystem::path root = IMBREX_SOURCE_DIR;
  std::vector<std::string> files;
  for (const char* folder : folders) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() == ".toml" && !is_experiment(entry.path())) {
        files.push_back(std::filesystem::relative(entry.path(), root).string());
      }
    }
  }
  if (files.empty()) {
    throw std::runtime_error("no recipes below " + root.string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace imbrex::test
