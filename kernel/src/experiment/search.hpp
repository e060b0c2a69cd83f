// [search] of an experiment: the points that no other one beats. Every point is run where that is
// affordable; else those that a genetic algorithm asks for, a generation at a time, with the axes
// as genes.
#pragma once

#include "evolution/evolve.hpp"
#include "experiment/plan_points.hpp"
#include "experiment/tables.hpp"

#include <string>

namespace imbrex::experiment {

// Whether every point is run: always without a search.
bool runs_every_point(const Experiment& experiment);

// One more table: the front of all points. Nothing for an experiment without a search.
void add_exact_front(ExperimentPlan& plan);

// Most mistakes in levels should not wait for the generation in which they come up: resolves each
// beside the first ones of all other axes; of a long axis 500, from the first one to the last.
// Errors: InputError, as plan_experiment.
void require_levels(const Experiment& experiment, const plugin::Registry& registry);

// "NSGA-II: 20 generations of 32 runs at most, of 4096 points".
std::string search_overview(const Experiment& experiment);

struct SearchOutcome {
  ExperimentPlan plan;  // of the points that came up, in that order
  Records records;
};

// Runs the plans that have no record yet and adds their records, none for those that it did not
// come to. False ends the search.
using RunGeneration = FunctionRef<bool(const ExperimentPlan& plan, Records& records)>;

// A point that is excluded, infeasible or without a number is dominated by all others and is not
// bred from unless nothing better is there. Depends on the experiment and on what the points give,
// on nothing else: a search that was interrupted asks for the same points once more. Errors:
// InputError (as plan_experiment, for combinations that come up; an objective that no point has).
SearchOutcome search_front(Experiment experiment, const plugin::Registry& registry,
                           evolution::Evolve& evolve, RunGeneration run);

// Loads NSGA-II. Errors: InputError that says what is missing.
evolution::Evolve& open_nsga2();

}  // namespace imbrex::experiment
