#include "recipe/recipe_head.hpp"

#include "recipe/recipe_keys.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace imbrex::recipe {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDigestPrefix = "sha256:";

void check_format(const LoadedRecipe& recipe, Diagnostics& diagnostics) {
  const RecipeValue* const format = recipe.root.find("imbrex");
  if (format == nullptr) {
    diagnostics.error(*recipe.documents.front(), {},
                      fmt::format("the recipe does not say which format it has; write imbrex = {}",
                                  kRecipeFormat));
  } else if (format->kind != NodeKind::integer) {
    complain_type(*format, "the version of the recipe format, an integer", diagnostics);
  } else if (format->integer != kRecipeFormat) {
    complain(diagnostics, *format,
             fmt::format("recipe format {} is not known; this imbrex reads format {}",
                         format->integer, kRecipeFormat));
  }
}

std::uint64_t read_seed(const RecipeValue& root, Diagnostics& diagnostics) {
  const RecipeValue* const seed = root.find("seed");
  if (seed == nullptr) {
    return 0;
  }
  if (seed->kind != NodeKind::integer) {
    complain_type(*seed, "an integer", diagnostics);
  } else if (seed->integer < 0) {
    complain(diagnostics, *seed, fmt::format("'seed' = {} is below 0", seed->integer));
  }
  return static_cast<std::uint64_t>(seed->integer);
}

std::string read_objective(const RecipeValue& root, Diagnostics& diagnostics) {
  const RecipeValue* const objective = root.find("objective");
  if (objective == nullptr) {
    return RecipeHead().objective;
  }
  if (objective->kind != NodeKind::string) {
    complain_type(*objective, fmt::format("one of {}", fmt::join(kObjectives, ", ")), diagnostics);
  } else if (std::find(kObjectives.begin(), kObjectives.end(), objective->text) ==
             kObjectives.end()) {
    complain(diagnostics, *objective,
             fmt::format("'objective' = '{}' is not one of {}{}", objective->text,
                         fmt::join(kObjectives, ", "), did_you_mean(objective->text, kObjectives)));
  }
  return objective->text;
}

// "sha256:" and 64 hexadecimal digits; complains otherwise.
bool check_digest(const RecipeValue& value, Diagnostics& diagnostics) {
  const std::string_view text = value.text;
  const bool good =
      value.kind == NodeKind::string && text.size() == kDigestPrefix.size() + 64 &&
      text.starts_with(kDigestPrefix) &&
      text.find_first_not_of("0123456789abcdef", kDigestPrefix.size()) == std::string_view::npos;
  if (!good) {
    complain(diagnostics, value,
             "a digest reads \"sha256:\" and 64 hexadecimal digits in lower case");
  }
  return good;
}

void read_plugin_path(const RecipeValue& value, Diagnostics& diagnostics, RecipePlugins& plugins) {
  if (value.kind != NodeKind::string || value.text.empty()) {
    complain(
        diagnostics, value,
        fmt::format("[plugins] paths holds paths of folders or libraries, found {}",
                    value.kind == NodeKind::string ? "an empty string" : to_string(value.kind)));
    return;
  }
  const fs::path path = absolute_path(value, value.text);
  std::error_code error;
  if (value.text.find('\0') != std::string::npos || !fs::exists(path, error)) {
    complain(diagnostics, value, fmt::format("the plugin path '{}' does not exist", value.text));
    return;
  }
  plugins.paths.push_back(path);
}

}  // namespace

void complain_type(const RecipeValue& value, std::string_view expected, Diagnostics& diagnostics) {
  complain(diagnostics, value,
           fmt::format("'{}' expects {}, found {}", value.key, expected, to_string(value.kind)));
}

void refuse_unknown_keys(const RecipeValue& table, std::span<const std::string_view> known,
                         std::string_view what, Diagnostics& diagnostics) {
  for (const RecipeValue& child : table.children) {
    if (std::find(known.begin(), known.end(), child.key) == known.end()) {
      complain_at_key(
          diagnostics, child,
          fmt::format("{} has no key '{}'{}", what, child.key, did_you_mean(child.key, known)));
    }
  }
}

const RecipeValue* find_table(const RecipeValue& parent, std::string_view key,
                              Diagnostics& diagnostics) {
  const RecipeValue* const value = parent.find(key);
  if (value != nullptr && value->kind != NodeKind::table) {
    complain_type(*value, "a table", diagnostics);
    return nullptr;
  }
  return value;
}

RecipeHead read_head(const LoadedRecipe& recipe, Diagnostics& diagnostics) {
  check_format(recipe, diagnostics);
  refuse_unknown_keys(recipe.root, kRecipeKeys, "a recipe", diagnostics);
  return {read_seed(recipe.root, diagnostics), read_objective(recipe.root, diagnostics)};
}

RecipePlugins read_plugins(const RecipeValue& root, Diagnostics& diagnostics) {
  RecipePlugins plugins;
  const RecipeValue* const table = find_table(root, "plugins", diagnostics);
  if (table == nullptr) {
    return plugins;
  }
  refuse_unknown_keys(*table, kPluginsKeys, "[plugins]", diagnostics);
  if (const RecipeValue* const paths = table->find("paths")) {
    if (paths->kind != NodeKind::array) {
      complain_type(*paths, "an array of paths", diagnostics);
    }
    for (const RecipeValue& path : paths->children) {
      read_plugin_path(path, diagnostics, plugins);
    }
  }
  if (const RecipeValue* const pins = find_table(*table, "pin", diagnostics)) {
    for (const RecipeValue& pin : pins->children) {
      if (check_digest(pin, diagnostics)) {
        plugins.pins[pin.key] = pin.text;
      }
    }
  }
  return plugins;
}

std::map<std::string, std::string> digest_files(const RecipeValue& root,
                                                const std::vector<fs::path>& files,
                                                FileDigests& known, Diagnostics& diagnostics) {
  std::map<std::string, std::string> digests;
  for (const fs::path& file : files) {
    digests[file.string()] = known.of(file);
  }
  const RecipeValue* const expected = find_table(root, "files", diagnostics);
  if (expected == nullptr) {
    return digests;
  }
  for (const RecipeValue& entry : expected->children) {
    const auto found = digests.find(entry.key);
    if (!check_digest(entry, diagnostics) || found == digests.end() ||
        entry.text == fmt::format("{}{}", kDigestPrefix, found->second)) {
      continue;
    }
    complain_at_key(diagnostics, entry,
                    fmt::format("the file '{}' has changed: expected {}..., found {}{}...",
                                fs::path(entry.key).filename().string(),
                                entry.text.substr(0, kDigestPrefix.size() + 12), kDigestPrefix,
                                found->second.substr(0, 12)));
  }
  return digests;
}

}  // namespace imbrex::recipe
