// Networks written by hand, in TOML: any text is read as a network or refused where it is wrong.
#include "harness.hpp"
#include "recipe/plan_reader.hpp"
#include "run/load_workload.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace imbrex;
  static const test::TemporaryFolder folder;
  const auto file = folder.write("network.toml", fuzz::text_of(bytes, size));
  const std::string message = fuzz::answer_of([&] {
    const auto reader = recipe::plan_reader({file.string(), {}, {}}, fuzz::registry());
    run::load_workload(reader, 1, fuzz::services());
  });
  if (!message.empty()) {
    fuzz::require_position(message, "network.toml");
  }
  return 0;
}
