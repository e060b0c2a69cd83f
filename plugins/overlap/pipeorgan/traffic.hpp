// File: traffic.hpp
//
// What the stages of one segment send one another and fetch from outside.
#pragma once

#include <imbrex/array_link_params.hpp>
#include <imbrex/design.hpp>
#include <imbrex/pipeline_depth.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace pipeorgan {

struct SegmentTraffic {
  std::vector<std::int64_t> macs;          // per stage
  std::vector<imbrex::SegmentEdge> edges;  // inside
  std::int64_t external_words = 0;         // weights, what enters, what leaves
};

// `segment_of`: by layer of the problem. Stages are the segment's layers in order.
SegmentTraffic segment_traffic(const imbrex::PipelineProblem& problem,
                               std::span<const std::int32_t> segment_of, std::int32_t segment);

// Cycles in which the busiest link on a stage's own ways carries all the words of the segment.
struct LinkCycles {
  std::vector<double> in, out;  // per stage
  double busiest = 0;
};

// The layout with the given shares, as the partitioner would choose it, and its loads.
// Errors: InputError when no layout of the wanted kind has these shares.
LinkCycles link_cycles(const imbrex::ArrayLinkParams& params, const imbrex::Topology& topology,
                       const imbrex::ArrayRates& rates, const SegmentTraffic& traffic,
                       std::span<const std::int64_t> shares);

}  // namespace pipeorgan
