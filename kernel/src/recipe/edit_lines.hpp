// Edits as lines of documents, one document per kind, so that diagnostics can say which edit is
// meant and quote it: "--set:2:9".
#pragma once

#include "recipe/load_recipe.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace imbrex::recipe {

class EditLines {
 public:
  // `recipe` keeps the documents, since its values will point to them.
  EditLines(const Edits& edits, LoadedRecipe& recipe);

  const Document& of(Edit::Kind kind) const { return *documents_[index_of(kind)]; }
  std::uint32_t count(Edit::Kind kind) const { return counts_[index_of(kind)]; }
  // 1-based, of edit `i` in the document of its kind.
  std::uint32_t line(std::size_t i) const { return lines_[i]; }

 private:
  static std::size_t index_of(Edit::Kind kind) { return static_cast<std::size_t>(kind); }

  std::array<std::shared_ptr<const Document>, 3> documents_;
  std::array<std::uint32_t, 3> counts_{};
  std::vector<std::uint32_t> lines_;
};

}  // namespace imbrex::recipe
