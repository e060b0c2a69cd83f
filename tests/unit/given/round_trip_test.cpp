// What a run wrote runs again by hand: the shipped recipes, their partitioner or search replaced by
// the texts that stand in the result, give the same metrics, operators, segments and critical path.
#include "given_kit.hpp"
#include "result/result_json.hpp"

#include <nlohmann/json.hpp>

namespace imbrex::test {
namespace {

using Json = nlohmann::json;

struct Trip {
  const char* recipe;
  std::vector<const char*> before;  // stages that stay, in front of the given ones
  bool gives_loops;
  bool gives_placements;
  const char* analyzer;
};
void PrintTo(const Trip& trip, std::ostream* out) {
  *out << trip.recipe;
}

std::string stage(const std::string& use) {
  return "[[stage]]\nuse = \"imbrex." + use + "\n";
}

class RoundTrip : public ::testing::TestWithParam<Trip> {
 protected:
  static std::string shipped() {
    return IMBREX_SOURCE_DIR "/configs/recipes/" + std::string(GetParam().recipe) + ".toml";
  }

  static void append(Texts& all, const Texts& more) {
    all.insert(all.end(), more.begin(), more.end());
  }

  // The recipe with what the run decided.
  static std::string by_hand(const Json& result) {
    Texts loops;
    Texts outer;
    Texts extents;
    Texts placements;
    for (const Json& op : result["operators"]) {
      append(loops, op["loops"].get<Texts>());
      append(outer, op.value("outer", Texts{}));
      append(extents, op.value("job_extents", Texts{}));
      append(placements, op["placement"].get<Texts>());
    }
    std::string text = "imbrex = 1\nextends = \"" + shipped() + "\"\n";
    for (const char* const before : GetParam().before) {
      text += stage(before);
    }
    if (GetParam().gives_placements) {
      text += stage("partition.given\"\nplacements = " + array_of(placements));
    }
    if (GetParam().gives_loops) {
      text += stage("search.given\"\nloops = " + array_of(loops) + "\nouter = " + array_of(outer) +
                    "\njob_extents = " + array_of(extents));
    }
    return text + stage(GetParam().analyzer);
  }

  static Json json_of(const RunOutcome& outcome) {
    return Json::parse(result_json(outcome.result, *outcome.design));
  }
};

TEST_P(RoundTrip, GivesTheSameNumbers) {
  const Json first = json_of(run_file(shipped()));
  for (const Json& op : first["operators"]) {
    EXPECT_FALSE(op.contains("dealt_anew")) << op["name"];
    EXPECT_FALSE(op.contains("part_of_split_layer")) << op["name"];
  }
  const TemporaryFolder folder;
  const Json again = json_of(run_file(folder.write("again.toml", by_hand(first)).string()));
  for (const char* const key : {"metrics", "operators", "segments", "critical_path", "edges",
                                "baseline", "speedup", "exactness"}) {
    EXPECT_EQ(first.contains(key), again.contains(key)) << key;
    if (first.contains(key) && again.contains(key)) {
      EXPECT_EQ(first[key], again[key]) << key;
    }
  }
}

const Trip kTrips[] = {
    {"resnet18-eye168", {"partition.one-per-segment\""}, true, false, "overlap.layer-by-layer\""},
    {"resnet18-ws256", {"partition.one-per-segment\""}, true, false, "overlap.layer-by-layer\""},
    {"resnet18-ws256", {}, true, true, "overlap.layer-by-layer\""},
    {"resnet18-fast-overlapim",
     {"partition.bank-slices\"\npolicy = \"latency\""},
     true,
     false,
     "overlap.fast-overlapim\""},
    {"resnet18-fast-overlapim", {}, true, true, "overlap.fast-overlapim\""},
    {"resnet18-dram-pim", {}, true, true, "overlap.clsa-cim\"\ngranularity = \"row\""},
    {"tinyyolov4-clsa-cim", {}, false, true, "overlap.clsa-cim\"\ngranularity = \"row\""},
    {"tinyyolov4-clsa-cim", {}, true, true, "overlap.clsa-cim\"\ngranularity = \"row\""},
    {"resnet18-compass", {}, false, true, "overlap.clsa-cim\""},
};

INSTANTIATE_TEST_SUITE_P(Shipped, RoundTrip, ::testing::ValuesIn(kTrips),
                         [](const ::testing::TestParamInfo<Trip>& trip) {
                           std::string name = trip.param.recipe;
                           for (char& c : name) {
                             c = c == '-' ? '_' : c;
                           }
                           return name + "_" + std::to_string(trip.index);
                         });

}  // namespace
}  // namespace imbrex::test
