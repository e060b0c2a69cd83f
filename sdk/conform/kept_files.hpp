// What a reporter writes, kept in memory.
#pragma once

#include <imbrex/interfaces/reporter.hpp>
#include <imbrex/plugin/error.hpp>

#include <map>
#include <string>
#include <string_view>

namespace imbrex::conform {

class KeptFiles final : public OutputFolder {
 public:
  explicit KeptFiles(int columns = 0) : columns_(columns) {}

  void write(std::string_view file_name, std::string_view content) override {
    const bool plain = !file_name.empty() && file_name.find('/') == std::string_view::npos;
    if (!plain || !files_.emplace(file_name, content).second) {
      throw InputError("a report called '" + std::string(file_name) +
                       "' is no plain file name, or is there already");
    }
  }
  void show(std::string_view text) override { shown_ += text; }
  int terminal_columns() const noexcept override { return columns_; }

  const std::string& shown() const noexcept { return shown_; }
  bool empty() const noexcept { return files_.empty() && shown_.empty(); }
  // Everything, by name.
  std::string text() const {
    std::string text = shown_;
    for (const auto& [name, content] : files_) {
      text += name + ":\n" + content;
    }
    return text;
  }

 private:
  int columns_;
  std::map<std::string, std::string, std::less<>> files_;
  std::string shown_;
};

}  // namespace imbrex::conform
