// The eleven networks of XR-bench and what specification pipeorgan, sections 9.2 and 9.3, says of
// them.
#pragma once

#include "layers.hpp"
#include "pipeline_limits.hpp"
#include "toml_workload.hpp"

#include <imbrex/toolkit/segments/segment_depth.hpp>

#include <map>

namespace imbrex {

namespace xrbench {

using Histogram = std::map<int, int>;  // depth -> segments

struct Network {
  const char* file;  // configs/workloads/xrbench-FILE.toml
  const char* name;  // in the artefact
  int layers;
  double gmac, weights_million, activations_million;
  Histogram depths;  // greedy, theta = 1, eta = 0.5, shares in 8 elements
  double words_ratio, words_ratio_retained;
  bool corrected = false;  // depthwise as depthwise
};

inline const std::vector<Network> kNetworks = {
    {"ritnet", "ES_RITNet", 42, 1.085, 0.231, 6.65, {{1, 15}, {5, 1}, {10, 1}, {12, 1}}, .20, 1.00},
    {"res8-narrow", "KD_res8_narrow", 8, 0.007, 0.020, 0.110, {{1, 6}, {2, 1}}, .53, 1.00},
    {"rgbd-200",
     "DR_RGBd_200",
     34,
     19.08,
     13.67,
     30.28,
     {{1, 17}, {2, 2}, {3, 2}, {7, 1}},
     .48,
     .42},
    {"hand-graph-cnn",
     "HT_hand_graph_cnn_half",
     224,
     4.167,
     19.30,
     12.97,
     {{1, 164}, {2, 21}, {3, 3}, {4, 1}, {5, 1}},
     .70,
     .95},
    {"hrvit-b1",
     "SS_HRViT_b1",
     423,
     27.02,
     111.6,
     30.60,
     {{1, 328}, {2, 42}, {3, 2}, {5, 1}},
     .94,
     .98},
    {"plane-rcnn",
     "PD_Plane_RCNN_Quarter",
     153,
     8.735,
     59.54,
     13.49,
     {{1, 125}, {2, 8}, {3, 1}, {4, 1}, {5, 1}},
     .91,
     .96},
    {"ed-tcn", "AS_ED_TCN", 4, 0.372, 0.742, 0.152, {{1, 4}}, 1.00, 1.00},
    {"emformer-24", "ASR_EM_24L", 120, 9.664, 75.50, 14.16, {{1, 120}}, 1.00, 1.00},
    {"d2go",
     "OD_D2go_FasterRCNN",
     138,
     14.35,
     92.33,
     11.19,
     {{1, 108}, {2, 2}, {3, 6}, {8, 1}},
     .89,
     .96},
    {"midas-v21",
     "DE_midas_v21_small",
     92,
     37.84,
     367.5,
     15.48,
     {{1, 65}, {2, 1}, {3, 3}, {7, 1}, {9, 1}},
     .95,
     .96},
    {"fbnet-c",
     "GE_FBNet_C",
     63,
     7.082,
     159.4,
     2.75,
     {{1, 50}, {2, 1}, {5, 1}, {6, 1}},
     .99,
     1.00}};

inline const std::vector<Network>& networks() {
  return kNetworks;
}

// The three that change when depthwise layers are depthwise; no ratios are printed for them.
inline const std::vector<Network>& corrected_networks() {
  static const std::vector<Network> all = {{"d2go-depthwise",
                                            "OD_D2go_FasterRCNN",
                                            138,
                                            0.546,
                                            5.27,
                                            11.19,
                                            {{1, 75}, {2, 11}, {3, 6}, {4, 1}, {7, 1}, {12, 1}},
                                            -1,
                                            -1,
                                            true},
                                           {"midas-v21-depthwise",
                                            "DE_midas_v21_small",
                                            92,
                                            3.536,
                                            16.50,
                                            15.48,
                                            {{1, 45}, {2, 10}, {3, 1}, {5, 1}, {9, 1}, {10, 1}},
                                            -1,
                                            -1,
                                            true},
                                           {"fbnet-c-depthwise",
                                            "GE_FBNet_C",
                                            63,
                                            0.161,
                                            5.53,
                                            2.75,
                                            {{1, 39}, {2, 1}, {3, 3}, {13, 1}},
                                            -1,
                                            -1,
                                            true}};
  return all;
}

// The eleven, with the corrected three in place of those encoded dense.
inline std::vector<Network> all_corrected() {
  std::vector<Network> all = networks();
  for (Network& network : all) {
    for (const Network& other : corrected_networks()) {
      network = std::string_view(network.name) == other.name ? other : network;
    }
  }
  return all;
}

inline Workload load(const Network& network) {
  return imbrex_test::preset(std::string("xrbench-") + network.file);
}

inline segments::LayerSequence sequence(const Network& network) {
  const Workload workload = load(network);
  return segments::layer_sequence(workload, test::operators_with_macs(workload));
}

}  // namespace xrbench

}  // namespace imbrex
