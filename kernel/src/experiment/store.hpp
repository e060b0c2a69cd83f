// Where the points of an experiment are kept: one file per point, named after the digest of its
// plan and put in place by a rename. A file that is there is whole; a process that is killed loses
// the point it was working on and nothing else. [any thread, any number of processes]
#pragma once

#include "experiment/point_record.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace imbrex::experiment {

class Store {
 public:
  // Touches nothing.
  explicit Store(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Makes FOLDER/points, before the first `put`. Errors: InputError when the folder holds something
  // else than an experiment, Error (the disk).
  void open() const;

  const std::filesystem::path& folder() const noexcept { return folder_; }
  // Nothing when there is none, or when it cannot be read.
  std::optional<PointRecord> find(std::string_view plan_sha256) const;
  // Replaces an older one. Errors: Error (the disk).
  void put(const PointRecord& record) const;
  // Everything that was put is on the disk afterwards, also when the power fails. Errors: Error.
  void sync() const;

 private:
  std::filesystem::path file_of(std::string_view plan_sha256) const;

  std::filesystem::path folder_;
};

// Writes FOLDER/NAME by a rename. Errors: Error (the disk).
void replace_file(const std::filesystem::path& folder, const std::string& name,
                  std::string_view content);

}  // namespace imbrex::experiment
