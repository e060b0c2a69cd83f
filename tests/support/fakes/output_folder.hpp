#pragma once

#include <imbrex/interfaces/reporter.hpp>

#include <string>

namespace imbrex::test {

// Keeps what a person would see, and no files.
struct ShownText final : OutputFolder {
  explicit ShownText(int width = 0) : columns(width) {}
  void write(std::string_view, std::string_view) override {}
  void show(std::string_view text) override { shown += text; }
  int terminal_columns() const noexcept override { return columns; }

  int columns;  // 0: no terminal
  std::string shown;
};

}  // namespace imbrex::test
