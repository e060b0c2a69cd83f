#include "result/archive.hpp"

#include "result/disk_calls.hpp"
#include "result/program.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

namespace imbrex::result {
namespace {

namespace fs = std::filesystem;

// A folder of links to the files, as the archive is going to hold them; gone with the object.
class Staging {
 public:
  Staging(const fs::path& folder, const std::string& name, const std::vector<ArchivedFile>& files)
      : folder_(folder) {
    require(make_folder(folder_));
    require(make_folder(folder_ / name));
    for (const ArchivedFile& file : files) {
      add(folder_ / name / file.name, file);
    }
  }
  ~Staging() { remove_whole(folder_); }
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  const fs::path& folder() const noexcept { return folder_; }

 private:
  void require(const std::error_code& error) const {
    if (error) {
      throw Error(ErrorCode::failed,
                  fmt::format("cannot write '{}': {}", folder_.string(), error.message()));
    }
  }

  void add(const fs::path& place, const ArchivedFile& file) const {
    std::error_code error;
    fs::create_directories(place.parent_path(), error);
    require(error);
    if (file.source.empty()) {
      require(write_new_file(place, file.content));
    } else {
      fs::create_symlink(fs::absolute(file.source), place, error);
      require(error);
    }
  }

  fs::path folder_;
};

// The caller's environment may neither change the bytes nor the language of a refusal.
void pack(const fs::path& file, const fs::path& target, const fs::path& staging,
          const std::string& name) {
  const ProgramOutput tar = run_program({"env",
                                         "-u",
                                         "TAR_OPTIONS",
                                         "-u",
                                         "GZIP",
                                         "LC_ALL=C",
                                         "tar",
                                         "--create",
                                         "--file=" + file.string(),
                                         "--force-local",
                                         "--use-compress-program=gzip -n",
                                         "--directory=" + staging.string(),
                                         "--dereference",
                                         "--hard-dereference",
                                         "--format=gnu",
                                         "--sort=name",
                                         "--mtime=@0",
                                         "--owner=0",
                                         "--group=0",
                                         "--numeric-owner",
                                         "--mode=a-x,u=rwX,go=rX",
                                         "--",
                                         name});
  if (!tar.started || tar.status != 0) {
    throw Error(ErrorCode::failed,
                fmt::format("cannot write '{}': {}", target.string(),
                            tar.text.empty() ? "tar and gzip are needed for it" : tar.text));
  }
}

// Removes what is not finished.
class Unfinished {
 public:
  explicit Unfinished(fs::path file) : file_(std::move(file)) {}
  ~Unfinished() { unlink(file_.c_str()); }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  const fs::path& file() const noexcept { return file_; }

 private:
  fs::path file_;
};

std::error_code put_in_place(const fs::path& file, const fs::path& target, bool replace) {
  if (const auto error = sync_files(target.parent_path(), {file.filename().string()})) {
    return error;
  }
  if (!replace) {
    return rename_to_new(file, target);
  }
  std::error_code error;
  fs::rename(file, target, error);
  return error;
}

}  // namespace

std::vector<ArchivedFile> files_below(const fs::path& folder) {
  std::vector<ArchivedFile> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const fs::file_status status = entry.symlink_status();
    if (fs::is_directory(status)) {
      continue;
    }
    if (!fs::is_regular_file(status)) {
      throw InputError(
          fmt::format("'{}' is neither file nor folder, and an archive would not hold "
                      "what is behind it",
                      entry.path().string()));
    }
    files.push_back({entry.path().lexically_relative(folder).generic_string(), entry.path(), {}});
  }
  std::sort(files.begin(), files.end(), [](const ArchivedFile& one, const ArchivedFile& other) {
    return one.name < other.name;
  });
  return files;
}

void write_archive(const fs::path& target, std::string_view name,
                   const std::vector<ArchivedFile>& files, bool replace) {
  const fs::path place = fs::absolute(target).lexically_normal();
  const auto refuse_existing = [&] {
    throw InputError(fmt::format("'{}' exists; give --force to replace it", target.string()));
  };
  std::error_code ignored;
  if (!fs::is_directory(place.parent_path(), ignored)) {
    throw InputError(fmt::format("there is no folder '{}'", place.parent_path().string()));
  }
  if (!replace && fs::exists(fs::symlink_status(place, ignored))) {
    refuse_existing();
  }
  const std::string partial = fmt::format(".{}.partial-{}", place.filename().string(), getpid());
  const Unfinished unfinished(place.parent_path() / partial);
  const Staging staging(place.parent_path() / (partial + ".files"), std::string(name), files);
  pack(unfinished.file(), target, staging.folder(), std::string(name));
  const auto error = put_in_place(unfinished.file(), place, replace);
  if (error == std::errc::file_exists) {
    refuse_existing();
  }
  if (error) {
    throw Error(ErrorCode::failed,
                fmt::format("cannot write '{}': {}", target.string(), error.message()));
  }
}

}  // namespace imbrex::result
