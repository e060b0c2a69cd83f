// Short files that ask for too much: blocks of blocks, repetitions of nothing, extents beyond any
// memory. Each gets one message, at once.
#include "toml_workload.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

namespace imbrex {
namespace {

Workload read_text(const std::string& text) {
  static std::atomic<int> number{0};
  const auto path =
      std::filesystem::path(testing::TempDir()) /
      ("imbrex_" + std::to_string(getpid()) + "_" + std::to_string(++number) + ".toml");
  std::ofstream(path) << text;
  try {
    Workload workload = imbrex_test::read_toml(path.string());
    std::filesystem::remove(path);
    return workload;
  } catch (...) {
    std::filesystem::remove(path);
    throw;
  }
}

// A network on a 1 x 8 x 16 x 16 image; layers without the brackets, then further tables.
Workload network(const std::string& layers, const std::string& more = "") {
  return read_text(
      "imbrex_workload = 1\ninput.x = { shape = [1, 8, 16, 16] }\n[network]\nlayers = [\n" +
      layers + "\n]\n" + more);
}

std::string complaint(const std::string& layers, const std::string& more = "") {
  try {
    network(layers, more);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no complaint";
}

std::string repeated(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) {
    result += text;
  }
  return result;
}

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
