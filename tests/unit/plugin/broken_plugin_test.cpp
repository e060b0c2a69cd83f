// Each way to be broken has its own message: what was found, what was expected, what to do.
#include "plugin/registry.hpp"
#include "scratch_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace imbrex {
namespace {

plugin::PluginEntry load_one(const std::filesystem::path& file) {
  plugin::PluginSearchPath path;
  path.recipe_paths = {file};
  const plugin::Registry registry(path);
  EXPECT_EQ(registry.plugins().size(), 1u);
  EXPECT_TRUE(registry.components().empty());
  EXPECT_EQ(registry.plugins()[0].descriptor, nullptr);
  return registry.plugins()[0];
}

void expect_refused(const std::filesystem::path& file, const std::string& message) {
  const plugin::PluginEntry entry = load_one(file);
  EXPECT_EQ(entry.message, message);
  EXPECT_EQ(entry.state, plugin::LoadState::refused);
}

void expect_not_opened(const std::filesystem::path& file, const std::string& message) {
  const plugin::PluginEntry entry = load_one(file);
  EXPECT_EQ(entry.message, message);
  EXPECT_EQ(entry.state, plugin::LoadState::failed_to_open);
}

TEST(BrokenPlugin, IsRefusedForItsSize) {
  expect_refused(
      fixture("wrong-size"),
      fmt::format("fixture-wrong-size.imbrex.so: its descriptor has 96 bytes, this imbrex "
                  "expects {}; rebuild with find_package(Imbrex 0.1)",
                  sizeof(PluginDescriptor)));
}

TEST(BrokenPlugin, IsRefusedForItsEpoch) {
  expect_refused(
      fixture("wrong-epoch"),
      fmt::format("fixture-wrong-epoch.imbrex.so: built for ABI epoch 99, this imbrex has "
                  "epoch {}; rebuild with find_package(Imbrex 0.1)",
                  IMBREX_ABI_EPOCH));
}

// Really compiled with -D_GLIBCXX_DEBUG, so the tag is what such a plugin says.
TEST(BrokenPlugin, IsRefusedForItsTag) {
  std::string plugin_tag = IMBREX_ABI_TAG;
  plugin_tag.replace(plugin_tag.find("/plain/"), 7, "/debug-stl/");
  expect_refused(fixture("wrong-tag"),
                 fmt::format("fixture-wrong-tag.imbrex.so: ABI tag differs: plugin {}, host {}; "
                             "remove -D_GLIBCXX_DEBUG",
                             plugin_tag, IMBREX_ABI_TAG));
}

TEST(BrokenPlugin, IsRefusedForItsLayout) {
  expect_refused(
      fixture("wrong-layout"),
      fmt::format("fixture-wrong-layout.imbrex.so: memory layout differs: plugin 0000000000abcdef, "
                  "host {:016x}; rebuild with find_package(Imbrex 0.1)",
                  layout_fingerprint()));
}

// Really linked with -static-libstdc++.
TEST(BrokenPlugin, IsRefusedForItsOwnRuntime) {
  expect_refused(fixture("own-runtime"),
                 "fixture-own-runtime.imbrex.so: carries its own C++ runtime (-static-libstdc++?); "
                 "link the shared one");
}

TEST(BrokenPlugin, IsRefusedForItsPluginId) {
  expect_refused(fixture("bad-plugin-id"),
                 "fixture-bad-plugin-id.imbrex.so: plugin id 'Fixture' is not vendor.name in "
                 "lower-case letters, digits and hyphens");
}

TEST(BrokenPlugin, IsRefusedForAComponentId) {
  expect_refused(fixture("bad-id"),
                 "fixture-bad-id.imbrex.so: component id 'fixture.Report.one' is not "
                 "vendor.kind.name in lower-case letters, digits and hyphens");
}

TEST(BrokenPlugin, IsRefusedWhenAnIdContradictsItsKind) {
  expect_refused(
      fixture("wrong-kind"),
      "fixture-wrong-kind.imbrex.so: component 'fixture.cost.one' is a reporter; name it "
      "'fixture.report.one'");
}

TEST(BrokenPlugin, IsRefusedForAKindFromTheFuture) {
  expect_refused(
      fixture("unknown-kind"),
      "fixture-unknown-kind.imbrex.so: component 'fixture.report.one' is of kind 42, this "
      "imbrex knows 7 kinds; rebuild with find_package(Imbrex 0.1)");
}

TEST(BrokenPlugin, IsRefusedForAnotherInterfaceVersion) {
  expect_refused(fixture("wrong-interface"),
                 "fixture-wrong-interface.imbrex.so: component 'fixture.report.one' implements "
                 "version 2 of the reporter interface, this imbrex has version 1; rebuild with "
                 "find_package(Imbrex 0.1)");
}

TEST(BrokenPlugin, IsRefusedForAComponentWithoutFactory) {
  expect_refused(fixture("no-factory"),
                 "fixture-no-factory.imbrex.so: component 'fixture.report.one' cannot be "
                 "constructed; describe it with imbrex::component<>");
}

TEST(BrokenPlugin, IsRefusedForDescribingAnIdTwice) {
  expect_refused(fixture("duplicate-id"),
                 "fixture-duplicate-id.imbrex.so: two of its components have the id "
                 "'fixture.report.one'; rename one");
}

TEST(BrokenPlugin, IsRefusedWhenItDescribesNothing) {
  expect_refused(fixture("null-descriptor"),
                 "fixture-null-descriptor.imbrex.so: imbrex_plugin_descriptor() returned null; "
                 "describe its components with IMBREX_PLUGIN");
}

TEST(BrokenPlugin, IsRefusedWithoutEntrySymbol) {
  expect_refused(fixture("no-entry"),
                 "fixture-no-entry.imbrex.so: not an Imbrex plugin: it exports no "
                 "imbrex_plugin_descriptor; describe its components with IMBREX_PLUGIN");
}

TEST(BrokenPlugin, CannotLoadWithAMissingKernelSymbol) {
  expect_not_opened(fixture("missing-symbol"),
                    "fixture-missing-symbol.imbrex.so: cannot load: undefined symbol "
                    "imbrex::added_in_the_next_version(double); plugin expects a newer kernel");
}

TEST(BrokenPlugin, CannotLoadWithAMissingLibrary) {
  expect_not_opened(
      fixture("missing-dependency"),
      "fixture-missing-dependency.imbrex.so: cannot load: libfixture_helper.so: cannot "
      "open shared object file: No such file or directory; install that library, or "
      "link it statically into the plugin");
}

TEST(BrokenPlugin, CannotLoadWhenItIsNoLibrary) {
  const ScratchFolder folder;
  expect_not_opened(folder.write("text.imbrex.so", std::string(1000, 'x')),
                    "text.imbrex.so: is not a shared library");
  expect_not_opened(folder.write("short.imbrex.so", "x"),
                    "short.imbrex.so: is not a shared library");
  expect_not_opened(folder.write("empty.imbrex.so", ""),
                    "empty.imbrex.so: is empty; copy or build it again");
}

TEST(BrokenPlugin, CannotLoadWhenItIsAnObjectFile) {
  const ScratchFolder folder;
  std::string content = content_of(fixture("good"));
  content[16] = 1;  // e_type: ET_REL, a relocatable object file
  expect_not_opened(folder.write("object.imbrex.so", content),
                    "object.imbrex.so: is not a shared library");
}

TEST(BrokenPlugin, CannotLoadWhenItIsForAnotherMachine) {
  const ScratchFolder folder;
  std::string content = content_of(fixture("good"));
  const int machine = static_cast<unsigned char>(content[18]);
  content[18] = 8;  // e_machine: EM_MIPS
  expect_not_opened(folder.write("mips.imbrex.so", content),
                    fmt::format("mips.imbrex.so: is built for another machine (ELF machine 8, this "
                                "one is {}); rebuild it",
                                machine));
}

TEST(BrokenPlugin, CannotLoadWhenItIsTruncated) {
  const ScratchFolder folder;
  const std::string content = content_of(fixture("good"));
  const std::size_t half = content.size() / 2;
  expect_not_opened(
      folder.write("half.imbrex.so", content.substr(0, half)),
      fmt::format("half.imbrex.so: is truncated: it has {} bytes of at least {}; copy or build it "
                  "again",
                  half, content.size()));
}

// dlopen of such a file may die of a bus error; here every length must end in a message.
TEST(BrokenPlugin, CannotLoadAtAnyLengthBelowItsOwn) {
  const ScratchFolder folder;
  const std::filesystem::path file = folder.copy("good", "cut.imbrex.so");
  const std::size_t size = std::filesystem::file_size(file);
  for (std::size_t length = size - 1; length > 0; length -= std::min(length, size / 97 + 1)) {
    ASSERT_EQ(truncate(file.c_str(), static_cast<off_t>(length)), 0);
    EXPECT_EQ(load_one(file).state, plugin::LoadState::failed_to_open) << length << " of " << size;
  }
}

TEST(BrokenPlugin, IsRefusedWhenEverybodyCanWriteIt) {
  const ScratchFolder folder;
  const auto file = folder.copy("good", "open.imbrex.so");
  std::filesystem::permissions(file, std::filesystem::perms::others_write,
                               std::filesystem::perm_options::add);
  expect_refused(
      file, fmt::format("open.imbrex.so: writable by everybody; run chmod o-w {}", file.string()));
}

TEST(BrokenPlugin, IsRefusedWhenEverybodyCanExchangeIt) {
  const ScratchFolder folder;
  const auto file = folder.copy("good", "plugin.imbrex.so");
  std::filesystem::permissions(folder.path(), std::filesystem::perms::others_write,
                               std::filesystem::perm_options::add);
  expect_refused(file,
                 fmt::format("plugin.imbrex.so: its folder is writable by everybody; run chmod "
                             "o-w {}",
                             folder.path().string()));
}

TEST(BrokenPlugin, IsRefusedUnderAnotherSuffix) {
  const ScratchFolder folder;
  expect_refused(folder.copy("good", "plugin.so"),
                 "plugin.so: not a plugin file: its name must end in .imbrex.so");
}

TEST(BrokenPlugin, CannotLoadWhenItDoesNotExist) {
  const ScratchFolder folder;
  expect_not_opened(folder.path() / "none.imbrex.so",
                    "none.imbrex.so: cannot be opened: No such file or directory");
}

TEST(BrokenPlugin, CannotLoadAPipe) {
  const ScratchFolder folder;
  ASSERT_EQ(mkfifo((folder.path() / "pipe.imbrex.so").c_str(), 0600), 0);
  expect_not_opened(folder.path() / "pipe.imbrex.so", "pipe.imbrex.so: is not a regular file");
}

TEST(BrokenPlugin, StopsTheProgramOnlyWhenItWasNamed) {
  plugin::PluginSearchPath path;
  path.files = {fixture("wrong-epoch"), fixture("own-runtime")};
  try {
    const plugin::Registry registry(path);
    FAIL() << "loaded";
  } catch (const InputError& error) {
    EXPECT_EQ(std::string(error.what()),
              fmt::format("fixture-wrong-epoch.imbrex.so: built for ABI epoch 99, this imbrex has "
                          "epoch {}; rebuild with find_package(Imbrex 0.1)\n"
                          "fixture-own-runtime.imbrex.so: carries its own C++ runtime "
                          "(-static-libstdc++?); link the shared one",
                          IMBREX_ABI_EPOCH));
  }
}

}  // namespace
}  // namespace imbrex
