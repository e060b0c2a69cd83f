#include "experiment/store.hpp"

#include "result/disk_calls.hpp"
#include "result/result_list.hpp"

#include <imbrex/plugin/error.hpp>

#include <atomic>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace imbrex::experiment {
namespace {

namespace fs = std::filesystem;

void require(std::error_code error, std::string_view what, const fs::path& path) {
  if (error) {
    throw Error(ErrorCode::failed,
                fmt::format("cannot {} '{}': {}", what, path.string(), error.message()));
  }
}

// Of this process and call: two processes may fill one store.
std::string temporary_name(const std::string& name) {
  static std::atomic<unsigned> count = 0;
  return fmt::format(".{}.{}.{}", name, ::getpid(), count++);
}

}  // namespace

void replace_file(const fs::path& folder, const std::string& name, std::string_view content) {
  const fs::path temporary = folder / temporary_name(name);
  require(result::write_new_file(temporary, content), "write", temporary);
  std::error_code error;
  fs::rename(temporary, folder / name, error);
  if (error) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    require(error, "rename to", folder / name);
  }
}

void Store::open() const {
  std::error_code ignored;
  // A task of a cluster may come to a folder that holds the frozen experiment and no point yet.
  const bool is_ours = fs::is_directory(folder_ / "points", ignored) ||
                       fs::is_regular_file(folder_ / result::kFrozenFile, ignored);
  if (!is_ours && fs::exists(folder_, ignored) && !fs::is_empty(folder_, ignored)) {
    throw InputError(fmt::format("'{}' is not the folder of an experiment; --out names another one",
                                 folder_.string()));
  }
  require(result::make_folders(folder_ / "points"), "make folder", folder_ / "points");
}

fs::path Store::file_of(std::string_view plan_sha256) const {
  return folder_ / "points" / (std::string(plan_sha256) + ".json");
}

std::optional<PointRecord> Store::find(std::string_view plan_sha256) const {
  std::ifstream in(file_of(plan_sha256), std::ios::binary);
  if (!in) {
    return std::nullopt;
  }
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  auto record = read_record(text);
  return record && record->plan_sha256 == plan_sha256 ? std::move(record) : std::nullopt;
}

void Store::put(const PointRecord& record) const {
  replace_file(folder_ / "points", file_of(record.plan_sha256).filename().string(),
               record_json(record));
}

void Store::sync() const {
  // One call for the whole file system: a thousand small files would each wait for its journal.
  const int folder = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::syncfs(folder);
    ::close(folder);
  }
}

}  // namespace imbrex::experiment
