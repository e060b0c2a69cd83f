// Where `imbrex report` puts what reporters make of a result that is there already.
#pragma once

#include <imbrex/interfaces/reporter.hpp>

#include <filesystem>
#include <map>
#include <string>

namespace imbrex::app {

// Keeps files and texts until all reporters have ended: a report that fails leaves everything as it
// was. [one thread]
class ReportFolder final : public OutputFolder {
 public:
  ReportFolder();
  // Errors: InputError for a name that is not plain, was written before, or is that of a file in
  // which a run leaves its result.
  void write(std::string_view file_name, std::string_view content) override;
  void show(std::string_view text) override { shown_ += text; }
  int terminal_columns() const noexcept override;

  const std::string& shown() const noexcept { return shown_; }
  bool empty() const noexcept { return files_.empty(); }
  // Writes each file by a rename, and brings up to date what lock.json says of files that it lists
  // and that are replaced. The folder is made where there is none. Errors: InputError, before
  // anything is written, when a file is there and may not be replaced, unless it has these bytes
  // already; Error (the disk).
  void put(const std::filesystem::path& folder, bool may_replace) const;

 private:
  void require_free(const std::filesystem::path& folder) const;

  std::map<std::string, std::string> files_;
  std::string shown_;
  int terminal_columns_;  // of standard output, which is set aside while reporters run
};

}  // namespace imbrex::app
