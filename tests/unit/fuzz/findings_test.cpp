// What the harnesses of tests/fuzz found, where one can say what is right instead.
#include "built_components.hpp"
#include "recipe/plan_reader.hpp"
#include "run/load_workload.hpp"
#include "temporary_folder.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

std::string complaint_of(std::string_view network) {
  const TemporaryFolder folder;
  const auto file = folder.write("network.toml", network);
  plugin::HostServices services(plugin::HostOptions{});
  try {
    run::load_workload(recipe::plan_reader({file.string(), {}, {}}, registry()), 1, services);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no complaint";
}

// Whatever is wrong with a network as a whole: the file is named, as it is for a wrong line of it.
TEST(Findings, AComplaintAboutAWholeNetworkNamesItsFile) {
  constexpr std::string_view kHead =
      "imbrex_workload = 1\ninput.x = { shape = [1, 8, 16, 16] }\n[network]\nlayers = [";
  EXPECT_NE(complaint_of(std::string(kHead) + "]\n")
                .find("network.toml: error: workload 'network': expected at least one operator"),
            std::string::npos);
}

}  // namespace
}  // namespace imbrex::test
