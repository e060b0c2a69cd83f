// Plans that runs left behind, with small networks beside them: what still resolves runs, with
// everything that is checked in a run, and its result is written and read back.
#include "limited_run.hpp"
#include "recipe/parsed_recipe.hpp"
#include "result/result_json.hpp"
#include "small_networks.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace imbrex;
  static const test::TemporaryFolder folder;
  static const bool written = fuzz::write_small_networks(folder);
  static_cast<void>(written);
  fuzz::answer_of([&] {
    const auto parsed =
        recipe::ParsedRecipe::of_text(fuzz::text_of(bytes, size), folder.path() / "plan.toml");
    const auto variant = recipe::resolve_variant(parsed, {}, fuzz::registry());
    if (!variant.plan) {
      throw InputError(variant.errors);
    }
    if (const auto outcome = fuzz::limited_run(*variant.plan)) {
      result::result_json(outcome->result, *outcome->design);
    }
  });
  return 0;
}
