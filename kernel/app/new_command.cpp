// `imbrex new KIND ID DIR`: a project for a component, complete or not at all.
#include "commands.hpp"
#include "experiment/shell_word.hpp"
#include "new_project.hpp"
#include "plugin/discovery.hpp"
#include "usage.hpp"

#include <imbrex/plugin/error.hpp>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

namespace fs = std::filesystem;

// Files below a folder that goes again with everything that was written, unless it is complete.
// A folder that was there before stays, empty as it was. [one thread]
class ProjectFolder {
 public:
  // Errors: InputError when something else than an empty folder is there.
  explicit ProjectFolder(const fs::path& folder) : folder_(folder) {
    if (folder_.empty()) {
      throw InputError("DIR is empty; name a folder that is new or empty");
    }
    std::error_code error;
    if (fs::symlink_status(folder_, error).type() == fs::file_type::not_found) {
      return;
    }
    const bool is_folder = fs::is_directory(folder_, error);
    if (!is_folder || !fs::is_empty(folder_, error)) {
      throw InputError(fmt::format("{} is {}; name a folder that is new or empty",
                                   in_quotes(folder_.string()),
                                   !is_folder ? "no folder"
                                   : error    ? "not readable"
                                              : "not empty"));
    }
  }
  ~ProjectFolder() {
    if (!is_complete_) {
      remove_written();
    }
  }
  ProjectFolder(const ProjectFolder&) = delete;
  ProjectFolder& operator=(const ProjectFolder&) = delete;

  // Errors: InputError when the file cannot be written.
  void write(const ProjectFile& file) {
    const fs::path path = folder_ / file.path;
    make_folder(path.parent_path());
    written_.push_back(path);
    errno = 0;
    std::ofstream out(path, std::ios::binary);
    out << file.text;
    out.close();
    if (!out) {
      fail(path, std::generic_category().message(errno));
    }
  }
  void complete() noexcept { is_complete_ = true; }

 private:
  // With the folders above it that are missing.
  void make_folder(const fs::path& folder) {
    std::error_code error;
    if (folder.empty() || fs::is_directory(folder, error)) {
      return;
    }
    make_folder(folder.parent_path());
    fs::create_directory(folder, error);
    if (error) {
      fail(folder, error == std::errc::file_exists ? "it is no folder" : error.message());
    }
    written_.push_back(folder);
  }

  [[noreturn]] static void fail(const fs::path& path, const std::string& reason) {
    throw InputError(fmt::format("cannot write {}: {}; name a folder where you may write",
                                 in_quotes(path.string()), reason));
  }

  // Folders come after what is in them.
  void remove_written() noexcept {
    for (auto path = written_.rbegin(); path != written_.rend(); ++path) {
      std::error_code ignored;
      fs::remove(*path, ignored);
    }
  }

  fs::path folder_;
  std::vector<fs::path> written_;  // and folders, in order
  bool is_complete_ = false;
};

// What CMake has to be told to find this very Imbrex; nothing where it looks anyway.
std::string prefix_option() {
  const fs::path prefix = plugin::library_folder().parent_path().parent_path();
  return prefix == "/usr" || prefix == "/usr/local"
             ? std::string()
             : " -DCMAKE_PREFIX_PATH=" + experiment::plain_shell_word(prefix.string());
}

}  // namespace

int new_command(const NewOptions& options) {
  const ProjectNames names = project_names(options.kind, options.id);
  const std::vector<ProjectFile> files = project_files(names);
  const fs::path folder = options.folder;
  ProjectFolder project(folder);
  for (const ProjectFile& file : files) {
    project.write(file);
  }
  project.complete();
  const auto shown = [&](std::string_view name) {
    return experiment::plain_shell_word((folder / name).string());
  };
  const std::string build = shown("build");
  fmt::print("{} in {}, {} files; {}.cpp is the component. Next:\n", names.id, folder.string(),
             files.size(), names.file);
  fmt::print("  cmake -S {} -B {} -DCMAKE_BUILD_TYPE=Release{}\n",
             experiment::plain_shell_word(folder.string()), build, prefix_option());
  fmt::print("  cmake --build {} && ctest --test-dir {}\n", build, build);
  fmt::print("  imbrex run {} --plugin {}\n", shown("recipe.toml"),
             shown("build/" + names.target + ".imbrex.so"));
  return kExitDone;
}

}  // namespace imbrex::app
