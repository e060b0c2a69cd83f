// A temporary folder, recipes on the hand-checked chain of test_components.cpp, and runs of them
// through the kernel.
#pragma once

#include "plugin/registry.hpp"
#include "recipe/plan.hpp"
#include "run/runner.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

namespace imbrex::test {

class RunFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    static int counter = 0;
    folder_ = std::filesystem::temp_directory_path() /
              ("imbrex-run-" + std::to_string(getpid()) + "-" + std::to_string(counter++));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override {
    plugin::HostServices::clear_cancel();
    std::filesystem::remove_all(folder_);
  }

  const std::filesystem::path& folder() const { return folder_; }

  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  static std::string read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    EXPECT_TRUE(in) << file;
    return {std::istreambuf_iterator<char>(in), {}};
  }

  // The chain on as many PEs as it needs plus `extra_pes`, then the given stages.
  static std::string chain_recipe(int extra_pes, const std::string& stages,
                                  const std::string& rest = "") {
    return "imbrex = 1\nname = \"chain\"\nseed = 5\n"
           "[workload]\nuse = \"test.workload.chain\"\n"
           "[architecture]\nuse = \"imbrex.architecture.tiled-cim\"\nextra_pes = " +
           std::to_string(extra_pes) + "\n[cost]\nuse = \"imbrex.cost.crossbar\"\n" + stages + rest;
  }
  static std::string stage(const std::string& use, const std::string& parameters = "") {
    return "[[stage]]\nuse = \"" + use + "\"\n" + parameters;
  }
  static std::string layer_by_layer_baseline() {
    return "[baseline]\nstages = [{ use = \"imbrex.overlap.layer-by-layer\" }]\n"
           "architecture = { extra_pes = 0 }\n";
  }

  run::RunOutcome run(const std::string& recipe_text, int threads = 1) {
    if (!registry_) {
      plugin::PluginSearchPath path;
      path.files = {IMBREX_TEST_COMPONENTS};
      path.defaults = {IMBREX_PLUGIN_DIR};
      registry_ = std::make_unique<plugin::Registry>(path);
    }
    plugin::HostOptions options;
    options.threads = threads;
    options.quiet = true;
    services_ = std::make_unique<plugin::HostServices>(options);
    plan_ = recipe::resolve({write("recipe.toml", recipe_text), {}}, *registry_);
    return run::run_plan(plan_, *registry_, *services_);
  }

  static double number(const Metrics& metrics, std::string_view name) {
    const MetricValue* const value = metrics.find(name);
    EXPECT_NE(value, nullptr) << name;
    return value == nullptr ? -1
                            : std::visit([](auto v) { return static_cast<double>(v); }, *value);
  }

  // Of the last run.
  const recipe::ResolvedPlan& plan() const { return plan_; }
  const plugin::Registry& registry() const { return *registry_; }
  plugin::HostServices& services() { return *services_; }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<plugin::Registry> registry_;
  std::unique_ptr<plugin::HostServices> services_;
  recipe::ResolvedPlan plan_;
};

}  // namespace imbrex::test
