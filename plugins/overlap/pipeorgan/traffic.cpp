#include "traffic.hpp"

#include <imbrex/error.hpp>

#include <algorithm>

namespace pipeorgan {
namespace {

using imbrex::SegmentEdge;

std::string text_of(std::span<const std::int64_t> values) {
  std::string text;
  for (const std::int64_t value : values) {
    text.append(text.empty() ? "" : ", ").append(std::to_string(value));
  }
  return text;
}

imbrex::SegmentLayout layout_with(const imbrex::ArrayLinkParams& params,
                                  const imbrex::Topology& topology, const imbrex::ArrayRates& rates,
                                  const imbrex::SegmentStages& stages,
                                  std::span<const std::int64_t> shares) {
  const auto kind = imbrex::layout_kind(params, stages.macs.size());
  if (auto best = imbrex::best_layout(topology, stages, rates, kind)) {
    const std::vector<std::int64_t> found = best->layout.shares();
    if (std::equal(found.begin(), found.end(), shares.begin(), shares.end())) {
      return std::move(*best);
    }
  }
  std::string message = "no layout '";
  message.append(imbrex::kLayoutChoiceNames[static_cast<std::size_t>(params.layout)]);
  message.append("' has stages of ").append(text_of(shares));
  message.append(" processing elements: give this analyzer the layout, pattern, topology and ");
  message.append("link_words_per_cycle of imbrex.partition.pipeorgan, or link_words_per_cycle = 0");
  throw imbrex::InputError(message);
}

}  // namespace

SegmentTraffic segment_traffic(const imbrex::PipelineProblem& problem,
                               std::span<const std::int32_t> segment_of, std::int32_t segment) {
  SegmentTraffic result;
  const std::size_t count = problem.layers.size();
  std::vector<std::int32_t> stage(count, -1);
  for (std::size_t i = 0; i < count; ++i) {
    if (segment_of[i] == segment) {
      stage[i] = static_cast<std::int32_t>(result.macs.size());
      result.macs.push_back(problem.layers[i].macs);
      result.external_words += problem.layers[i].weight_words;
    }
  }
  std::vector<bool> leaves(count, false);
  std::vector<bool> fed_inside(count, false);
  std::vector<std::int64_t> enters(count, 0);
  const auto edge = [&](std::size_t from, std::size_t to, std::int64_t words) {
    const std::int32_t producer = stage[from];
    const std::int32_t consumer = to < count ? stage[to] : -1;
    if (producer >= 0 && consumer >= 0) {
      result.edges.push_back({producer, consumer, words});
      fed_inside[to] = true;
    } else if (consumer >= 0) {
      enters[to] += words;
    } else if (producer >= 0) {
      leaves[from] = true;
    }
  };
  for (std::size_t i = 0; i + 1 < count; ++i) {
    if (problem.layers[i].joins_next) {
      edge(i, i + 1, problem.layers[i].handed_words);
    }
  }
  for (const imbrex::SkipTensor& skip : problem.skips) {
    edge(static_cast<std::size_t>(skip.producer), static_cast<std::size_t>(skip.consumer),
         skip.words);
  }
  // A tensor that leaves is written whole; a layer that nothing inside feeds reads all it has.
  for (std::size_t i = 0; i < count; ++i) {
    if (stage[i] >= 0) {
      result.external_words += leaves[i] || i + 1 == count ? problem.layers[i].output_words : 0;
      result.external_words += fed_inside[i] ? enters[i] : problem.layers[i].input_words;
    }
  }
  return result;
}

LinkCycles link_cycles(const imbrex::ArrayLinkParams& params, const imbrex::Topology& topology,
                       const imbrex::ArrayRates& rates, const SegmentTraffic& traffic,
                       std::span<const std::int64_t> shares) {
  LinkCycles result;
  result.in.assign(shares.size(), 0);
  result.out.assign(shares.size(), 0);
  if (traffic.edges.empty() || params.link_words_per_cycle <= 0) {
    return result;
  }
  const imbrex::SegmentStages stages{traffic.macs, traffic.edges, params.pattern};
  const imbrex::SegmentLayout found = layout_with(params, topology, rates, stages, shares);
  result.busiest = found.link_cycles;
  for (const SegmentEdge& edge : traffic.edges) {
    imbrex::FlowSet flows;
    imbrex::add_flows(found.layout, {edge.producer, edge.consumer, params.pattern, 1}, flows);
    const imbrex::LinkLoads own = imbrex::route_flows(topology, flows);
    double words = 0;
    for (std::size_t link = 0; link < own.load.size(); ++link) {
      words = own.load[link] > 0 ? std::max(words, found.loads.load[link]) : words;
    }
    const double cycles = words / params.link_words_per_cycle;
    auto& out = result.out[static_cast<std::size_t>(edge.producer)];
    auto& in = result.in[static_cast<std::size_t>(edge.consumer)];
    out = std::max(out, cycles);
    in = std::max(in, cycles);
  }
  return result;
}

}  // namespace pipeorgan
