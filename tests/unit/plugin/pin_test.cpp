// Plugins pinned to the digest of their library.
#include "plugin/registry.hpp"
#include "scratch_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace imbrex {
namespace {

namespace fs = std::filesystem;

const std::string kWrongPin = "sha256:" + std::string(64, '0');

std::string pin_of(const fs::path& file) {
  return "sha256:" + sha256_of_content(file);
}

plugin::PluginSearchPath pinned(const fs::path& place, const std::string& id,
                                const std::string& pin) {
  plugin::PluginSearchPath path;
  path.recipe_paths = {place};
  path.pins = {{id, pin}};
  return path;
}

TEST(Pin, AcceptsTheFileItNames) {
  const ScratchFolder folder;
  const fs::path file = folder.copy("good", "fixture-good.imbrex.so");
  const plugin::Registry registry(pinned(file, "fixture.good", pin_of(file)));
  EXPECT_EQ(registry.plugins()[0].message, "");
  EXPECT_EQ("sha256:" + registry.sha256_of(registry.plugins()[0]), pin_of(file));
  EXPECT_EQ(registry.plugins()[0].path, file);
}

TEST(Pin, RefusesAnotherFile) {
  const ScratchFolder folder;
  // The name does not tell the id, so the library is asked.
  const fs::path file = folder.copy("good", "renamed.imbrex.so");
  const plugin::Registry registry(pinned(file, "fixture.good", kWrongPin));
  EXPECT_EQ(registry.plugins()[0].state, plugin::LoadState::refused);
  EXPECT_EQ(
      registry.plugins()[0].message,
      fmt::format("renamed.imbrex.so: plugin 'fixture.good' is pinned to {}, this file is {}; "
                  "restore that file or change the pin",
                  kWrongPin, pin_of(file)));
  EXPECT_TRUE(registry.components().empty());
}

// own-runtime would be refused for its runtime if anything of it were looked at.
TEST(Pin, RefusesByNameBeforeAnythingIsExecuted) {
  const ScratchFolder folder;
  const fs::path file = folder.copy("own-runtime", "fixture-good.imbrex.so");
  const plugin::Registry registry(pinned(file, "fixture.good", kWrongPin));
  EXPECT_EQ(
      registry.plugins()[0].message,
      fmt::format("fixture-good.imbrex.so: plugin 'fixture.good' is pinned to {}, this file is "
                  "{}; restore that file or change the pin",
                  kWrongPin, pin_of(file)));
}

TEST(Pin, LeavesOtherPluginsAlone) {
  const ScratchFolder folder;
  const fs::path file = folder.copy("good", "fixture-good.imbrex.so");
  const plugin::Registry registry(pinned(file, "acme.roofline", kWrongPin));
  EXPECT_EQ(registry.components().size(), 2u);
}

TEST(Pin, LoadsEachOfSeveralLibraries) {
  // Opened as /proc/self/fd/N one after another: the linker must not take one for another.
  const ScratchFolder folder;
  const fs::path file = folder.copy("good", "fixture-good.imbrex.so");
  folder.copy("throwing", "fixture-throwing.imbrex.so");
  for (int repetition = 0; repetition < 3; ++repetition) {
    const plugin::Registry registry(pinned(folder.path(), "fixture.good", pin_of(file)));
    ASSERT_EQ(registry.plugins().size(), 2u);
    EXPECT_EQ(registry.plugins()[0].descriptor->id, "fixture.good");
    EXPECT_EQ(registry.plugins()[1].descriptor->id, "fixture.throwing");
  }
}

TEST(Pin, MustBeWellFormed) {
  for (const std::string& pin : {std::string("sha256:12"), std::string(64, '0'), kWrongPin + "0",
                                 "md5:" + std::string(64, '0'), "sha256:" + std::string(64, 'G')}) {
    try {
      const plugin::Registry registry(pinned({}, "acme.roofline", pin));
      FAIL() << pin;
    } catch (const InputError& error) {
      EXPECT_EQ(std::string(error.what()),
                fmt::format("pin of plugin 'acme.roofline' is '{}'; expected 'sha256:' and 64 "
                            "lower-case hexadecimal digits",
                            pin));
    }
  }
}

}  // namespace
}  // namespace imbrex
