// A partitioner or a search at work on one machine, with what it was given and what it left.
#pragma once

#include "run/stage_evaluator.hpp"
#include "stand.hpp"

#include <imbrex/values/result.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace imbrex::conform {

class StageTrial {
 public:
  // Runs the stages that come before the subject, and makes the judge. Requires: a stand of a
  // partitioner or search. Errors: as run_chain; InputError and InfeasibleError mean that the
  // network is nothing for them.
  StageTrial(const Stand& stand, plugin::HostServices& services, std::uint64_t seed);
  StageTrial(const StageTrial&) = delete;
  StageTrial& operator=(const StageTrial&) = delete;

  const Setting& setting() const noexcept { return stand_.setting(); }
  const run::BoundMachine& machine() const noexcept { return *machine_; }
  const OverlapAnalyzer& judge() const noexcept { return *judge_; }
  const Design& start() const noexcept { return start_; }

  struct Left {
    Design design;
    std::vector<Fact> facts;
  };
  // The subject, made anew, on a copy of the start. Errors: as the subject; BlamedError when it
  // states a fact that it does not declare, unless any fact may be stated.
  enum class Facts : bool { any, declared };
  Left run(Facts facts = Facts::any) const;
  // How good the judge finds a design of the machine's workload; infeasible ones are not admitted.
  Score score(const Design& design) const;

 private:
  const Stand& stand_;
  plugin::HostServices& services_;
  std::uint64_t seed_;
  std::shared_ptr<const run::BoundMachine> machine_;
  Design start_;
  plugin::Instance<OverlapAnalyzer> judge_;
};

}  // namespace imbrex::conform
