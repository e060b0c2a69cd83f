// A plugin exports its entry symbol and nothing else: whatever else it showed could be taken for
// the symbol of another plugin, and unique symbols would even be merged with it.
#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

// "T name" per defined dynamic symbol, in the order of nm (by name).
std::vector<std::string> exported_symbols(const std::string& library) {
  const std::string command = std::string(IMBREX_NM) + " -D --defined-only '" + library + "'";
  const std::unique_ptr<FILE, int (*)(FILE*)> output(popen(command.c_str(), "r"), &pclose);
  std::vector<std::string> symbols;
  std::array<char, 4096> line{};
  while (fgets(line.data(), static_cast<int>(line.size()), output.get()) != nullptr) {
    const std::string text(line.data());
    symbols.push_back(text.substr(17, text.find('\n') - 17));  // after 16 digits and a blank
  }
  return symbols;
}

std::vector<std::string> in_tree_plugins() {
  std::vector<std::string> files;
  std::ifstream list(IMBREX_PLUGIN_LIST);
  for (std::string file; std::getline(list, file);) {
    if (!file.empty()) {
      files.push_back(file);
    }
  }
  return files;
}

std::string fixture(const std::string& name) {
  return std::string(IMBREX_FIXTURE_DIR) + "/fixture-" + name + ".imbrex.so";
}

const std::vector<std::string> kEntryOnly = {"T imbrex_plugin_descriptor"};

TEST(ExportedSymbols, OfEveryPluginAreTheEntryAlone) {
  const std::vector<std::string> plugins = in_tree_plugins();
  EXPECT_FALSE(plugins.empty());
  for (const std::string& plugin : plugins) {
    EXPECT_EQ(exported_symbols(plugin), kEntryOnly) << plugin;
  }
}

TEST(ExportedSymbols, OfAGoodFixtureAreTheEntryAlone) {
  EXPECT_EQ(exported_symbols(fixture("good")), kEntryOnly);
}

// What programs link exports what its header declares: nothing of the engine that it holds.
TEST(ExportedSymbols, OfTheSessionLibraryAreItsInterface) {
  std::ifstream header(IMBREX_SESSION_HEADER);
  const std::string text{std::istreambuf_iterator<char>(header), {}};
  const std::regex declaration(R"(IMBREX_SESSION_API [^;(]*?(imbrex_session_\w+)\()");
  std::vector<std::string> declared;
  for (std::sregex_iterator at(text.begin(), text.end(), declaration), end; at != end; ++at) {
    declared.push_back("T " + (*at)[1].str());
  }
  std::sort(declared.begin(), declared.end());
  EXPECT_GT(declared.size(), 20u);
  EXPECT_EQ(exported_symbols(IMBREX_SESSION_LIBRARY), declared);
}

// Without the build rules of imbrex_add_plugin the check must notice.
TEST(ExportedSymbols, OfALibraryBuiltWithoutTheRulesAreMore) {
  const std::vector<std::string> symbols = exported_symbols(fixture("exports-more"));
  EXPECT_GT(symbols.size(), kEntryOnly.size());
  // Merged with variables of that name in every other library: GCC calls it unique, Clang weak.
  EXPECT_TRUE(std::any_of(symbols.begin(), symbols.end(), [](const std::string& symbol) {
    return symbol == "u fixture_shared_state" || symbol == "V fixture_shared_state";
  }));
}

}  // namespace
}  // namespace imbrex
