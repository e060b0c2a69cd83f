#include "result/carried_inputs.hpp"

#include "base/files.hpp"
#include "temporary_folder.hpp"

#include <imbrex/plugin/error.hpp>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using result::InputRecord;
using Names = std::map<std::string, std::string>;

class CarriedInputsAre : public ::testing::Test {
 protected:
  // A plan that names this file, and its path.
  std::string add(const std::string& name, const std::string& content) {
    const std::string path = folder_.write(name, content).string();
    plan_.file_sha256[path] = sha256_hex(content);
    return path;
  }
  result::CarriedInputs inputs(std::uintmax_t limit = result::kLargestCarriedInput) const {
    return {plan_, limit};
  }

  test::TemporaryFolder folder_;
  recipe::ResolvedPlan plan_;
};

TEST_F(CarriedInputsAre, NoneForAPlanWithoutFiles) {
  EXPECT_TRUE(inputs().copies().empty());
  EXPECT_TRUE(inputs().records().empty());
}

TEST_F(CarriedInputsAre, CalledAsTheFilesAre) {
  const std::string path = add("a/net.toml", "content");
  ASSERT_EQ(inputs().copies().size(), 1u);
  EXPECT_EQ(inputs().copies()[0].name, "inputs/net.toml");
  EXPECT_EQ(inputs().copies()[0].content, "content");
  EXPECT_EQ(inputs().names(), (Names{{path, "inputs/net.toml"}}));
  EXPECT_EQ(inputs().names("../"), (Names{{path, "../inputs/net.toml"}}));
  EXPECT_EQ(inputs().records("../"),
            (std::vector<InputRecord>{{"../inputs/net.toml", sha256_hex("content"), 7, true}}));
}

TEST_F(CarriedInputsAre, ToldApartByDigestWhenTwoHaveOneName) {
  const std::string one = add("a/net.toml", "one");
  const std::string two = add("b/net.toml", "two");
  const std::string other = add("b/other.toml", "one");
  const Names expected = {{one, "inputs/" + sha256_hex("one").substr(0, 8) + "/net.toml"},
                          {two, "inputs/" + sha256_hex("two").substr(0, 8) + "/net.toml"},
                          {other, "inputs/other.toml"}};
  EXPECT_EQ(inputs().names(), expected);
  EXPECT_EQ(inputs().copies().size(), 3u);
}

TEST_F(CarriedInputsAre, SharedByFilesOfOneNameAndContent) {
  const std::string one = add("a/net.toml", "same");
  const std::string two = add("b/net.toml", "same");
  EXPECT_EQ(inputs().names(), (Names{{one, "inputs/net.toml"}, {two, "inputs/net.toml"}}));
  EXPECT_EQ(inputs().copies().size(), 1u);
  EXPECT_EQ(inputs().records().size(), 1u);
}

TEST_F(CarriedInputsAre, LeftWhereTheyAreWhenTooLarge) {
  const std::string small = add("small.toml", "1234");
  const std::string large = add("large.onnx", "12345");
  const result::CarriedInputs carried = inputs(4);
  EXPECT_EQ(carried.names(), (Names{{small, "inputs/small.toml"}}));
  EXPECT_EQ(carried.left(), (std::vector<std::filesystem::path>{large}));
  EXPECT_EQ(carried.records(),
            (std::vector<InputRecord>{{"inputs/small.toml", sha256_hex("1234"), 4, true},
                                      {"large.onnx", sha256_hex("12345"), 5, false}}));
}

TEST_F(CarriedInputsAre, RefusedWhenTheyChangedSinceThePlanWasMade) {
  add("net.toml", "content");
  folder_.write("net.toml", "Content");
  try {
    inputs();
    FAIL() << "no error";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("net.toml' changed"), std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace imbrex
