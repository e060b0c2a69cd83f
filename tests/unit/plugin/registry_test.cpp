#include "plugin/registry.hpp"

#include "scratch_folder.hpp"

#include <algorithm>
#include <cfenv>
#include <cstdlib>
#include <thread>

#include <dlfcn.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace imbrex {
namespace {

namespace fs = std::filesystem;

plugin::PluginSearchPath searching(std::vector<fs::path> places) {
  plugin::PluginSearchPath path;
  path.recipe_paths = std::move(places);
  return path;
}

std::vector<std::string> ids_of(const plugin::Registry& registry) {
  std::vector<std::string> ids;
  for (const Component* component : registry.components()) {
    ids.emplace_back(component->id);
  }
  return ids;
}

std::vector<std::string> files_of(const plugin::Registry& registry) {
  std::vector<std::string> names;
  for (const plugin::PluginEntry& entry : registry.plugins()) {
    names.push_back(entry.path.filename().string());
  }
  return names;
}

std::string error_of(const plugin::PluginSearchPath& path) {
  try {
    const plugin::Registry registry(path);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Registry, ListsComponentsById) {
  const plugin::Registry registry(searching({fixture("throwing"), fixture("good")}));
  EXPECT_EQ(ids_of(registry),
            (std::vector<std::string>{"fixture.partition.one-copy", "fixture.report.throws-config",
                                      "fixture.report.throws-infeasible",
                                      "fixture.report.throws-input-error",
                                      "fixture.report.throws-number", "fixture.report.throws-own",
                                      "fixture.report.throws-standard", "fixture.report.title"}));
}

TEST(Registry, FindsAComponentAndItsPlugin) {
  const plugin::Registry registry(searching({fixture("throwing"), fixture("good")}));
  const Component* const found = registry.find("fixture.report.title");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->kind, Kind::reporter);
  EXPECT_EQ(found->params.size(), 2u);
  EXPECT_EQ(registry.plugin_of(*found).descriptor->id, "fixture.good");
  EXPECT_EQ(registry.plugin_of(*found).descriptor->version, "1.2.3");
  EXPECT_EQ(registry.plugin_of(*found).path, fs::canonical(fixture("good")));
}

TEST(Registry, FindsNothingUnderAnotherId) {
  const plugin::Registry registry(searching({fixture("good")}));
  for (const char* id : {"", "fixture", "fixture.report.titl", "fixture.report.titles", "zzz"}) {
    EXPECT_EQ(registry.find(id), nullptr) << id;
  }
}

TEST(Registry, IsEmptyWithoutASearchPath) {
  const plugin::Registry registry(plugin::PluginSearchPath{});
  EXPECT_TRUE(registry.plugins().empty());
  EXPECT_EQ(registry.find("imbrex.cost.crossbar"), nullptr);
}

TEST(Registry, OpensOnlyFilesWithTheSuffixByName) {
  const ScratchFolder folder;
  folder.copy("throwing", "b.imbrex.so");
  folder.copy("good", "a.imbrex.so");
  folder.copy("good", "helper.so");
  folder.write("notes.txt", "not a plugin");
  EXPECT_EQ(files_of(plugin::Registry(searching({folder.path()}))),
            (std::vector<std::string>{"a.imbrex.so", "b.imbrex.so"}));
}

TEST(Registry, LoadsAFileOnceHoweverManyNamesItHas) {
  const ScratchFolder folder;
  const fs::path file = folder.copy("good", "a.imbrex.so");
  fs::create_symlink(file, folder.path() / "b.imbrex.so");
  fs::create_hard_link(file, folder.path() / "c.imbrex.so");
  plugin::PluginSearchPath path = searching({folder.path(), folder.path() / "." / "a.imbrex.so"});
  path.environment = {folder.path()};
  path.defaults = {folder.path()};
  const plugin::Registry registry(path);
  EXPECT_EQ(files_of(registry), (std::vector<std::string>{"a.imbrex.so"}));
}

TEST(Registry, SearchesNamedFilesThenRecipeThenEnvironmentThenDefaults) {
  const ScratchFolder folder;
  for (const char* place : {"1", "2", "3", "4"}) {
    fs::create_directory(folder.path() / place);
    folder.write(fmt::format("{}/{}.imbrex.so", place, place), "broken");
  }
  folder.copy("good", "1/good.imbrex.so");
  plugin::PluginSearchPath path;
  path.defaults = {folder.path() / "4"};
  path.environment = {folder.path() / "3"};
  path.recipe_paths = {folder.path() / "2"};
  path.files = {folder.path() / "1" / "good.imbrex.so"};
  EXPECT_EQ(
      files_of(plugin::Registry(path)),
      (std::vector<std::string>{"good.imbrex.so", "2.imbrex.so", "3.imbrex.so", "4.imbrex.so"}));
}

TEST(Registry, RejectsTwoLibrariesWithTheSameComponents) {
  const ScratchFolder folder;
  const fs::path one = folder.copy("good", "one.imbrex.so");
  const fs::path two = folder.copy("good", "two.imbrex.so");
  EXPECT_EQ(
      error_of(searching({folder.path()})),
      fmt::format("component 'fixture.partition.one-copy' is offered by both {0} and {1}; remove "
                  "one, or name the one you want with --plugin\n"
                  "component 'fixture.report.title' is offered by both {0} and {1}; remove one, or "
                  "name the one you want with --plugin",
                  one.string(), two.string()));
}

TEST(Registry, PrefersTheLibraryThatWasNamed) {
  const ScratchFolder folder;
  folder.copy("good", "one.imbrex.so");
  const fs::path two = folder.copy("good", "two.imbrex.so");
  plugin::PluginSearchPath path = searching({folder.path()});
  path.files = {two};
  const plugin::Registry registry(path);
  EXPECT_EQ(registry.components().size(), 2u);
  EXPECT_EQ(registry.plugin_of(*registry.find("fixture.report.title")).path, two);
  EXPECT_EQ(registry.plugins().size(), 2u);
}

TEST(Registry, RejectsTwoNamedLibrariesWithTheSameComponents) {
  const ScratchFolder folder;
  plugin::PluginSearchPath path;
  path.files = {folder.copy("good", "one.imbrex.so"), folder.copy("good", "two.imbrex.so")};
  EXPECT_NE(error_of(path).find("'fixture.report.title' is offered by both"), std::string::npos);
}

TEST(Registry, ReportsAFolderThatDoesNotExist) {
  const ScratchFolder folder;
  const plugin::Registry registry(searching({folder.path() / "none"}));
  ASSERT_EQ(registry.plugins().size(), 1u);
  EXPECT_EQ(registry.plugins()[0].state, plugin::LoadState::failed_to_open);
  EXPECT_EQ(registry.plugins()[0].message,
            fmt::format("{}: no such file or folder", (folder.path() / "none").string()));
}

TEST(Registry, SuggestsTheNearestComponent) {
  const plugin::Registry registry(searching({fixture("good")}));
  EXPECT_EQ(registry.not_found_message("fixture.report.titel"),
            "no component 'fixture.report.titel'; did you mean 'fixture.report.title' "
            "(fixture-good.imbrex.so)?");
  EXPECT_EQ(registry.not_found_message("entirely.different.words"),
            "no component 'entirely.different.words' in '" + fixture("good").string() +
                "'; name a library with --plugin FILE or its folder in IMBREX_PLUGIN_PATH");
}

TEST(Registry, QuotesTheFailuresThatMayExplainAMissingComponent) {
  EXPECT_EQ(plugin::Registry(searching({fixture("good")})).load_failures_message(), "");
  const std::string runtime =
      "\n  fixture-own-runtime.imbrex.so: carries its own C++ runtime (-static-libstdc++?); link "
      "the shared one";
  const plugin::Registry one(searching({fixture("own-runtime")}));
  EXPECT_EQ(one.load_failures_message(),
            "1 plugin library could not be loaded; a missing component may be in it:" + runtime);
  const plugin::Registry two(searching({fixture("own-runtime"), "/nowhere"}));
  EXPECT_EQ(two.load_failures_message(),
            "2 plugin libraries could not be loaded; a missing component may be in one of them:" +
                runtime + "\n  /nowhere: no such file or folder");
}

TEST(Registry, HashesTheLibraryOnDemand) {
  const ScratchFolder folder;
  const fs::path file = folder.copy("good", "a.imbrex.so");
  const plugin::Registry registry(searching({file}));
  const plugin::PluginEntry& entry = registry.plugins()[0];
  EXPECT_EQ(registry.sha256_of(entry), sha256_of_content(file));
  EXPECT_EQ(registry.sha256_of(entry), registry.sha256_of(entry));
}

TEST(Registry, RefusesToHashWhatItDidNotLoad) {
  const ScratchFolder folder;
  const fs::path file = folder.copy("good", "a.imbrex.so");
  const plugin::Registry registry(searching({file}));
  fs::remove(file);
  folder.copy("throwing", "a.imbrex.so");
  try {
    registry.sha256_of(registry.plugins()[0]);
    FAIL() << "hashed another file";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "a.imbrex.so: changed on disk after it was loaded; run again");
  }
}

