// `imbrex doctor`: a whole installation, and everything that it says of a broken one.
#include "command_fixture.hpp"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

namespace fs = std::filesystem;

class Doctor : public test::CommandFixture {
 protected:
  // The finding of a check whose text holds `part`; null when there is none.
  nlohmann::json finding(const std::string& state, const std::string& part,
                         const std::string& environment = "", int code = 1) const {
    const auto result = imbrex("doctor --json", environment);
    EXPECT_EQ(result.code, code) << result.out << result.err;
    const auto json = nlohmann::json::parse(result.out);
    EXPECT_EQ(json["healthy"], code == 0);
    for (const auto& one : json["findings"]) {
      const std::string text = std::string(one["check"]) + ": " + std::string(one["found"]);
      if (one["state"] == state && text.find(part) != std::string::npos) {
        return one;
      }
    }
    ADD_FAILURE() << "no " << state << " with " << part << "\n" << result.out;
    return nullptr;
  }
  std::string plugin_path(const std::string& folders) const {
    return "IMBREX_PLUGIN_PATH='" + folders + "'";
  }
  fs::path new_folder(const std::string& name) const {
    fs::create_directories(folder() / name);
    return folder() / name;
  }
};

TEST_F(Doctor, FindsTheBuildWhole) {
  const auto result = imbrex("doctor");
  EXPECT_EQ(result.code, 0) << result.out;
  EXPECT_NE(result.out.find(" 0 problems\n"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("small run: 2 layers scheduled\n"), std::string::npos) << result.out;
  finding("ok", "components, no id twice", "", 0);
  EXPECT_FALSE(fs::exists(folder() / "results")) << "the small run left something";
}

TEST_F(Doctor, NamesAFolderThatIsNotThere) {
  const auto found = finding("problem", "/nowhere does not exist", plugin_path("/nowhere"));
  EXPECT_EQ(found["check"], "plugins of IMBREX_PLUGIN_PATH");
  EXPECT_FALSE(found["remedy"].empty());
}

TEST_F(Doctor, WarnsOfAFolderWithoutLibraries) {
  finding("warning", "0 libraries", plugin_path(new_folder("empty").string()), 0);
}

TEST_F(Doctor, NamesALibraryThatIsNone) {
  new_folder("plugins");
  write("plugins/text.imbrex.so", "no library");
  const auto found =
      finding("problem", "text.imbrex.so", plugin_path((folder() / "plugins").string()));
  EXPECT_FALSE(found["remedy"].empty());
}

TEST_F(Doctor, NamesAFolderThatEverybodyMayWriteTo) {
  const fs::path open = new_folder("open");
  fs::copy_file(IMBREX_TEST_COMPONENTS, open / "a.imbrex.so");
  fs::permissions(open, fs::perms::all);
  const auto found = finding("problem", "everybody may write", plugin_path(open.string()));
  EXPECT_EQ(found["remedy"], "chmod o-w '" + open.string() + "'");
}

TEST_F(Doctor, NamesComponentsThatAreThereTwice) {
  for (const char* const name : {"one", "two"}) {
    fs::copy_file(IMBREX_TEST_COMPONENTS, new_folder(name) / "a.imbrex.so");
  }
  const std::string both = (folder() / "one").string() + ":" + (folder() / "two").string();
  const auto found = finding("problem", "test.workload.chain", plugin_path(both));
  EXPECT_NE(std::string(found["found"]).find("two/a.imbrex.so"), std::string::npos) << found;
}

TEST_F(Doctor, KnowsWhetherCompletionIsInstalled) {
  const std::string home = "HOME='" + folder().string() + "' SHELL=/bin/bash";
  const fs::path file = new_folder(".local/share/bash-completion/completions") / "imbrex";
  const auto result = imbrex("completion bash >'" + file.string() + "'");
  ASSERT_EQ(result.code, 0) << result.err;
  finding("ok", "completion: /", home, 0);
  finding("ok", "not your shell", "SHELL=/bin/fish", 0);
}

TEST_F(Doctor, NamesALibraryOfTheCommandLineThatIsNotThere) {
  const auto result = imbrex("doctor --plugin /nowhere/x.imbrex.so");
  EXPECT_EQ(result.code, 1) << result.out;
  EXPECT_NE(result.out.find("problem  plugins: x.imbrex.so: "), std::string::npos) << result.out;
}

}  // namespace
}  // namespace imbrex
