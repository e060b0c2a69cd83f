#include "recipe/edit_lines.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>

namespace imbrex::recipe {
namespace {

// Under which name diagnostics quote the edit; its folder is where paths start (absolute_path).
std::string document_name(const Edit& edit) {
  // In the order of Edit::Kind.
  constexpr std::array names = {kOverridesName, kUnsetName, kProfileName};
  const std::string_view name = names.at(static_cast<std::size_t>(edit.kind));
  return edit.folder.empty() ? std::string(name)
                             : (std::filesystem::path(edit.folder) / name).string();
}

// A document that grows line by line.
struct Draft {
  std::string name;
  std::string text;
  std::uint32_t lines = 0;
};

}  // namespace

EditLines::EditLines(const Edits& edits, LoadedRecipe& recipe) {
  std::vector<Draft> drafts = {{std::string(kProfileName), "", 0}};
  for (const Edit& edit : edits) {
    const std::string name =
        edit.kind == Edit::Kind::profile ? drafts.front().name : document_name(edit);
    const auto found = std::find_if(drafts.begin(), drafts.end(),
                                    [&](const Draft& draft) { return draft.name == name; });
    const auto at = static_cast<std::size_t>(found - drafts.begin());
    if (found == drafts.end()) {
      drafts.push_back({name, "", 0});
    }
    std::string line = edit.text;
    std::replace(line.begin(), line.end(), '\n', ' ');
    drafts[at].text += line + "\n";
    places_.push_back({at, ++drafts[at].lines});
  }
  for (const Draft& draft : drafts) {
    documents_.push_back(
        std::make_shared<const Document>(Document::without_values(draft.text, draft.name)));
    recipe.documents.push_back(documents_.back());
  }
  profiles_ = documents_.front();
  profile_count_ = drafts.front().lines;
}

}  // namespace imbrex::recipe
