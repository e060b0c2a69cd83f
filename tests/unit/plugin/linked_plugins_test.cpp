// Plugins that are part of the program: the same components as the libraries', made of the same
// objects, and the same rules for them.
#include "plugin/linked_plugins.hpp"

#include "base/files.hpp"
#include "plugin/registry.hpp"
#include "recipe/plan.hpp"
#include "run/runner.hpp"

#include <imbrex/plugin/error.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

namespace fs = std::filesystem;

plugin::PluginSearchPath linked() {
  plugin::PluginSearchPath path;
  path.linked = plugin::linked_plugins();
  return path;
}

plugin::PluginSearchPath libraries() {
  plugin::PluginSearchPath path;
  path.defaults = {IMBREX_PLUGIN_DIR};
  return path;
}

std::vector<std::string> texts_of(const plugin::Registry& registry) {
  std::vector<std::string> texts;
  for (const Component* const component : registry.components()) {
    texts.push_back(std::string(component->id) + ": " + std::string(component->summary));
  }
  return texts;
}

fs::path this_program() {
  return fs::read_symlink("/proc/self/exe");
}

TEST(LinkedPlugins, AreTheComponentsOfTheLibraries) {
  const plugin::Registry of_libraries(libraries());
  ASSERT_GT(of_libraries.components().size(), 25U);
  EXPECT_EQ(texts_of(plugin::Registry(linked())), texts_of(of_libraries));
}

TEST(LinkedPlugins, StandInThePlaceOfTheFolderBesideTheProgram) {
  const plugin::PluginSearchPath path = plugin::default_search_path();
  EXPECT_FALSE(path.linked.empty());
  EXPECT_TRUE(path.defaults.empty());
}

TEST(LinkedPlugins, HaveTheDigestOfTheProgram) {
  const plugin::Registry registry(linked());
  const plugin::PluginEntry& entry = registry.plugins().front();
  EXPECT_EQ(entry.path, this_program());
  EXPECT_EQ(registry.sha256_of(entry), sha256_hex_of_file(this_program()));
}

TEST(LinkedPlugins, AreRefusedWhereAPinSaysOtherwise) {
  plugin::PluginSearchPath path = linked();
  path.pins["imbrex.search.given"] = "sha256:" + std::string(64, '0');
  const plugin::Registry registry(path);
  EXPECT_EQ(registry.find("imbrex.search.given"), nullptr);
  EXPECT_NE(registry.find("imbrex.search.random"), nullptr);
  path.pins["imbrex.search.given"] = "sha256:" + sha256_hex_of_file(this_program());
  EXPECT_NE(plugin::Registry(path).find("imbrex.search.given"), nullptr);
}

TEST(LinkedPlugins, GiveWayToANamedLibraryAndToNoOther) {
  const fs::path library = fs::path(IMBREX_PLUGIN_DIR) / "search_given.imbrex.so";
  plugin::PluginSearchPath path = linked();
  path.files = {library};
  const plugin::Registry registry(path);
  EXPECT_EQ(registry.plugin_of(*registry.find("imbrex.search.given")).path, fs::canonical(library));
  path.files.clear();
  path.recipe_paths = {library};
  try {
    const plugin::Registry twice(path);
    FAIL() << "a component is there twice";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find(this_program().string()), std::string::npos);
  }
}

run::RunOutcome run_linked(const std::string& recipe, const recipe::Edits& edits = {}) {
  const plugin::Registry registry(linked());
  const auto plan =
      recipe::resolve({fs::path(IMBREX_SOURCE_DIR) / "configs/recipes" / recipe, edits}, registry);
  plugin::HostOptions options;
  options.threads = 1;
  options.quiet = true;
  plugin::HostServices services(options);
  return run::run_plan(plan, registry, services);
}

// 768 words of 1 pJ each, counted by hand in the recipe.
TEST(LinkedPlugins, RunARecipe) {
  const run::RunOutcome outcome = run_linked("product-given.toml");
  const MetricValue* const energy = outcome.result.metrics.find("energy_pj");
  ASSERT_NE(energy, nullptr);
  EXPECT_EQ(std::get<double>(*energy), 768);
}

// The genetic search keeps what evolves whole designs in a library of its own.
TEST(LinkedPlugins, FindTheLibrariesThatTheyOpen) {
  const plugin::Registry registry(linked());
  if (registry.find("imbrex.search.genetic") == nullptr) {
    GTEST_SKIP() << "built without pagmo";
  }
  const run::RunOutcome outcome =
      run_linked("product-given.toml", {"stage.2.use=imbrex.search.genetic", "stage.2.judge=design",
                                        "stage.2.generations=1", "stage.2.population=8"});
  EXPECT_NE(outcome.result.metrics.find("latency_ps"), nullptr);
}

}  // namespace
}  // namespace imbrex
