// Runs what an experiment's store does not hold yet.
#pragma once

#include "experiment/local_engine.hpp"
#include "experiment/plan_points.hpp"
#include "experiment/point_run.hpp"
#include "experiment/store.hpp"
#include "experiment/tables.hpp"

#include <string>
#include <vector>

namespace imbrex::experiment {

// A plan that has to run, and why.
struct Task {
  std::size_t plan = 0;
  std::string why;  // "new", "plugin 'x' has changed", "the last run crashed"
};

// What the store says about the plans of an experiment.
class Backlog {
 public:
  // `known`: what is known of the first plans, which are no tasks. Complexity: one file per plan
  // that is not among them is read.
  Backlog(const ExperimentPlan& plan, const plugin::Registry& registry,
          const std::string& imbrex_sha256, const Store& store, Records known = {});

  const std::vector<Task>& tasks() const noexcept { return tasks_; }
  // Forgets the tasks of which `keep` says no.
  void keep_only(FunctionRef<bool(std::size_t plan)> keep);
  // Of all plans: finished ones and the last, unfinished end of others.
  const Records& kept() const noexcept { return kept_; }
  // Complete but for how the run ends.
  const PointRecord& begun(std::size_t plan) const { return begun_[plan]; }

 private:
  std::vector<Task> tasks_;
  Records kept_;
  std::vector<PointRecord> begun_;
};

// Told while the sweep runs, in the order in which runs end. [calling thread]
class SweepListener {
 public:
  virtual void ended(const PointRecord& record, std::size_t over, std::size_t tasks) = 0;
  virtual bool stop() = 0;  // asked ten times a second

 protected:
  ~SweepListener() = default;
};

// Runs the tasks; every record is in the store when its run has ended. Returns the records of all
// plans. The caller must not have other threads. Errors: Error (the disk, no processes).
Records run_backlog(const ExperimentPlan& plan, const Backlog& backlog,
                    const plugin::Registry& registry, run::Checks checks, const Store& store,
                    const EngineOptions& engine, bool stop_on_failure, SweepListener& listener);

}  // namespace imbrex::experiment
