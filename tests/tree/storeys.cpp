#include "storeys.hpp"

#include <array>
#include <regex>

namespace imbrex::test {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 6> kStoreyNames = {"language", "toolkit", "engine",
                                                     "plugins",  "kit",     "embedding"};

}  // namespace

std::string Place::text() const {
  return kStoreyNames[static_cast<std::size_t>(storey)] + (folder.empty() ? "" : " " + folder);
}

std::optional<Place> place_of(const std::string& path) {
  static const std::regex kLanguage(
      R"(kernel/(include/imbrex|src/(base|language))/.+|kernel/[^/]+\.cpp)");
  static const std::regex kEngine(R"(kernel/(?:src/)?([a-z]+)/.+)");
  static const std::regex kToolkit(R"(sdk/toolkit/(?:include/imbrex/toolkit/)?([a-z]+)/.+)");
  static const std::regex kKit(R"(sdk/conform/(problems/)?.+\.[ch]pp)");
  static const std::regex kPlugin(R"(plugins/([a-z_]+/[a-z_]+)[./].+)");
  static const std::regex kEmbedding(R"(sdk/(session)/(?!include/).+)");
  static const std::regex kEmbeddingHeaders(R"(sdk/session/include/.+)");
  std::smatch match;
  if (std::regex_match(path, kEmbeddingHeaders)) {
    return Place{Storey::embedding, ""};
  }
  if (std::regex_match(path, match, kEmbedding)) {
    return Place{Storey::embedding, match[1]};
  }
  if (std::regex_match(path, kLanguage)) {
    return Place{Storey::language, ""};
  }
  if (std::regex_match(path, match, kToolkit)) {
    return Place{Storey::toolkit, match[1]};
  }
  if (std::regex_match(path, match, kKit)) {
    return Place{Storey::kit, match[1].matched ? "problems" : "conform"};
  }
  if (std::regex_match(path, match, kEngine)) {
    return Place{Storey::engine, match[1]};
  }
  if (std::regex_match(path, match, kPlugin)) {
    return Place{Storey::plugins, match[1]};
  }
  return std::nullopt;
}

bool may_know(Storey from, Storey to) noexcept {
  switch (from) {
    case Storey::language:
      return to == Storey::language;
    case Storey::toolkit:
      return to == Storey::language || to == Storey::toolkit;
    case Storey::engine:
      return to == Storey::language || to == Storey::engine;
    case Storey::plugins:
      return to == Storey::language || to == Storey::toolkit || to == Storey::plugins;
    case Storey::kit:
      return to != Storey::plugins && to != Storey::embedding;
    case Storey::embedding:
      return to == Storey::language || to == Storey::engine || to == Storey::embedding;
  }
  return false;
}

std::optional<std::string> file_of(const Include& include, const fs::path& tree) {
  if (!include.quoted) {
    if (!include.target.starts_with("imbrex/")) {
      return std::nullopt;
    }
    return (include.target.starts_with("imbrex/toolkit/")   ? "sdk/toolkit/include/"
            : include.target.starts_with("imbrex/session.") ? "sdk/session/include/"
                                                            : "kernel/include/") +
           include.target;
  }
  const fs::path beside = include.file.parent_path() / include.target;
  if (fs::exists(beside)) {
    return beside.lexically_normal().lexically_relative(tree).generic_string();
  }
  if (include.file.lexically_relative(tree).generic_string().starts_with("sdk/conform/")) {
    const std::string own = "sdk/conform/" + include.target;
    return fs::exists(tree / own) ? own : "kernel/src/" + include.target;
  }
  const std::string storey = include.file.lexically_relative(tree).generic_string();
  return (storey.starts_with("sdk/toolkit") ? "sdk/toolkit/" : "kernel/src/") + include.target;
}

std::string namespace_of(const Place& place) {
  return place.storey == Storey::plugins ? ""
         : place.folder.empty()          ? "imbrex"
                                         : "imbrex::" + place.folder;
}

}  // namespace imbrex::test
