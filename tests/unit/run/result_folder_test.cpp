#include "result/result_folder.hpp"

#include "run_fixture.hpp"

#include <gtest/gtest.h>

namespace imbrex {
namespace {

namespace fs = std::filesystem;
using Existing = result::ResultFolder::Existing;

class ResultFolderIs : public test::RunFixture {
 protected:
  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder()), fs::directory_iterator()));
  }
};

TEST_F(ResultFolderIs, InvisibleUntilCommitted) {
  result::ResultFolder out(folder() / "r", Existing::refuse, true);
  out.write("a.txt", "1");
  EXPECT_FALSE(fs::exists(folder() / "r"));
  out.commit();
  EXPECT_EQ(read(folder() / "r" / "a.txt"), "1");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(ResultFolderIs, GoneWhenNotCommitted) {
  {
    result::ResultFolder out(folder() / "r", Existing::refuse, true);
    out.write("a.txt", "1");
    EXPECT_EQ(entries(), 1u);
  }
  EXPECT_EQ(entries(), 0u);
}

TEST_F(ResultFolderIs, MadeWithItsParents) {
  result::ResultFolder out(folder() / "x" / "y" / "r/", Existing::refuse, true);
  out.write("a.txt", "1");
  out.commit();
  EXPECT_TRUE(fs::exists(folder() / "x" / "y" / "r" / "a.txt"));
}

TEST_F(ResultFolderIs, RefusedWhereSomethingIs) {
  fs::create_directory(folder() / "r");
  try {
    result::ResultFolder out(folder() / "r", Existing::refuse, true);
    FAIL();
  } catch (const InputError& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("--force"), std::string::npos);
    EXPECT_NE(message.find("--out"), std::string::npos);
  }
  EXPECT_EQ(entries(), 1u);
}

TEST_F(ResultFolderIs, ReplacedWholeWhenAsked) {
  fs::create_directory(folder() / "r");
  write("r/plan.toml", "");
  write("r/old.txt", "");
  result::ResultFolder out(folder() / "r", Existing::replace, true);
  out.write("plan.toml", "new");
  EXPECT_TRUE(fs::exists(folder() / "r" / "old.txt")) << "the old results stay until the end";
  out.commit();
  EXPECT_EQ(read(folder() / "r" / "plan.toml"), "new");
  EXPECT_FALSE(fs::exists(folder() / "r" / "old.txt"));
  EXPECT_EQ(entries(), 1u);
}

TEST_F(ResultFolderIs, NeverPutOverAFolderThatHoldsNoResults) {
  fs::create_directory(folder() / "thesis");
  write("thesis/chapter1.tex", "");
  EXPECT_THROW(result::ResultFolder(folder() / "thesis", Existing::replace, true), InputError);
  write("file", "");
  EXPECT_THROW(result::ResultFolder(folder() / "file", Existing::replace, true), InputError);
  EXPECT_TRUE(fs::exists(folder() / "thesis" / "chapter1.tex"));
}

TEST_F(ResultFolderIs, MadeOfFoldersToo) {
  result::ResultFolder out(folder() / "r", Existing::refuse, true);
  out.write_below("inputs/1234/a.txt", "1");
  out.write_below("inputs/b.txt", "2");
  EXPECT_THROW(out.write_below("inputs/b.txt", "3"), InputError);
  EXPECT_THROW(out.write("inputs", "a report's"), InputError);
  out.commit();
  EXPECT_EQ(read(folder() / "r" / "inputs" / "1234" / "a.txt"), "1");
  EXPECT_EQ(read(folder() / "r" / "inputs" / "b.txt"), "2");
}

TEST_F(ResultFolderIs, StrictAboutFileNames) {
  result::ResultFolder out(folder() / "r", Existing::refuse, true);
  out.write("a.txt", "1");
  EXPECT_THROW(out.write("a.txt", "2"), InputError);
  for (const char* name : {"", ".", "..", "../b", "sub/b", "/tmp/b"}) {
    EXPECT_THROW(out.write(name, "x"), InputError) << name;
  }
  out.commit();
  EXPECT_EQ(read(folder() / "r" / "a.txt"), "1");
}

}  // namespace
}  // namespace imbrex
