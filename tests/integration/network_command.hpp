// Real files through the real command; every time is counted by hand in products of a crossbar,
// 1400 ns each, where every layer has crossbars of its own.
#pragma once

#include "../unit/onnx/model_builder.hpp"
#include "command_fixture.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex::test {

using nlohmann::json;
using onnx_reader::ModelBuilder;

inline constexpr std::int64_t kProductPs = 1'400'000;

class NetworkCommand : public CommandFixture {
 protected:
  // `reader`: lines of [workload] beside the file; `stages`: before the analyzer.
  json run(const std::string& file, const std::string& reader = "", const std::string& stages = "",
           const std::string& chip = "use = \"imbrex.architecture.tiled-cim\"\n") const {
    const std::string kind = file.ends_with(".onnx") ? "onnx" : "toml";
    write("recipe.toml", "imbrex = 1\nname = \"network\"\n[workload]\nuse = \"imbrex.workload." +
                             kind + "\"\nfile = \"" + file + "\"\n" + reader + "[architecture]\n" +
                             chip + "[cost]\nuse = \"imbrex.cost.crossbar\"\n" + stages +
                             "[[stage]]\nuse = \"imbrex.overlap.clsa-cim\"\n"
                             "granularity = \"pixel\"\n");
    const auto result = imbrex("run recipe.toml --quiet --force --out r");
    error_ = result.err;
    return result.code == 0 ? json::parse(read(folder() / "r" / "result.json")) : json();
  }
  std::int64_t products(const json& result) const {
    EXPECT_FALSE(result.is_null()) << error_;
    return result.is_null() ? -1 : result["metrics"]["latency_ps"].get<std::int64_t>() / kProductPs;
  }
  void write_model(const ModelBuilder& model) const { write("model.onnx", model.bytes()); }

  mutable std::string error_;
};

// One layer of a kind; weights of `gates` rows per hidden feature.
struct Recurrence {
  std::string type = "LSTM";
  std::int64_t gates = 4;
  std::int64_t steps = 7;
  std::int64_t batch = 1;
  std::string direction = "forward";
  std::int64_t layout = 0;
};

inline ModelBuilder model_of(const Recurrence& r) {
  constexpr std::int64_t kInputs = 20;
  constexpr std::int64_t kHidden = 12;
  const std::int64_t directions = r.direction == "bidirectional" ? 2 : 1;
  ModelBuilder model(14);
  model.input("x", r.layout == 1 ? onnx_reader::Dims{r.batch, r.steps, kInputs}
                                 : onnx_reader::Dims{r.steps, r.batch, kInputs});
  model.weight("w", {directions, r.gates * kHidden, kInputs});
  model.weight("r", {directions, r.gates * kHidden, kHidden});
  model.node(r.type, {"x", "w", "r"}, {"y"})
      .name("cell")
      .text("direction", r.direction)
      .integer("layout", r.layout)
      .integer("hidden_size", kHidden);
  model.output("y");
  return model;
}

}  // namespace imbrex::test
