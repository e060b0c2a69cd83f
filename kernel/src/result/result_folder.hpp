// A folder that becomes visible only when it is complete: filled under a temporary name next to its
// place, then renamed.
#pragma once

#include <imbrex/interfaces/reporter.hpp>

#include <filesystem>
#include <set>
#include <string>

namespace imbrex::result {

// [one thread]
class ResultFolder final : public OutputFolder {
 public:
  enum class Existing : std::uint8_t { refuse, replace };

  // Errors: InputError when something is at `target` and may not be replaced (`check_target`), or
  // when the folder cannot be created.
  ResultFolder(const std::filesystem::path& target, Existing existing, bool quiet);
  // Not committed: leaves nothing behind.
  ~ResultFolder() override;
  ResultFolder(const ResultFolder&) = delete;
  ResultFolder& operator=(const ResultFolder&) = delete;

  // Errors: InputError for a name that is not a plain file name or was written before; Error when
  // the disk refuses.
  void write(std::string_view file_name, std::string_view content) override;
  void show(std::string_view text) override;
  int terminal_columns() const noexcept override;
  // Where it is filled: folders of their own may be put inside.
  const std::filesystem::path& staging() const noexcept { return staging_; }
  // Renames the folder to its place. Errors: Error.
  void commit();

  // Refuses before any work is done what the constructor would refuse. A folder is replaced only
  // when it is empty or holds a plan.toml: --force must not cost anybody their home directory.
  static void check_target(const std::filesystem::path& target, Existing existing);

 private:
  std::filesystem::path target_;
  std::filesystem::path staging_;
  Existing existing_;
  bool quiet_;
  bool committed_ = false;
  std::set<std::string, std::less<>> written_;
};

}  // namespace imbrex::result
