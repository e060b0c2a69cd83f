// Plugins pinned to the digest of their library.
#include "base/files.hpp"
#include "plugin/registry.hpp"
#include "scratch_folder.hpp"

#include <fstream>

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

// FIPS 180-2, appendix B, and a message longer than the pieces in which files are read.
TEST(Pin, DigestsAreThoseOfTheStandard) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  const std::string million(1'000'000, 'a');
  const std::string digest = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
  EXPECT_EQ(sha256_hex(million), digest);
  const ScratchFolder folder;
  std::ofstream(folder.path() / "million", std::ios::binary) << million;
  EXPECT_EQ(sha256_hex_of_file(folder.path() / "million"), digest);
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
