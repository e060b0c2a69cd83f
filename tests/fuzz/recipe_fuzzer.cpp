// Recipes: the first line is an override (after '-' one that unsets, after '@' a profile), the rest
// the recipe, among the shipped files. What resolves is printed as a plan, which must resolve to
// itself.
#include "harness.hpp"
#include "recipe/parsed_recipe.hpp"

namespace {

using namespace imbrex;

recipe::Edit edit_of(std::string_view line) {
  using Kind = recipe::Edit::Kind;
  const Kind kind = line.starts_with('-')   ? Kind::unset
                    : line.starts_with('@') ? Kind::profile
                                            : Kind::set;
  return {kind, std::string(kind == Kind::set ? line : line.substr(1))};
}

void require_same_plan(const recipe::ResolvedPlan& plan, const std::filesystem::path& folder) {
  const std::string text = plan.to_toml(folder);
  const auto again = recipe::ParsedRecipe::of_text(text, folder / "plan.toml");
  const auto variant = recipe::resolve_variant(again, {}, fuzz::registry());
  if (!variant.plan) {
    fuzz::defect("a plan that does not resolve", text + variant.errors);
  }
  if (variant.plan->sha256() != plan.sha256() || variant.plan->to_toml(folder) != text) {
    fuzz::defect("a plan that resolves to another one", text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::filesystem::path folder = fuzz::shipped_folder().path() / "here";
  std::string_view rest = fuzz::text_of(bytes, size);
  const std::string_view line = fuzz::take_line(rest);
  recipe::Edits edits;
  if (!line.empty()) {
    edits.push_back(edit_of(line));
  }
  const std::string message = fuzz::answer_of([&] {
    const auto parsed = recipe::ParsedRecipe::of_text(rest, folder / "recipe.toml");
    const auto variant = recipe::resolve_variant(parsed, edits, fuzz::registry());
    if (variant.plan) {
      require_same_plan(*variant.plan, folder);
      recipe::vain_edits(parsed, edits, *variant.plan, fuzz::registry());
    } else {
      throw InputError(variant.errors);
    }
  });
  if (!message.empty() && edits.empty() && rest.find("extends") == std::string_view::npos) {
    fuzz::require_position(message, "recipe.toml");
  }
  return 0;
}
