// Feeds arbitrary bytes to the recipe reader: the first line is an override, the rest the recipe.
// Anything but a plan or an InputError is a defect.
#include "fake_components.hpp"
#include "recipe/plan.hpp"
#include "temporary_folder.hpp"

#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const imbrex::test::TemporaryFolder folder;
  static const imbrex::test::FakeLookup lookup;
  static const auto network = folder.write("network.toml", "content");
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line_end = input.find('\n');
  imbrex::recipe::RecipeSource source;
  if (line_end != std::string_view::npos && line_end > 0) {
    source.overrides.emplace_back(input.substr(0, line_end));
  }
  source.path = folder.write(
      "recipe.toml", line_end == std::string_view::npos ? input : input.substr(line_end + 1));
  try {
    imbrex::recipe::resolve(source, lookup).to_toml(folder.path());
  } catch (const imbrex::InputError&) {
  }
  return 0;
}
