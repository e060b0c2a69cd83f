// Why none of the designs that a search scored is feasible, for a message.
#pragma once

#include <imbrex/toolkit/search/candidates.hpp>

#include <map>
#include <string>

namespace imbrex::search {

// [one thread]
class Lacking {
 public:
  // Blames the first operator of an infeasible design whose mapping does not fit; only the first
  // few designs are looked at.
  void add(const CostModel& cost, const Design& design);
  // "; operator 'x': the least bad needs ..." of the operator that is blamed most often, ties: the
  // first; empty when nobody is.
  std::string text(const Workload& workload) const;

 private:
  struct Blame {
    LeastShortfall least;
    std::int64_t designs = 0;
  };
  std::map<OperatorId, Blame> blamed_;
  std::int64_t designs_ = 0;
};

}  // namespace imbrex::search
