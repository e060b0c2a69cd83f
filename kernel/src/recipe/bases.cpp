#include "recipe/bases.hpp"

#include "base/files.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

namespace imbrex::recipe {
namespace {

namespace fs = std::filesystem;

// More than any person can follow; what a thousand files cost to read is a tenth of a second.
constexpr std::size_t kMaxBases = 1000;

using FileIdentity = std::pair<std::uint64_t, std::uint64_t>;

// One file, whatever path leads to it.
FileIdentity identity(const fs::path& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 ? FileIdentity(found.st_dev, found.st_ino)
                                         : FileIdentity(0, 0);
}

// The bases a recipe names, one or a list. Complains about everything else.
std::vector<const RecipeValue*> named_bases(const RecipeValue& root, Diagnostics& diagnostics) {
  std::vector<const RecipeValue*> bases;
  const RecipeValue* const extends = root.find("extends");
  const auto take = [&](const RecipeValue& value, std::string_view expected) {
    if (value.kind == NodeKind::string && !value.text.empty()) {
      bases.push_back(&value);
    } else {
      complain(
          diagnostics, value,
          fmt::format("'extends' expects {}, found {}", expected,
                      value.kind == NodeKind::string ? "an empty string" : to_string(value.kind)));
    }
  };
  if (extends != nullptr && extends->kind == NodeKind::array) {
    for (const RecipeValue& base : extends->children) {
      take(base, "paths of other recipes");
    }
  } else if (extends != nullptr) {
    take(*extends, "the path of another recipe, or a list of paths");
  }
  return bases;
}

class BaseReader {
 public:
  explicit BaseReader(Documents& documents) : documents_(documents) {}

  // Appends the bases of this file, then the file.
  void read(const fs::path& path, std::shared_ptr<const Document> document) {
    documents_.push_back(std::move(document));
    const Document& own = *documents_.back();
    RecipeValue root = recipe_value_of(own, own.root());
    const FileIdentity own_identity = identity(path);
    depth_.emplace(own_identity, open_.size());
    open_.push_back(path);
    ++files_;
    Diagnostics diagnostics;
    for (const RecipeValue* const base : named_bases(root, diagnostics)) {
      read_base(*base, path, diagnostics);
    }
    diagnostics.throw_if_any();
    open_.pop_back();
    depth_.erase(own_identity);
    laid_.insert(own_identity);
    std::erase_if(root.children, [](const RecipeValue& child) { return child.key == "extends"; });
    layers_.push_back({path, std::move(root)});
  }

  std::vector<FileLayer> take() { return std::move(layers_); }

 private:
  void read_base(const RecipeValue& name, const fs::path& from, Diagnostics& diagnostics) {
    const fs::path base = (from.parent_path() / name.text).lexically_normal();
    const std::string reason = why_unreadable(base);
    if (!reason.empty()) {
      complain(diagnostics, name, fmt::format("the base recipe '{}' {}", name.text, reason));
      return;
    }
    if (files_ > kMaxBases) {
      complain(diagnostics, name,
               fmt::format("more than {} recipes that extend one another", kMaxBases));
      return;
    }
    const FileIdentity base_identity = identity(base);
    if (laid_.contains(base_identity)) {
      return;
    }
    const auto again = depth_.find(base_identity);
    if (again == depth_.end()) {
      read(base, std::make_shared<const Document>(Document::parse_file(base.string())));
      return;
    }
    std::string cycle;
    for (std::size_t i = again->second; i < open_.size(); ++i) {
      cycle += open_[i].filename().string() + " -> ";
    }
    complain(diagnostics, name,
             "recipes extend each other in a circle: " + cycle + base.filename().string());
  }

  Documents& documents_;
  std::vector<FileLayer> layers_;
  // The recipe, a base of it, a base of that, and so on, and their places in that order.
  std::vector<fs::path> open_;
  std::map<FileIdentity, std::size_t> depth_;
  std::set<FileIdentity> laid_;
  std::size_t files_ = 0;
};

}  // namespace

std::vector<FileLayer> read_layers(const fs::path& path, std::shared_ptr<const Document> document,
                                   Documents& documents) {
  BaseReader reader(documents);
  reader.read(path, std::move(document));
  return reader.take();
}

}  // namespace imbrex::recipe
