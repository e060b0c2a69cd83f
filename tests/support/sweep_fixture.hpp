// Sweeps of a shipped recipe by the real command.
#pragma once

#include "command_fixture.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include <sys/stat.h>

namespace imbrex::test {

inline constexpr const char* kSweptRecipe =
    IMBREX_SOURCE_DIR "/configs/recipes/tinyyolov4-clsa-cim.toml";

class SweepCommand : public CommandFixture {
 protected:
  CommandResult sweep(const std::string& words) const {
    return imbrex(std::string("sweep ") + kSweptRecipe + " " + words);
  }
  std::string text(const std::string& name) const { return read(folder() / name); }
  std::map<std::string, std::pair<ino_t, std::filesystem::file_time_type>> points(
      const std::string& of) const {
    std::map<std::string, std::pair<ino_t, std::filesystem::file_time_type>> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder() / of / "points")) {
      if (entry.path().extension() == ".json") {
        struct stat status {};
        ::stat(entry.path().c_str(), &status);
        out[entry.path().filename()] = {status.st_ino, entry.last_write_time()};
      }
    }
    return out;
  }
  void write_experiment(const std::string& rest) const {
    write("e.toml", std::string("experiment = 1\nrecipe = '") + kSweptRecipe + "'\n" + rest);
  }
};

}  // namespace imbrex::test
