// The text of an input file cut into lines, so that diagnostics can quote it. [any thread]
#pragma once

#include <imbrex/plugin/document.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex {

class SourceText {
 public:
  SourceText(std::string_view text, std::string_view file_name);

  const std::string& text() const noexcept { return text_; }
  const std::string& file_name() const noexcept { return file_name_; }
  // 1-based; without "\n" or "\r\n"; empty beyond the end.
  std::string_view line(std::uint32_t number) const noexcept;
  std::uint32_t line_count() const noexcept {
    return static_cast<std::uint32_t>(line_begins_.size());
  }
  // Columns of the TOML library count code points, ours count bytes. Both 1-based. O(log bytes): a
  // line may hold all values of a file.
  std::uint32_t byte_column(std::uint32_t line_number,
                            std::uint32_t code_point_column) const noexcept;
  // Of a byte. O(log lines).
  SourcePosition position(std::size_t offset) const noexcept;

 private:
  std::size_t code_points_before(std::size_t offset) const noexcept;

  std::string text_;
  std::string file_name_;
  std::vector<std::size_t> line_begins_;
  std::vector<std::size_t> code_points_;  // that begin before each block of bytes
};

}  // namespace imbrex
