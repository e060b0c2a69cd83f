// A parsed TOML file as a read-only tree whose every key and value knows its line and column, and
// the collector of diagnostics that quotes them. Hides the TOML library; readers of TOML-based
// formats use this, so that all complaints about all files look the same.
#pragma once

#include <imbrex/plugin/abi.hpp>
#include <imbrex/plugin/error.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex {

struct SourcePosition {
  std::uint32_t line = 0;    // 1-based; 0: no position
  std::uint32_t column = 0;  // 1-based, in bytes
};

enum class NodeKind : std::uint8_t { none, table, array, string, integer, real, boolean, other };
IMBREX_API std::string_view to_string(NodeKind kind) noexcept;  // "a table", "a string", ...

// Handle on one value; valid as long as its Document. Tables keep their keys in file order.
class IMBREX_API DocumentNode {
 public:
  DocumentNode() = default;
  NodeKind kind() const noexcept;
  explicit operator bool() const noexcept { return kind() != NodeKind::none; }
  SourcePosition position() const noexcept;      // of the value
  SourcePosition key_position() const noexcept;  // of the key, or of the value in an array
  std::string_view key() const noexcept;         // empty in an array
  // Exact conversions: no value when the kind differs. An integer is a valid real when exact.
  std::optional<bool> boolean() const noexcept;
  std::optional<std::int64_t> integer() const noexcept;
  std::optional<double> real() const noexcept;
  std::optional<std::string_view> string() const noexcept;
  // Children of a table or array.
  std::size_t size() const noexcept;
  DocumentNode operator[](std::size_t i) const noexcept;
  DocumentNode find(std::string_view key) const noexcept;  // none when absent

 private:
  friend class Document;
  struct Data;
  explicit DocumentNode(const Data* data) noexcept : data_(data) {}
  const Data* data_ = nullptr;
};

class IMBREX_API Document {
 public:
  // Errors: InputError with file:line:col, the source line and a caret.
  static Document parse_file(std::string_view path);
  static Document parse_text(std::string_view text, std::string_view file_name);
  // A text that is not TOML as a whole, e.g. the overrides of a command line: its root is none, its
  // lines can be quoted in diagnostics.
  static Document without_values(std::string_view text, std::string_view file_name);
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  DocumentNode root() const noexcept;
  std::string_view file_name() const noexcept;
  std::string_view line(
      std::uint32_t number) const noexcept;  // text of a line, without its newline

 private:
  Document();
  struct IMBREX_LOCAL Impl;
  std::unique_ptr<Impl> impl_;
};

// Collects every complaint about one or several documents, then throws them together, sorted by
// position: "file:line:col: error: message", the source line, a caret.
class IMBREX_API Diagnostics {
 public:
  Diagnostics();
  ~Diagnostics();
  Diagnostics(const Diagnostics&) = delete;
  Diagnostics& operator=(const Diagnostics&) = delete;

  void error(const Document& document, SourcePosition position, std::string_view message);
  void error(std::string_view message);  // no position
  bool empty() const noexcept;
  std::string text() const;
  void throw_if_any() const;  // InputError with text()

 private:
  struct IMBREX_LOCAL Impl;
  std::unique_ptr<Impl> impl_;
};

// The known name nearest to a misspelt one (Damerau-Levenshtein, letter case ignored), ties by
// index; else the only known name that contains the given one; or empty when none is near.
IMBREX_API std::string_view nearest_name(std::string_view given,
                                         std::span<const std::string_view> known) noexcept;

}  // namespace imbrex
