#include "examination.hpp"

#include "recipe/parsed_recipe.hpp"
#include "stand.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <cstdio>
#include <iostream>

#include <sys/stat.h>
#include <unistd.h>

namespace imbrex::conform {
namespace {

constexpr std::size_t kMostSettings = 4;

std::unique_ptr<plugin::Registry> open_registry(const Target& target) {
  plugin::PluginSearchPath path = plugin::default_search_path();
  path.files = {target.library};
  path.files.insert(path.files.end(), target.beside.begin(), target.beside.end());
  if (target.recipe) {
    path.recipe_paths =
        recipe::recipe_plugins(recipe::ParsedRecipe::of_file(*target.recipe), {}).paths;
  }
  try {
    return std::make_unique<plugin::Registry>(path);
  } catch (const InputError& error) {
    throw Broken(error.what());
  }
}

// The first that is named: those beside it come behind.
const plugin::PluginEntry& named_entry(const plugin::Registry& registry) {
  const auto entries = registry.plugins();
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [](const auto& entry) { return entry.explicitly_named; });
  if (found == entries.end()) {
    throw Broken("the loader does not know the library that it was told to open");
  }
  return *found;
}

}  // namespace

const plugin::Registry& Examination::registry() {
  if (!registry_) {
    registry_ = open_registry(target_);
  }
  return *registry_;
}

const PluginDescriptor& Examination::descriptor() {
  return *named_entry(registry()).descriptor;
}

const Component& Examination::component() {
  const Component* const component = registry().find(target_.component);
  if (component == nullptr) {
    throw Broken("no component '" + target_.component + "' any more");
  }
  return *component;
}

const std::vector<Setting>& Examination::settings() {
  if (settings_.empty()) {
    settings_ = settings_for(registry(), component(), target_.recipe);
    if (settings_.size() > kMostSettings) {
      settings_ = usable_settings(std::move(settings_), kMostSettings, target_.seed);
    }
  }
  return settings_;
}

std::unique_ptr<plugin::HostServices> Examination::services(int threads) {
  plugin::HostOptions options;
  options.threads = threads;
  options.log_level = LogLevel::error;
  options.quiet = true;
  options.progress = plugin::ProgressMode::none;
  return std::make_unique<plugin::HostServices>(options);
}

void Examination::warn(std::string text) {
  warnings_ += (warnings_.empty() ? "" : "\n") + std::move(text);
}

std::int64_t Examination::written() const {
  if (!captured_) {
    throw Skipped("what is written is seen only in a process of its own");
  }
  std::cout.flush();
  std::cerr.flush();
  std::fflush(nullptr);
  struct stat status {};
  return fstat(STDOUT_FILENO, &status) == 0 ? status.st_size : 0;
}

Finding examine(const Check& check, const Target& target, bool captured) {
  try {
    Examination examination(target, captured);
    check.run(examination);
    const std::string& warnings = examination.warnings();
    return {warnings.empty() ? Status::passed : Status::warned, warnings};
  } catch (const Skipped& skipped) {
    return {Status::skipped, skipped.what()};
  } catch (const std::exception& error) {
    return {Status::failed, error.what()};
  } catch (...) {
    return {Status::failed, "threw something that is no exception"};
  }
}

}  // namespace imbrex::conform
