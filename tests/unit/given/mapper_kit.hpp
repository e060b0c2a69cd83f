// Small networks on one MAC behind a buffer, or on 4 x 4 elements, with 1 pJ for every word of the
// external memory and nothing else: energies are external words.
#pragma once

#include "given_kit.hpp"

namespace imbrex::test {

// One MAC, unbounded memories of 8 bits a word.
inline const char* const kOneMac =
    "rows = 1\ncolumns = 1\nmacs_per_pe = 1\nword_bits = 8\nlevel_names = [\"DRAM\", \"GLB\"]\n"
    "level_words = [0, 0]\nlevel_instances = [1, 1]\nlevel_read_words_per_cycle = [0, 0]\n"
    "level_write_words_per_cycle = [0, 0]\nlevel_energy_pj_per_word = [1, 0]\n";

// 4 x 4 elements that share a buffer, links without limits.
inline const char* const kElements =
    "rows = 4\ncolumns = 4\nmacs_per_pe = 1\nword_bits = 8\n"
    "level_names = [\"DRAM\", \"GLB\", \"RF\"]\nlevel_words = [0, 1048576, 512]\n"
    "level_instances = [1, 1, 16]\nlevel_read_words_per_cycle = [1, 0, 0]\n"
    "level_write_words_per_cycle = [1, 0, 0]\nlevel_energy_pj_per_word = [1, 0, 0]\n"
    "link_words_per_cycle = 0\nhop_cycles = 0\n";

inline const char* const kSegments = "memories = \"segments\"\nimperfect = true\n";
inline const char* const kLayerByLayer = "overlap.layer-by-layer";
inline const char* const kPipelined = "overlap.pipeorgan";

// "[[stage]]" with the id behind "imbrex." and parameters.
inline std::string mapper_stage(const std::string& use, const std::string& parameters = "") {
  return "[[stage]]\nuse = \"imbrex." + use + "\"\n" + parameters;
}
inline std::string given_nest(const Texts& loops) {
  return mapper_stage("partition.one-per-segment") +
         mapper_stage("search.given", "loops = " + array_of(loops) + "\n");
}
// All layers in as few segments as possible ("greedy"), or each in its own ("one").
inline std::string segments_of_depth(const std::string& depth) {
  return mapper_stage("partition.pipeorgan",
                      "undo_slower = false\nwords_per_weight = 0\nutilisation_drop = 1.0\n"
                      "depth = \"" +
                          depth + "\"\n");
}

struct MapperRecipe {
  std::string architecture = kOneMac;
  std::string cost;
  std::string stages;
  std::string analyzer = kLayerByLayer;
  std::string head;  // e.g. the objective
};
inline std::string text_of(const MapperRecipe& recipe) {
  return "imbrex = 1\n" + recipe.head +
         "[workload]\nuse = \"imbrex.workload.toml\"\nfile = \"net.toml\"\n"
         "[architecture]\nuse = \"imbrex.architecture.pe-array\"\n" +
         recipe.architecture + "[cost]\nuse = \"imbrex.cost.loop-nest\"\n" + recipe.cost +
         recipe.stages + mapper_stage(recipe.analyzer);
}

// Inputs "NAME = TABLE" and layers as TOML.
inline std::string network(const Texts& inputs, const Texts& layers, const std::string& rest = "") {
  std::string text = "imbrex_workload = 1\n";
  for (const std::string& input : inputs) {
    text += "input." + input + "\n";
  }
  text += "[network]\nlayers = [\n";
  for (const std::string& layer : layers) {
    text += "{ " + layer + " },\n";
  }
  return text + "]\n" + rest;
}
inline std::string image(int channels, int side, const char* name = "x") {
  return std::string(name) + " = { shape = [1, " + std::to_string(channels) + ", " +
         std::to_string(side) + ", " + std::to_string(side) + "] }";
}
// 4 channels to 4: 16 weights.
inline std::string pointwise(const std::string& name, const std::string& input = "") {
  return "op = \"conv\", filters = 4, kernel = 1, name = \"" + name + "\"" +
         (input.empty() ? "" : ", input = \"" + input + "\"");
}
inline std::string product(int rows, int channels, int units) {
  return network(
      {"x = { shape = [" + std::to_string(rows) + ", " + std::to_string(channels) + "] }"},
      {"op = \"dense\", units = " + std::to_string(units) + ", name = \"fc\""});
}

inline double words(const MapperRecipe& recipe, const std::string& net) {
  return number(run_text(text_of(recipe), net), "energy_pj");
}

}  // namespace imbrex::test