TEST(SearchPath, ReadsTheEnvironmentInOrderAndSkipsEmptyEntries) {
  setenv("IMBREX_PLUGIN_PATH", ":/a/b::c:", 1);
  EXPECT_EQ(plugin::default_search_path().environment, (std::vector<fs::path>{"/a/b", "c"}));
  unsetenv("IMBREX_PLUGIN_PATH");
  EXPECT_TRUE(plugin::default_search_path().environment.empty());
}

TEST(SearchPath, LooksBesideTheExecutable) {
  const plugin::PluginSearchPath path = plugin::default_search_path();
  const fs::path expected = fs::path(IMBREX_BINARY_DIR) / "lib" / "imbrex" / "plugins";
  // Test executables lie in bin/ or deeper; the default never depends on the working directory.
  for (const fs::path& folder : path.defaults) {
    EXPECT_TRUE(folder.is_absolute());
  }
  const fs::path executable = fs::read_symlink("/proc/self/exe");
  if (executable.parent_path() == fs::canonical(IMBREX_BINARY_DIR) / "bin" &&
      fs::exists(expected)) {
    ASSERT_EQ(path.defaults.size(), 1u);
    EXPECT_EQ(fs::canonical(path.defaults[0]), fs::canonical(expected));
  }
}

// How much a denormal number is worth in this thread: 0 once a library has switched to fast
// mathematics.
double halved_smallest_normal() {
  volatile double smallest = 2.2250738585072014e-308;
  return smallest / 2;
}

