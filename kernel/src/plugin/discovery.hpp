#pragma once

#include "plugin/registry.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace imbrex::plugin {

// A file to load; or, with a problem, a place that cannot be searched.
struct Candidate {
  std::filesystem::path path;     // canonical where it exists
  bool explicitly_named = false;  // --plugin
  std::string problem;
};

// Search order, files of a folder by name; a file with several names appears once, under its first.
std::vector<Candidate> discover(const PluginSearchPath& path);

}  // namespace imbrex::plugin
