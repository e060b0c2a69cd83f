#include "recipe/edit_lines.hpp"

#include <algorithm>
#include <string>

namespace imbrex::recipe {

EditLines::EditLines(const Edits& edits, LoadedRecipe& recipe) {
  // In the order of Edit::Kind.
  constexpr std::array names = {kOverridesName, kUnsetName, kProfileName};
  std::array<std::string, names.size()> texts;
  for (const Edit& edit : edits) {
    std::string line = edit.text;
    std::replace(line.begin(), line.end(), '\n', ' ');
    texts[index_of(edit.kind)] += line + "\n";
    lines_.push_back(++counts_[index_of(edit.kind)]);
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    documents_[i] = std::make_shared<const Document>(Document::without_values(texts[i], names[i]));
    recipe.documents.push_back(documents_[i]);
  }
}

}  // namespace imbrex::recipe
