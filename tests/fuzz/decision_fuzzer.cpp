// Decisions and constraints as texts: a line each, after its first letter a constraint (c), a loop
// (l), a number of outer loops (o), extents of a job (j) or a placement (p). They run on a small
// network with the memories of Eyeriss, by the component that a recipe gives such texts to.
#include "limited_run.hpp"
#include "recipe/parsed_recipe.hpp"
#include "recipe/toml_text.hpp"
#include "small_networks.hpp"

#include <map>

namespace {

using namespace imbrex;

constexpr std::string_view kHead = R"(imbrex = 1
name = "given"
[workload]
use = "imbrex.workload.toml"
file = "small.toml"
[architecture]
use = "imbrex.architecture.pe-array"
rows = 4
columns = 4
level_names = ["DRAM", "GLB", "spad"]
level_words = [0, 4096, 32]
level_per = ["chip", "chip", "PE"]
level_read_words_per_cycle = [0, 4, 0]
level_write_words_per_cycle = [0, 4, 0]
[cost]
use = "imbrex.cost.loop-nest"
)";

// By the letter of their lines.
std::map<char, std::string> lists_of(std::string_view text) {
  std::map<char, std::string> lists;
  while (!text.empty()) {
    const std::string_view line = fuzz::take_line(text);
    if (line.size() > 1) {
      lists[line.front()] += recipe::toml_string(printable(line.substr(1))) + ", ";
    }
  }
  return lists;
}

std::string list(const std::map<char, std::string>& lists, char letter, std::string_view key) {
  const auto found = lists.find(letter);
  return found == lists.end() ? std::string() : std::string(key) + " = [" + found->second + "]\n";
}

std::string recipe_of(std::string_view text) {
  const auto lists = lists_of(text);
  const bool is_given = lists.contains('l') || lists.contains('o') || lists.contains('j');
  return std::string(kHead) + list(lists, 'c', "constraints") +
         "[[stage]]\nuse = \"imbrex.partition.given\"\n" + list(lists, 'p', "placements") +
         "[[stage]]\nuse = \"imbrex.search." +
         (is_given ? "given\"\n" : "random\"\nsamples = 4\n") + list(lists, 'l', "loops") +
         list(lists, 'o', "outer") + list(lists, 'j', "job_extents") +
         "[[stage]]\nuse = \"imbrex.overlap.layer-by-layer\"\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const test::TemporaryFolder folder;
  static const bool written = fuzz::write_small_networks(folder);
  static_cast<void>(written);
  fuzz::answer_of([&] {
    const auto parsed = recipe::ParsedRecipe::of_text(recipe_of(fuzz::text_of(bytes, size)),
                                                      folder.path() / "recipe.toml");
    const auto variant = recipe::resolve_variant(parsed, {}, fuzz::registry());
    if (!variant.plan) {
      throw InputError(variant.errors);
    }
    fuzz::limited_run(*variant.plan);
  });
  return 0;
}