TEST(FloatingPoint, IsAsBeforeAfterOpeningAFastMathPlugin) {
  const ScratchFolder folder;
  std::fesetround(FE_UPWARD);
  const plugin::Registry registry(searching({folder.copy("fast-math", "fast.imbrex.so")}));
  EXPECT_EQ(std::fegetround(), FE_UPWARD);
  std::fesetround(FE_TONEAREST);
  ASSERT_EQ(registry.plugins()[0].message, "");
  EXPECT_GT(halved_smallest_normal(), 0.0);
}

// The same library opened without the guard, in a thread of its own: proves that the test above
// would notice.
TEST(FloatingPoint, WouldChangeWithoutTheGuard) {
  const ScratchFolder folder;
  const fs::path file = folder.copy("fast-math", "fast.imbrex.so");
  double after = 1;
  std::thread([&] {
    ASSERT_NE(dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE), nullptr);
    after = halved_smallest_normal();
  }).join();
  EXPECT_EQ(after, 0.0);
}

TEST(Registry, ListsFiftyLibrariesAndUsesTheGoodOne) {
  const ScratchFolder folder;
  for (int i = 0; i < 50; ++i) {
    folder.copy(i == 0 ? "good" : "no-entry", fmt::format("{}.imbrex.so", i));
  }
  const plugin::Registry registry(searching({folder.path()}));
  EXPECT_EQ(registry.plugins().size(), 50u);
  EXPECT_EQ(std::count_if(registry.plugins().begin(), registry.plugins().end(),
                          [](const plugin::PluginEntry& entry) {
                            return entry.state == plugin::LoadState::loaded;
                          }),
            1);
}

}  // namespace
}  // namespace imbrex
