#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/segments/apply_segments.hpp>
#include <imbrex/values/segments.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace imbrex::segments {
namespace {

// The segments of one operator's slices, and where its channels are cut between them.
struct Pieces {
  std::vector<std::int32_t> segments;  // ascending; empty: the operator has no units
  std::vector<std::int64_t> cuts;
};

std::vector<Pieces> pieces_of(const Design& design, const UnitSequence& units,
                              std::span<const std::int32_t> ends) {
  std::vector<Pieces> pieces(design.workload().operators().size());
  std::size_t segment = 0;
  for (std::size_t u = 0; u < units.units.size(); ++u) {
    while (static_cast<std::int32_t>(u) >= ends[segment]) {
      ++segment;
    }
    Pieces& mine = pieces[index(units.units[u].op)];
    const auto number = static_cast<std::int32_t>(segment);
    if (mine.segments.empty()) {
      mine.segments.push_back(number);
    } else if (mine.segments.back() != number) {
      mine.segments.push_back(number);
      mine.cuts.push_back(units.units[u].channels.begin);
    }
  }
  return pieces;
}

void check(const Design& design, const UnitSequence& units, std::span<const std::int32_t> ends) {
  IMBREX_ASSERT(units.workload == &design.workload());
  IMBREX_ASSERT(!ends.empty() && ends.front() > 0);
  IMBREX_ASSERT(std::is_sorted(ends.begin(), ends.end(), std::less_equal<>()));
  IMBREX_ASSERT(ends.back() == static_cast<std::int32_t>(units.units.size()));
}

// Slices of split operators become operators of a new design; returns where each operator went.
std::vector<OperatorId> split(Design& design, const std::vector<Pieces>& pieces) {
  std::vector<ChannelCuts> cuts;
  std::vector<OperatorId> image;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    image.push_back(operator_id(i));
    if (!pieces[i].cuts.empty()) {
      cuts.push_back({operator_id(i), pieces[i].cuts});
    }
  }
  if (cuts.empty()) {
    return image;
  }
  SplitWorkload rewritten = split_channels(design.workload(), cuts);
  Design next(std::make_shared<const Workload>(std::move(rewritten.workload)));
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const OperatorId old = operator_id(i);
    const OperatorId first = rewritten.image[i];
    if (pieces[i].cuts.empty()) {
      next.placement(first) = design.placement(old);
      next.mapping(first) = design.mapping(old);
      continue;
    }
    for (std::size_t k = 0; k < pieces[i].segments.size(); ++k) {
      Placement& slice = next.placement(operator_id(index(first) + k));
      slice.copies = design.placement(old).copies;
      slice.dealing = design.placement(old).dealing;
    }
  }
  design = std::move(next);
  return std::move(rewritten.image);
}

void join_latest_producer(Design& design, OperatorId id) {
  std::int32_t segment = 0;
  for (const TensorId input : design.workload().at(id).inputs) {
    const OperatorId producer = design.workload().at(input).producer;
    if (producer != OperatorId::none) {
      segment = std::max(segment, design.placement(producer).segment);
    }
  }
  design.placement(id).segment = segment;
}

}  // namespace

void apply_segments(Design& design, const UnitSequence& units, std::span<const std::int32_t> ends) {
  check(design, units, ends);
  const std::vector<Pieces> pieces = pieces_of(design, units, ends);
  const std::vector<OperatorId> image = split(design, pieces);
  design.timeline().reset();
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const std::vector<std::int32_t>& segments = pieces[i].segments;
    for (std::size_t k = 0; k < segments.size(); ++k) {
      design.placement(operator_id(index(image[i]) + k)).segment = segments[k];
    }
    if (segments.size() != 1) {  // no units, or the concatenation behind the slices
      join_latest_producer(design, operator_id(index(image[i]) + segments.size()));
    }
  }
}

}  // namespace imbrex::segments
