// Findings about the command, where it looks for plugins, and the plugins themselves.
#include "diagnosis.hpp"
#include "plugin/discovery.hpp"
#include "plugin/kinds.hpp"
#include "result/build_id.hpp"
#include "shipped_components.hpp"
#include "version_text.hpp"

#include <imbrex/plugin/abi.hpp>
#include <imbrex/plugin/error.hpp>

#include <algorithm>

#include <dlfcn.h>
#include <fmt/format.h>
#include <sys/stat.h>

namespace imbrex::app {
namespace {

namespace fs = std::filesystem;

// The library that holds the language, as this process loaded it.
fs::path kernel_library() {
  Dl_info info{};
  std::error_code error;
  // A function of the language that every process of the command has resolved.
  void* const function = reinterpret_cast<void*>(&nearest_name);
  return dladdr(function, &info) != 0 ? fs::canonical(info.dli_fname, error) : fs::path();
}

bool anybody_may_write(const fs::path& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && (status.st_mode & S_IWOTH) != 0;
}

void diagnose_place(const fs::path& place, std::string_view source, Findings& findings) {
  std::error_code error;
  const std::string check = fmt::format("plugins of {}", source);
  if (!fs::exists(place, error)) {
    findings.push_back({Health::problem, check, fmt::format("{} does not exist", place.string()),
                        "correct the path, or create the folder"});
    return;
  }
  const fs::path folder = fs::is_directory(place, error) ? place : place.parent_path();
  if (anybody_may_write(folder)) {
    findings.push_back(
        {Health::problem, check,
         fmt::format("everybody may write to {}: nothing in it is loaded", folder.string()),
         fmt::format("chmod o-w '{}'", folder.string())});
    return;
  }
  plugin::PluginSearchPath only;
  only.defaults = {place};
  const auto found = plugin::discover(only);
  const bool is_empty = found.empty();
  findings.push_back(
      {is_empty ? Health::warning : Health::ok, check,
       fmt::format("{}: {} libraries", place.string(), found.size()),
       is_empty ? "put libraries there that end in .imbrex.so, or name another folder" : ""});
}

// What the kernel says of a library, and what somebody does about it.
Finding unusable(const plugin::PluginEntry& entry) {
  return {Health::problem, fmt::format("plugin {}", entry.path.filename().string()),
          entry.message.empty() ? "cannot be loaded" : entry.message,
          entry.state == plugin::LoadState::refused
              ? "do what the message says, build it again with this Imbrex, or take it away"
              : "mend what the message names, or take the library away"};
}

void diagnose_kinds(const plugin::Registry& registry, Findings& findings) {
  for (const plugin::KindWords& words : plugin::kKindWords) {
    const auto components = registry.components();
    const bool there = std::any_of(
        components.begin(), components.end(),
        [&](const Component* component) { return &plugin::words_of(component->kind) == &words; });
    if (!there) {
      findings.push_back({Health::problem, fmt::format("{}s", words.interface_name),
                          "there is none, and every recipe needs one",
                          "install the plugins of Imbrex, or set IMBREX_PLUGIN_PATH"});
    }
  }
}

}  // namespace

void diagnose_command(Findings& findings) {
  std::error_code error;
  findings.push_back(
      {Health::ok, "command",
       fmt::format("{} {}, commit {}, {}", fs::read_symlink("/proc/self/exe", error).string(),
                   IMBREX_VERSION, commit_text(), result::compiler_text()),
       ""});
  const fs::path library = kernel_library();
  const bool fits = library.filename().string().ends_with(IMBREX_VERSION);
  findings.push_back({fits ? Health::ok : Health::problem, "language library",
                      library.empty()
                          ? "nobody knows where it lies"
                          : fmt::format("{}{}", library.string(),
                                        fits ? "" : " is not that of Imbrex " IMBREX_VERSION),
                      fits ? "" : "install Imbrex again; LD_LIBRARY_PATH may lead to another one"});
  findings.push_back({Health::ok, "plugin ABI",
                      fmt::format("epoch {}, {}", IMBREX_ABI_EPOCH, IMBREX_ABI_TAG), ""});
}

void diagnose_search_path(const plugin::PluginSearchPath& path, Findings& findings) {
  for (const fs::path& place : path.environment) {
    diagnose_place(place, "IMBREX_PLUGIN_PATH", findings);
  }
  for (const fs::path& place : path.defaults) {
    diagnose_place(place, "this installation", findings);
  }
  if (path.defaults.empty()) {
    findings.push_back({Health::warning, "plugins of this installation",
                        "there is no folder lib/imbrex/plugins beside the command",
                        "install Imbrex whole, or set IMBREX_PLUGIN_PATH"});
  }
}

void diagnose_plugins(const plugin::Registry& registry, Findings& findings) {
  std::size_t loaded = 0;
  for (const plugin::PluginEntry& entry : registry.plugins()) {
    if (entry.descriptor != nullptr) {
      ++loaded;
    } else {
      findings.push_back(unusable(entry));
    }
  }
  findings.push_back({Health::ok, "plugins",
                      fmt::format("{} libraries loaded, {} components, no id twice", loaded,
                                  registry.components().size()),
                      ""});
  diagnose_kinds(registry, findings);
}

}  // namespace imbrex::app
