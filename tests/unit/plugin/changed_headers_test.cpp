// Plugins that were built from other headers than the kernel (tests/fixtures/changed_headers.cmake)
// are refused before anything of them is called, and the message names what differs.
#include "plugin/registry.hpp"
#include "scratch_folder.hpp"

#include <gtest/gtest.h>

namespace imbrex {
namespace {

plugin::PluginEntry load_fixture(const std::string& name) {
  plugin::PluginSearchPath path;
  path.recipe_paths = {fixture(name)};
  return plugin::Registry(path).plugins()[0];
}

// The message is FILE: `problem`; what to do.
void expect_refused_for(const std::string& name, const std::string& problem) {
  const plugin::PluginEntry entry = load_fixture(name);
  EXPECT_EQ(entry.state, plugin::LoadState::refused);
  EXPECT_EQ(entry.descriptor, nullptr);
  const std::string beginning = "fixture-" + name + ".imbrex.so: " + problem + "; rebuild with ";
  EXPECT_EQ(entry.message.substr(0, beginning.size()), beginning);
}

// verdict is one byte at 0; latency_ps and energy_pj have 8 bytes each: at 8 and 16, swapped 16
// and 8.
TEST(ChangedHeaders, SwappedFieldsAreNamed) {
  const char* const problem =
      "type imbrex::LayerCost differs: built with 'latency_ps' at byte 16, this imbrex has it at "
      "byte 8";
  expect_refused_for("swapped-fields", problem);
  expect_refused_for("swapped-fields-by-hand", problem);
}

// Two string views of 16 bytes, then needed at 32 and available at 40.
TEST(ChangedHeaders, SwappedFieldsOfOneTypeAreNamed) {
  expect_refused_for("swapped-equal-fields",
                     "type imbrex::Shortfall differs: built with 'needed' at byte 40, this imbrex "
                     "has it at byte 32");
}

// Two slots are of the destructor, then demand(), then models_energy().
TEST(ChangedHeaders, AnAddedVirtualFunctionIsNamed) {
  expect_refused_for("added-virtual",
                     "type imbrex::CostModel differs: built with models_energy() in slot 4 of the "
                     "virtual table, this imbrex has it in 3");
}

TEST(ChangedHeaders, AnAddedVirtualFunctionAtTheEndIsSeen) {
  expect_refused_for("added-last-virtual",
                     "type imbrex::Reporter differs: built with a virtual table of 4 slots, this "
                     "imbrex has 3");
}

TEST(ChangedHeaders, AGrownPrivateMemberIsSeen) {
  const plugin::PluginEntry entry = load_fixture("grown-private");
  EXPECT_EQ(entry.state, plugin::LoadState::refused);
  EXPECT_NE(entry.message.find("type imbrex::Workload differs"), std::string::npos)
      << entry.message;
}

// Four words of 8 bytes and one flag end at byte 33; a second flag ends at byte 34 of still 40.
TEST(ChangedHeaders, APrivateMemberInTheLastPaddingIsSeen) {
  expect_refused_for("grown-padding",
                     "type imbrex::Random differs: built with data up to byte 34, this imbrex has "
                     "them up to byte 33");
}

// Everything that holds a nest is smaller too; the cause is named.
TEST(ChangedHeaders, TheSmallestTypeThatDiffersIsNamed) {
  const plugin::PluginEntry entry = load_fixture("smaller-member");
  EXPECT_EQ(entry.state, plugin::LoadState::refused);
  EXPECT_NE(entry.message.find("type imbrex::LoopNest::DimDigits differs (and "), std::string::npos)
      << entry.message;
}

TEST(ChangedHeaders, SwappedEnumeratorsAreNamed) {
  expect_refused_for("swapped-enumerators",
                     "type imbrex::Verdict differs: built with infeasible=2, this imbrex has 1");
}

TEST(ChangedHeaders, ABodyThatDiffersIsSeenByItsHeader) {
  expect_refused_for(
      "changed-body",
      "header imbrex/values/work_order.hpp differs from the one that this imbrex was built with");
}

TEST(ChangedHeaders, CommentsAndWhiteSpaceDoNotMatter) {
  const plugin::PluginEntry entry = load_fixture("changed-comment");
  EXPECT_EQ(entry.state, plugin::LoadState::loaded) << entry.message;
  EXPECT_NE(entry.descriptor, nullptr);
}

TEST(ChangedHeaders, APluginWithoutATableOfTypesIsRefused) {
  expect_refused_for("no-types", "it carries no table of boundary types");
}

TEST(ChangedHeaders, APluginWithoutDigestsIsJudgedByItsTypes) {
  const plugin::PluginEntry entry = load_fixture("exports-more");
  EXPECT_EQ(entry.state, plugin::LoadState::loaded) << entry.message;
  ASSERT_NE(entry.descriptor, nullptr);
  EXPECT_EQ(entry.descriptor->headers, nullptr);
}

}  // namespace
}  // namespace imbrex
