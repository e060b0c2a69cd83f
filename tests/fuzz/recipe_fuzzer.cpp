// Feeds arbitrary bytes to the recipe reader: the first line is an override (after '-' one that
// unsets, after '@' a profile), the rest the recipe. Anything but a plan or an InputError is a
// defect.
#include "fake_components.hpp"
#include "recipe/parsed_recipe.hpp"
#include "temporary_folder.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace {

imbrex::recipe::Edit edit_of(std::string_view line) {
  using Kind = imbrex::recipe::Edit::Kind;
  const Kind kind = line.starts_with('-')   ? Kind::unset
                    : line.starts_with('@') ? Kind::profile
                                            : Kind::set;
  return {kind, std::string(kind == Kind::set ? line : line.substr(1))};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const imbrex::test::TemporaryFolder folder;
  static const imbrex::test::FakeLookup lookup;
  static const auto network = folder.write("network.toml", "content");
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line_end = input.find('\n');
  imbrex::recipe::Edits edits;
  if (line_end != std::string_view::npos && line_end > 0) {
    edits.push_back(edit_of(input.substr(0, line_end)));
  }
  const auto path = folder.write(
      "recipe.toml", line_end == std::string_view::npos ? input : input.substr(line_end + 1));
  try {
    const auto recipe = imbrex::recipe::ParsedRecipe::of_file(path);
    const auto variant = imbrex::recipe::resolve_variant(recipe, edits, lookup);
    if (variant.plan) {
      variant.plan->to_toml(folder.path());
      imbrex::recipe::vain_edits(recipe, edits, *variant.plan, lookup);
    }
  } catch (const imbrex::InputError&) {
  }
  return 0;
}
