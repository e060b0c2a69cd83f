// `imbrex new`: names, refusals, and that nothing is left half-written. That what it writes builds
// and runs is tested from outside (tests/install/projects.sh).
#include "command_fixture.hpp"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

namespace fs = std::filesystem;

class NewCommand : public test::CommandFixture {
 protected:
  // Files below the temporary folder, by name.
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(folder())) {
      names.push_back(entry.path().lexically_relative(folder()).generic_string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  void expect_refusal(const std::string& words, const std::string& message) const {
    const std::vector<std::string> before = files();
    const auto result = imbrex("new " + words);
    EXPECT_EQ(result.code, 2) << words;
    EXPECT_EQ(result.out, "") << words;
    EXPECT_EQ(result.err, "imbrex: error: " + message + "\n") << words;
    EXPECT_EQ(files(), before) << words << " left something";
  }
};

TEST_F(NewCommand, WritesAProjectWhoseNamesDeriveFromTheId) {
  const auto result = imbrex("new cost acme.cost.roof-line made");
  ASSERT_EQ(result.code, 0) << result.err;
  const std::vector<std::string> expected = {"made",
                                             "made/.github",
                                             "made/.github/workflows",
                                             "made/.github/workflows/ci.yml",
                                             "made/.gitignore",
                                             "made/CMakeLists.txt",
                                             "made/README.md",
                                             "made/network.toml",
                                             "made/recipe.toml",
                                             "made/roof_line.cpp"};
  EXPECT_EQ(files(), expected);
  const std::string lists = read(folder() / "made/CMakeLists.txt");
  EXPECT_NE(lists.find("project(acme_cost_roof_line CXX)"), std::string::npos) << lists;
  EXPECT_NE(lists.find("imbrex_add_plugin(acme_cost_roof_line SOURCES roof_line.cpp)"),
            std::string::npos);
  const std::string source = read(folder() / "made/roof_line.cpp");
  EXPECT_NE(source.find("class RoofLineCost final : public imbrex::CostModel {"),
            std::string::npos);
  EXPECT_NE(source.find("IMBREX_PLUGIN(\"acme.cost.roof-line\""), std::string::npos);
  EXPECT_NE(read(folder() / "made/recipe.toml").find("use = \"acme.cost.roof-line\""),
            std::string::npos);
}

TEST_F(NewCommand, SaysWhatToDoNext) {
  const auto result = imbrex("new cost acme.cost.roofline 'my project'");
  ASSERT_EQ(result.code, 0) << result.err;
  const std::string prefix = fs::path(IMBREX_COMMAND).parent_path().parent_path().string();
  EXPECT_EQ(result.out,
            "acme.cost.roofline in my project, 7 files; roofline.cpp is the component. Next:\n"
            "  cmake -S 'my project' -B 'my project/build' -DCMAKE_BUILD_TYPE=Release "
            "-DCMAKE_PREFIX_PATH=" +
                prefix +
                "\n"
                "  cmake --build 'my project/build' && ctest --test-dir 'my project/build'\n"
                "  imbrex run 'my project/recipe.toml' --plugin "
                "'my project/build/acme_cost_roofline.imbrex.so'\n");
}

// A class begins with a letter, whatever the id begins with, and is called like no type of the
// language: acme.cost.layer is no imbrex::LayerCost, since sources qualify those.
TEST_F(NewCommand, MakesAClassNameOfAnyId) {
  ASSERT_EQ(imbrex("new search a.search.3d-climb digits").code, 0);
  EXPECT_NE(read(folder() / "digits/3d_climb.cpp").find("class The3dClimbSearch final"),
            std::string::npos);
  ASSERT_EQ(imbrex("new report a.report.config config").code, 0);
  EXPECT_NE(read(folder() / "config/config.cpp").find("class ConfigReporter final"),
            std::string::npos);
}

TEST_F(NewCommand, LeavesNoWordOfATemplate) {
  const std::regex word("@[a-z_]+@");
  for (const std::string kind :
       {"workload", "architecture", "cost", "partition", "search", "overlap", "report"}) {
    ASSERT_EQ(imbrex("new " + kind + " acme." + kind + ".mine " + kind).code, 0) << kind;
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder() / kind)) {
      if (entry.is_regular_file()) {
        const std::string text = read(entry.path());
        EXPECT_FALSE(std::regex_search(text, word)) << entry.path();
        EXPECT_FALSE(text.empty()) << entry.path();
        ++count;
      }
    }
    EXPECT_EQ(count, 7u) << kind;
  }
}

