// The real command with components that end or hang the process (broken/faults.cpp).
#pragma once

#include "command_fixture.hpp"

#include <imbrex/plugin/abi.hpp>

#include <string>

namespace imbrex::test {

// Under a sanitizer, signals are the sanitizer's.
inline bool reports_signals() {
  return std::string_view(IMBREX_ABI_TAG_SANITIZER) == "unsanitized";
}

class FaultsFixture : public CommandFixture {
 protected:
  static std::string fault(const std::string& use, const std::string& what,
                           const std::string& more = "") {
    return stage(use, "fault = \"" + what + "\"\n" + more);
  }
  static std::string clsa() { return stage("imbrex.overlap.clsa-cim"); }
  static std::string recipe_of(const std::string& stages, const std::string& rest = "") {
    return chain_recipe(60, stages, rest);
  }
  // With the cost model of the plugin, asked by the analyzer.
  static std::string recipe_with_cost(const std::string& what, const std::string& more = "") {
    std::string text = chain_recipe(60, clsa());
    const std::string cost = "\"imbrex.cost.crossbar\"\n";
    return text.replace(text.find(cost), cost.size(),
                        "\"test.cost.fault\"\nfault = \"" + what + "\"\n" + more);
  }
  CommandResult run(const std::string& words, const std::string& command = "run") const {
    return imbrex(
        command +
        " recipe.toml --plugin '" IMBREX_TEST_COMPONENTS "' --plugin '" IMBREX_FAULTS "' " + words);
  }
  void expect_said(const CommandResult& result, const std::string& text) const {
    EXPECT_NE(result.err.find(text), std::string::npos) << "no '" << text << "' in\n" << result.err;
  }
  bool exists(const std::string& name) const { return std::filesystem::exists(folder() / name); }
};

}  // namespace imbrex::test
