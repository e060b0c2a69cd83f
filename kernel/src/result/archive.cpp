#include "result/archive.hpp"

#include "result/disk_calls.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <set>
#include <utility>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <unistd.h>

namespace imbrex::result {
namespace {

namespace fs = std::filesystem;

class Packer {
 public:
  Packer(const fs::path& file, const fs::path& target)
      : target_(target), archive_(archive_write_new(), archive_write_free) {
    // No time in the header of gzip, and headers of pax only where the older ones cannot say it.
    check(archive_write_add_filter_gzip(archive_.get()));
    check(archive_write_set_filter_option(archive_.get(), "gzip", "timestamp", nullptr));
    check(archive_write_set_format_pax_restricted(archive_.get()));
    check(archive_write_open_filename(archive_.get(), file.c_str()));
  }

  void add_folder(const std::string& name) { add_header(name + "/", AE_IFDIR, 0755, 0); }

  void add(const std::string& name, const ArchivedFile& file) {
    if (file.source.empty()) {
      add_header(name, AE_IFREG, 0644, file.content.size());
      add_data(file.content);
      return;
    }
    std::ifstream in(file.source, std::ios::binary);
    std::uintmax_t left = fs::file_size(file.source);
    add_header(name, AE_IFREG, 0644, left);
    std::array<char, 1 << 16> block{};
    while (left > 0 && in.read(block.data(), static_cast<std::streamsize>(
                                                 std::min<std::uintmax_t>(left, block.size())))) {
      add_data({block.data(), static_cast<std::size_t>(in.gcount())});
      left -= static_cast<std::uintmax_t>(in.gcount());
    }
    if (left > 0) {
      throw Error(ErrorCode::failed, fmt::format("cannot read '{}'", file.source.string()));
    }
  }

  void finish() { check(archive_write_close(archive_.get())); }

 private:
  void check(int code) const {
    if (code < ARCHIVE_WARN) {
      const char* const reason = archive_error_string(archive_.get());
      throw Error(ErrorCode::failed, fmt::format("cannot write '{}': {}", target_.string(),
                                                 reason == nullptr ? "unknown" : reason));
    }
  }

  void add_header(const std::string& name, unsigned type, unsigned permissions,
                  std::uintmax_t size) {
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(),
                                                                         archive_entry_free);
    archive_entry_copy_pathname(entry.get(), name.c_str());
    archive_entry_set_filetype(entry.get(), type);
    archive_entry_set_perm(entry.get(), permissions);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
    archive_entry_set_mtime(entry.get(), 0, 0);
    check(archive_write_header(archive_.get(), entry.get()));
  }

  void add_data(std::string_view data) {
    if (archive_write_data(archive_.get(), data.data(), data.size()) !=
        static_cast<la_ssize_t>(data.size())) {
      check(ARCHIVE_FATAL);
    }
  }

  fs::path target_;
  std::unique_ptr<archive, int (*)(archive*)> archive_;
};

// Folders come before what is in them.
void pack(Packer& packer, const std::string& folder, const std::vector<ArchivedFile>& files) {
  packer.add_folder(folder);
  std::set<fs::path> known;
  for (const ArchivedFile& file : files) {
    fs::path inner;
    for (const fs::path& part : fs::path(file.name).parent_path()) {
      inner /= part;
      if (known.insert(inner).second) {
        packer.add_folder(folder + "/" + inner.generic_string());
      }
    }
    packer.add(folder + "/" + file.name, file);
  }
  packer.finish();
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

void write_archive(const fs::path& target, std::string_view name, std::vector<ArchivedFile> files,
                   bool replace) {
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
  std::sort(files.begin(), files.end(), [](const ArchivedFile& one, const ArchivedFile& other) {
    return one.name < other.name;
  });
  const Unfinished unfinished(place.parent_path() /
                              fmt::format(".{}.partial-{}", place.filename().string(), getpid()));
  Packer packer(unfinished.file(), target);
  pack(packer, std::string(name), files);
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
