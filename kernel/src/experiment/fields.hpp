// One table of an experiment's file, read key by key. Whatever is wrong is told once, at its place.
#pragma once

#include <imbrex/plugin/document.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::experiment {

class Fields {
 public:
  // Complains about keys that are not among `known`. `what` is the table in words: "[[axis]]".
  Fields(const Document& document, DocumentNode table, std::string_view what,
         std::span<const std::string_view> known, Diagnostics& diagnostics);

  const Document& document() const noexcept { return document_; }
  Diagnostics& diagnostics() const noexcept { return diagnostics_; }
  DocumentNode node(std::string_view key) const { return table_.find(key); }
  DocumentNode table() const noexcept { return table_; }
  bool has(std::string_view key) const { return static_cast<bool>(table_.find(key)); }

  // The default, after a complaint, when there is something of another kind.
  std::string text(std::string_view key) const;
  std::optional<double> number(std::string_view key) const;
  std::optional<std::int64_t> integer(std::string_view key) const;
  bool boolean(std::string_view key) const;
  // A list of strings, or one alone.
  std::vector<std::string> texts(std::string_view key) const;
  // The elements of a list of tables; one table stands for a list of one.
  std::vector<DocumentNode> tables(std::string_view key) const;
  // Index of the text among `words`.
  std::optional<std::size_t> word(std::string_view key,
                                  std::span<const std::string_view> words) const;

  void complain(DocumentNode at, std::string_view message) const;
  void expected(DocumentNode at, std::string_view what) const;
  // "; did you mean 'x'?", or the whole list when nothing is near.
  static std::string suggestion(std::string_view given, std::span<const std::string_view> known);

 private:
  const Document& document_;
  DocumentNode table_;
  Diagnostics& diagnostics_;
};

}  // namespace imbrex::experiment