TEST_F(NewCommand, RefusesWhatIsNoKindOrNoId) {
  expect_refusal("costs acme.cost.x made",
                 "no kind of component 'costs'; there are workload, architecture, cost, partition, "
                 "search, overlap, report; did you mean 'cost'?");
  const std::string shape =
      " is not vendor.kind.name in lower-case letters, digits and hyphens; did you mean ";
  expect_refusal("cost roofline made", "component id 'roofline'" + shape + "'acme.cost.roofline'?");
  expect_refusal("cost acme.roofline made",
                 "component id 'acme.roofline'" + shape + "'acme.cost.roofline'?");
  expect_refusal("cost Acme.cost.Roof_Line made",
                 "component id 'Acme.cost.Roof_Line'" + shape + "'acme.cost.roof-line'?");
  expect_refusal("cost '' made", "component id ''" + shape + "'acme.cost.mine'?");
  expect_refusal("cost acme.search.climb made",
                 "'acme.search.climb' is no id of a cost model; did you mean 'acme.cost.climb'?");
  expect_refusal("search imbrex.search.climb made",
                 "'imbrex.search.climb' would be a component of Imbrex itself, others have vendors "
                 "of their own; did you mean 'acme.search.climb'?");
}

TEST_F(NewCommand, TellsProgramsWhatWasMeant) {
  const auto result = imbrex("new costs acme.cost.x made --message-format json");
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(nlohmann::json::parse(result.err)["suggestion"], "cost") << result.err;
}

TEST_F(NewCommand, NeverWritesOverAnything) {
  write("file", "mine");
  expect_refusal("cost acme.cost.x file",
                 "'file' is no folder; name a folder that is new or empty");
  fs::create_directory(folder() / "full");
  write("full/notes", "mine");
  expect_refusal("cost acme.cost.x full",
                 "'full' is not empty; name a folder that is new or empty");
  fs::create_symlink("nowhere", folder() / "link");
  expect_refusal("cost acme.cost.x link",
                 "'link' is no folder; name a folder that is new or empty");
  expect_refusal("cost acme.cost.x ''", "DIR is empty; name a folder that is new or empty");
  expect_refusal("cost acme.cost.x file/below",
                 "cannot write 'file': it is no folder; name a folder where you may write");
}

TEST_F(NewCommand, FillsAnEmptyFolder) {
  fs::create_directory(folder() / "empty");
  EXPECT_EQ(imbrex("new cost acme.cost.x empty").code, 0);
  EXPECT_TRUE(fs::exists(folder() / "empty/recipe.toml"));
}

// The name of the source is longer than a file system takes, which shows when other files and the
// folders around them are written already.
TEST_F(NewCommand, LeavesNothingWhenAFileCannotBeWritten) {
  const std::string name(300, 'x');
  const std::string reason = ".cpp': File name too long; name a folder where you may write";
  expect_refusal("cost acme.cost." + name + " deep/er/made",
                 "cannot write 'deep/er/made/" + name + reason);
  fs::create_directory(folder() / "empty");
  expect_refusal("cost acme.cost." + name + " empty", "cannot write 'empty/" + name + reason);
  EXPECT_EQ(files(), std::vector<std::string>{"empty"});
}

TEST_F(NewCommand, IsCompletedWithKinds) {
  EXPECT_EQ(imbrex("complete 'imbrex new pa'").out, "partition\n");
}

}  // namespace
}  // namespace imbrex
