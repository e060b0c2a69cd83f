// Short files that ask for too much: blocks of blocks, repetitions of nothing, extents beyond any
// memory. Each gets one message, at once.
#include "repeated_text.hpp"
#include "written_workload.hpp"

#include <string>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::complaint;
using test::network;
using test::read_text;
using test::repeated;

struct Excess {
  const char* name;
  std::string layers;
  std::string more;
  const char* expected;  // part of the message
};
std::ostream& operator<<(std::ostream& out, const Excess& excess) {
  return out << excess.name;
}

class TomlExcess : public testing::TestWithParam<Excess> {};

TEST_P(TomlExcess, IsRefused) {
  const std::string text = complaint(GetParam().layers, GetParam().more);
  EXPECT_NE(text.find(GetParam().expected), std::string::npos) << text;
}

INSTANTIATE_TEST_SUITE_P(
    All, TomlExcess,
    testing::Values(
        Excess{
            "BlocksOfNothing", R"({block="a", repeat=9999})",
            "[block.a]\nlayers=[{block=\"b\", repeat=9999}]\n[block.b]\nlayers=[{op=\"softmax\", "
            "repeat=0}]",
            "expected at most 200000 operators"},
        Excess{"LayersThatAreNone", R"({block="a", repeat=9999})",
               "[block.a]\nlayers=[" + repeated("{op=\"softmax\", repeat=0},", 300) + "]",
               "expand to at most 2000000 layers, inputs and arguments"},
        Excess{"EndlessInputs", R"({block="a", repeat=9999})",
               "[block.a]\nlayers=[{op=\"add\", input=[" + repeated("\"in\",", 300) + "]}]",
               "expand to at most 2000000 layers, inputs and arguments"},
        Excess{"EndlessNames", "{block=\"" + std::string(20'000, 'b') + "\"}",
               "[block." + std::string(20'000, 'b') + "]\nlayers=[{op=\"softmax\", repeat=9999}]",
               "expand to at most 2000000 layers, inputs and arguments"},
        Excess{"TooManyArguments", R"({op="softmax"})",
               "[block.b]\narguments=[" + repeated("\"n\",", 101) + "]\nlayers=[]",
               "expected at most 100 arguments, given 101"},
        Excess{"HugeFactor", R"({op="upsample", factor=9223372036854775807})", "",
               "operator 'upsample1': expected a tensor of at most 2^48 elements"},
        Excess{"HugeMultiplier",
               R"({op="reshape", shape=[1, 2048, 1, 1]},
                   {op="depthwise_conv", multiplier=65536},
                   {op="depthwise_conv", multiplier=1048576, repeat=2})",
               "", "operator 'depthwise_conv3': expected a tensor of at most 2^48 elements"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace imbrex
