// What surrounds the products of a segment of a design.
#pragma once

#include "segment_estimate.hpp"

#include <imbrex/toolkit/segments/segment_traffic.hpp>
#include <imbrex/values/design.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace imbrex::crossbar_cost {

// Analyses ask for the segments of one design one after another, and what crosses their borders is
// the same computation for all: the last answer is kept. [any thread]
class DesignTraffic {
 public:
  SegmentOverhead overhead(const Design& design, std::int32_t segment,
                           const Architecture& architecture) const;

 private:
  struct Known {
    std::shared_ptr<const Workload> workload;
    std::vector<segments::ChannelHome> homes;  // operators on crossbars, whole, and their segments
    std::map<std::int32_t, std::vector<OperatorId>> operators;  // of each segment
    std::unique_ptr<segments::SliceTraffic> traffic;
    bool is_of(const Design& design) const;
  };
  std::shared_ptr<const Known> known(const Design& design) const;

  mutable std::mutex mutex_;
  mutable std::shared_ptr<const Known> last_;
};

}  // namespace imbrex::crossbar_cost
