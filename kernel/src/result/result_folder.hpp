// A folder that becomes visible only when it is complete and on disk: filled under a hidden name
// next to its place, synced, then put there in one step. What is shown to the person at the
// terminal waits until then, so that nobody who stops listening can cost a result. What is
// guaranteed stands in sdk/docs/results.md.
#pragma once

#include "result/result_place.hpp"

#include <imbrex/interfaces/reporter.hpp>

#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace imbrex::result {

// Errors: InputError for a name with a folder in it, or none.
void require_plain_name(std::string_view file_name);

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
  // A file in a folder of the result folder: "inputs/network.toml". Errors: as `write`.
  void write_below(const std::filesystem::path& name, std::string_view content);
  // Kept until the folder is visible; never printed when it does not become so.
  void show(std::string_view text) override;
  int terminal_columns() const noexcept override;
  // SHA-256 of every file that `write` wrote, by name.
  const std::map<std::string, std::string, std::less<>>& digests() const noexcept {
    return digests_;
  }
  // Where it is filled: folders of their own may be put inside.
  const std::filesystem::path& staging() const noexcept { return staging_; }
  // Puts the folder to its place, durably, then prints what was shown; that nobody could read it is
  // no error here but the state of stdout. Errors: InputError when somebody else was faster and may
  // not be replaced; Error when the disk refuses.
  void commit();

  // Refuses before any work is done what the constructor would refuse, after it has put right what
  // dead processes left at the place. A folder is replaced only when it is empty or holds a
  // plan.toml: --force must not cost anybody their home directory.
  static void check_target(const std::filesystem::path& target, Existing existing);

 private:
  void put_in_place();
  [[noreturn]] void fail(std::string_view what, const std::error_code& error) const;

  ResultPlace place_;
  std::filesystem::path staging_;
  std::filesystem::path outdated_;  // what was replaced, until it is removed
  Existing existing_;
  bool quiet_;
  int terminal_columns_;  // of standard output, which is set aside while reporters run
  bool committed_ = false;
  std::set<std::string, std::less<>> written_;  // folders that it made included
  std::map<std::string, std::string, std::less<>> digests_;
  std::string shown_;
};

}  // namespace imbrex::result
