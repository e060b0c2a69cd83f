// Edits as lines of documents, one document per kind and folder, so that diagnostics can say which
// edit is meant and quote it, "--set:2:9", and paths in it start where they were written.
#pragma once

#include "recipe/load_recipe.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace imbrex::recipe {

class EditLines {
 public:
  // `recipe` keeps the documents, since its values will point to them.
  EditLines(const Edits& edits, LoadedRecipe& recipe);

  const Document& of(std::size_t edit) const { return *documents_[places_[edit].document]; }
  // 1-based, of edit `edit` in its document.
  std::uint32_t line(std::size_t edit) const { return places_[edit].line; }
  // All profiles, a line each.
  const Document& profiles() const { return *profiles_; }
  std::uint32_t profile_count() const { return profile_count_; }

 private:
  struct Place {
    std::size_t document = 0;
    std::uint32_t line = 0;
  };

  std::vector<std::shared_ptr<const Document>> documents_;
  std::vector<Place> places_;
  std::shared_ptr<const Document> profiles_;
  std::uint32_t profile_count_ = 0;
};

}  // namespace imbrex::recipe
