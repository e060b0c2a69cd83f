// Damaged copies of a real network are read or refused, and nothing else.
#include "model_builder.hpp"

#include <random>
#include <sstream>

#include <gtest/gtest.h>

namespace imbrex::onnx_reader {
namespace {

constexpr std::uint32_t kSeed = 20261122;

std::string original() {
  std::ifstream stream(std::string(IMBREX_MODELS_DIR) + "/light_squeezenet.onnx", std::ios::binary);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  return bytes.str();
}

// Changes one to four bytes; now and then cuts, repeats or removes a stretch.
std::string mutated(std::string bytes, std::mt19937& random) {
  const auto below = [&](std::size_t bound) { return static_cast<std::size_t>(random()) % bound; };
  for (std::size_t edits = 1 + below(4); edits > 0; --edits) {
    const std::size_t at = below(bytes.size());
    switch (below(8)) {
      case 0:
        bytes.erase(at, 1 + below(16));
        break;
      case 1:
        bytes.insert(at, bytes.substr(below(bytes.size()), 1 + below(16)));
        break;
      case 2:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
        break;
      default:
        bytes[at] = static_cast<char>(below(256));
        break;
    }
  }
  return bytes;
}

TEST(Mutation, EndsInAWorkloadOrAnInputError) {
  const std::string bytes = original();
  ASSERT_GT(bytes.size(), 1000u);
  const TemporaryFolder folder;
  std::mt19937 random(kSeed);
  int accepted = 0, refused = 0;
  for (int round = 0; round < 4000; ++round) {
    Config config;
    config.file.value = folder.write("mutated.onnx", mutated(bytes, random)).string();
    config.on_unknown = round % 2 == 0 ? OnUnknown::error : OnUnknown::barrier;
    WorkloadBuilder builder("mutated");
    try {
      read_onnx(config, builder);
      EXPECT_FALSE(builder.finish().operators().empty());
      ++accepted;
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find("mutated.onnx: "), std::string::npos);
      ++refused;
    } catch (const std::exception& error) {
      FAIL() << "round " << round << " of seed " << kSeed << ": " << error.what();
    }
  }
  // Both kinds must occur, else the mutations are too harsh or too mild to test anything.
  EXPECT_GT(accepted, 100);
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace imbrex::onnx_reader
