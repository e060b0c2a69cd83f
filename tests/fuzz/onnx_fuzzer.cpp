// Networks in ONNX: any bytes are read as a network or refused with a message.
#include "harness.hpp"
#include "recipe/plan_reader.hpp"
#include "run/load_workload.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace imbrex;
  static const test::TemporaryFolder folder;
  const auto file = folder.write("network.onnx", fuzz::text_of(bytes, size));
  fuzz::answer_of([&] {
    const auto reader =
        recipe::plan_reader({file.string(), {}, {"on_unknown=\"barrier\""}}, fuzz::registry());
    run::load_workload(reader, 1, fuzz::services());
  });
  return 0;
}
