// Networks that a test writes as text, read as the command reads them.
#pragma once

#include "toml_workload.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

namespace imbrex::test {

inline Workload read_text(const std::string& text) {
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
inline Workload network(const std::string& layers, const std::string& more = "") {
  return read_text(
      "imbrex_workload = 1\ninput.x = { shape = [1, 8, 16, 16] }\n[network]\nlayers = [\n" +
      layers + "\n]\n" + more);
}

inline std::string complaint(const std::string& layers, const std::string& more = "") {
  try {
    network(layers, more);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no complaint";
}

}  // namespace imbrex::test
