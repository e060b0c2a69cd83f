// Sessions that find the plugins of the build, beside the command.
#pragma once

#include "command_fixture.hpp"

#include <imbrex/session.hpp>

#include <string>

namespace imbrex::test {

class SessionFixture : public CommandFixture {
 protected:
  static std::string shipped(const std::string& name) {
    return std::string(IMBREX_SOURCE_DIR "/configs/recipes/") + name + ".toml";
  }
  // The chain of two layers of test_components.cpp.
  std::string chain(const std::string& stages, int extra_pes = 4) const {
    return write("recipe.toml", chain_recipe(extra_pes, stages)).string();
  }
  static Session with_tests_loaded() {
    Session session;
    session.add_plugin(IMBREX_TEST_COMPONENTS);
    return session;
  }
};

}  // namespace imbrex::test
