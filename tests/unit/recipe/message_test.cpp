// Messages in parts for programs: which component speaks, of which place in which file.
#include "recipe/message.hpp"

#include "temporary_folder.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

class MessageParts : public ::testing::Test {
 protected:
  static recipe::Message parts_of(const std::string& text) {
    return recipe::in_parts(recipe::read_messages(text, recipe::Severity::error).at(0));
  }

  test::TemporaryFolder folder_;
  std::string net_ = folder_.write("net.csv", "name,rows\n").string();
};

TEST_F(MessageParts, KeepTheComponentApartFromTheFile) {
  const recipe::Message at =
      parts_of("workload (acme.workload.csv): " + net_ + ":3:5: error: two layers 'a'");
  EXPECT_EQ(at.where, "workload (acme.workload.csv)");
  EXPECT_EQ(at.component(), "acme.workload.csv");
  EXPECT_EQ(at.file, net_);
  EXPECT_EQ(at.line, 3u);
  EXPECT_EQ(at.column, 5u);
  EXPECT_EQ(at.text, "two layers 'a'");
  const recipe::Message whole =
      parts_of("workload (acme.workload.csv): " + net_ + ": error: no layers");
  EXPECT_EQ(whole.file, net_);
  EXPECT_EQ(whole.line, 0u);
  EXPECT_EQ(parts_of("workload (acme.workload.csv): " + net_ + ":4: error: x").line, 4u);
}

TEST_F(MessageParts, FindThePlaceThatAReaderPutInFrontOfItsText) {
  const recipe::Message line =
      parts_of("workload (acme.workload.csv): " + net_ + ":4: expects 3 columns: a, b, c");
  EXPECT_EQ(line.component(), "acme.workload.csv");
  EXPECT_EQ(line.file, net_);
  EXPECT_EQ(line.line, 4u);
  EXPECT_EQ(line.column, 0u);
  EXPECT_EQ(line.text, "expects 3 columns: a, b, c");
  const recipe::Message column = parts_of(net_ + ":4:7: expects a number");
  EXPECT_EQ(column.where, "");
  EXPECT_EQ(column.line, 4u);
  EXPECT_EQ(column.column, 7u);
}

TEST_F(MessageParts, LeaveTextsWithoutAPlaceWhole) {
  for (const std::string& text : std::vector<std::string>{
           "stage 2 (acme.search.x): the network needs 9 PEs: 2 too few",
           "workload (acme.workload.csv): " + net_ + ".none:4: expects 3 columns",
           "workload (acme.workload.csv): ratio 3:4: too large",
           "workload (acme.workload.csv): " + net_ + ":0: counts from 1"}) {
    const recipe::Message message = parts_of(text);
    EXPECT_NE(message.component(), "") << text;
    EXPECT_EQ(message.text, text);
    EXPECT_EQ(message.file, "") << text;
    EXPECT_EQ(message.line, 0u) << text;
  }
  // No id of a component.
  EXPECT_EQ(parts_of("level 'A' (outermost): too small").where, "");
  EXPECT_EQ(parts_of("level A (outermost): too small").where, "");
}

}  // namespace
}  // namespace imbrex
