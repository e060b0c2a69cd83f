#include "plugin/discovery.hpp"

#include "plugin/library_file.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

#include <dlfcn.h>
#include <fmt/format.h>
#include <link.h>
#include <sys/stat.h>

namespace imbrex::plugin {
namespace {

namespace fs = std::filesystem;

// Two names of one file are one plugin: hard links, symbolic links, the same folder twice.
using FileNumber = std::pair<dev_t, ino_t>;

class Discovery {
 public:
  void add_file(const fs::path& path, bool explicitly_named) {
    struct stat status {};
    const bool exists = stat(path.c_str(), &status) == 0;
    if (exists && !seen_.insert(FileNumber(status.st_dev, status.st_ino)).second) {
      return;
    }
    std::error_code error;
    const fs::path canonical = fs::canonical(path, error);
    candidates_.push_back({error ? fs::absolute(path, error) : canonical, explicitly_named, {}});
  }

  void add_file_or_folder(const fs::path& path) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      if (fs::exists(path, error) || path.native().ends_with(kPluginSuffix)) {
        add_file(path, false);
      } else {
        add_problem(path, "no such file or folder");
      }
      return;
    }
    std::vector<fs::path> files;
    fs::directory_iterator entry(path, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      if (entry->path().native().ends_with(kPluginSuffix)) {
        files.push_back(entry->path());
      }
    }
    if (error) {
      add_problem(path, fmt::format("cannot be searched: {}", error.message()));
    }
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) {
      add_file(file, false);
    }
  }

  std::vector<Candidate> take() { return std::move(candidates_); }

 private:
  void add_problem(const fs::path& path, std::string_view problem) {
    candidates_.push_back({path, false, fmt::format("{}: {}", path.string(), problem)});
  }

  std::vector<Candidate> candidates_;
  std::set<FileNumber> seen_;
};

std::vector<fs::path> split_environment(const char* text) {
  std::vector<fs::path> paths;
  std::string_view rest = text != nullptr ? text : "";
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    if (end > 0) {  // an empty entry would mean the working directory
      paths.emplace_back(rest.substr(0, end));
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return paths;
}

// The shared library that holds this engine, as it was opened; empty: the executable does.
fs::path library_of_engine() {
  Dl_info unused;
  link_map* object = nullptr;
  const bool is_known = dladdr1(reinterpret_cast<const void*>(&library_folder), &unused,
                                reinterpret_cast<void**>(&object), RTLD_DL_LINKMAP) != 0;
  return is_known && object != nullptr ? object->l_name : "";
}

}  // namespace

fs::path library_folder() {
  std::error_code error;
  if (const fs::path library = library_of_engine(); !library.empty()) {
    const fs::path file = fs::canonical(library, error);
    return error ? fs::path() : file.parent_path() / "imbrex";
  }
  const fs::path executable = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path() : executable.parent_path().parent_path() / "lib" / "imbrex";
}

PluginSearchPath default_search_path() {
  PluginSearchPath path;
  path.environment = split_environment(std::getenv("IMBREX_PLUGIN_PATH"));
  path.linked = linked_plugins();
  std::error_code error;
  const fs::path folder = library_folder();
  if (path.linked.empty() && !folder.empty() && fs::is_directory(folder / "plugins", error)) {
    path.defaults.push_back(folder / "plugins");
  }
  return path;
}

std::vector<Candidate> discover(const PluginSearchPath& path) {
  Discovery discovery;
  for (const fs::path& file : path.files) {
    discovery.add_file(file, true);
  }
  for (const auto* places : {&path.recipe_paths, &path.environment, &path.defaults}) {
    for (const fs::path& place : *places) {
      discovery.add_file_or_folder(place);
    }
  }
  return discovery.take();
}

}  // namespace imbrex::plugin
