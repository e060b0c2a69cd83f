// Two 1 x 1 convolutions of 16 channels on 4 rows of 8 pixels (512 words between them), side by
// side on 2 x 4 elements: columns 0 and 1 make what columns 2 and 3 read. By hand, one to one, on a
// mesh: each of the four producers sends 128 words two columns on, so a row's three links eastwards
// carry 128, 256 and 128 words.
#pragma once

#include "clsa_fixture.hpp"
#include "recipe/load_recipe.hpp"
#include "run/runner.hpp"
#include "temporary_folder.hpp"

#include <imbrex/toolkit/spatial/spatial_layout.hpp>
#include <imbrex/values/floor_plan.hpp>

#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace imbrex::report_test {

class TwoLayers : public testing::Test {
 protected:
  TwoLayers() : outcome_(run()) {}

  // The design of the run, with both layers in segment 0 and this hand-over.
  Design pipelined(FlowPattern pattern = FlowPattern::one_to_one) const {
    Design design(*outcome_.design);
    FloorPlan plan;
    for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
      const OperatorId id = operator_id(i);
      if (outcome_.machine->cost().demand(id).mappable) {
        plan.stages.push_back(id);
        design.placement(id).segment = 0;
        design.placement(id).units = 4;
      }
    }
    EXPECT_EQ(plan.stages.size(), 2U);
    const std::int64_t widths[] = {2, 2};
    plan.layout = spatial::blocked_1d(2, 4, widths);
    plan.hand_overs = {{plan.stages[0], plan.stages[1], pattern, 512, 4, 256}};
    design.set_floor_plans({plan});
    return design;
  }
  const run::RunOutcome& outcome() const { return outcome_; }
  std::string name(OperatorId id) const { return outcome_.design->workload().at(id).name; }

 private:
  run::RunOutcome run() {
    static plugin::HostServices services{plugin::HostOptions{}};
    write("two.toml",
          "imbrex_workload = 1\ninput.image = { shape = [1, 16, 4, 8] }\n"
          "[network]\nlayers = [{ op = \"conv\", filters = 16, repeat = 2 }]\n");
    write("recipe.toml",
          "imbrex = 1\nname = \"two\"\n"
          "[workload]\nuse = \"imbrex.workload.toml\"\nfile = \"two.toml\"\n"
          "[architecture]\nuse = \"imbrex.architecture.pe-array\"\ntopology = \"mesh\"\n"
          "rows = 2\ncolumns = 4\nmacs_per_pe = 1\nlevel_instances = [1, 1, 8]\n"
          "[cost]\nuse = \"imbrex.cost.loop-nest\"\n"
          "[[stage]]\nuse = \"imbrex.partition.one-per-segment\"\n"
          "[[stage]]\nuse = \"imbrex.overlap.layer-by-layer\"\n");
    return run::run_plan(
        recipe::resolve({std::string(folder_.path()) + "/recipe.toml", {}}, test::registry()),
        test::registry(), services);
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(std::string(folder_.path()) + "/" + name) << text;
  }

  test::TemporaryFolder folder_;
  run::RunOutcome outcome_;
};

}  // namespace imbrex::report_test
