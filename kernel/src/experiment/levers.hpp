// What could be changed in a plan to move its makespan, told by what its components declare: no
// component is known here by name. sdk/docs/explain.md says the rules to a user.
#pragma once

#include "recipe/plan.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::experiment {

// One parameter, or one element of an array, and the values it may take instead.
struct Lever {
  std::string key;  // as --set wants it: "architecture.extra_pes"
  // An amount of units, the least larger one of which is searched for: from `amount` up to `most`.
  bool is_amount = false;
  std::int64_t amount = 0;
  std::int64_t most = 0;
  std::string before;  // around an amount that is an element of an array: "[16,"
  std::string behind;
  bool is_component = false;        // the values are components
  std::vector<std::string> values;  // else: these, in this order

  // "architecture.extra_pes=42"
  std::string setting(std::string_view value) const;
  std::string setting(std::int64_t amount) const;
};

// Of the architecture, the cost model and the stages, in the order of the recipe and of
// declaration. `resource`: what placements own, as the architecture calls it ("PE"): levers that
// may shorten the makespan; none: of a recipe that is infeasible.
//   hardware (architecture, cost): integers grow, rates ("bit/ns") grow and their inverses
//     ("ns/B") shrink, twice by a factor of 2; times, energies and zeros, which stand for something
//     else, stay; an architecture's other choices.
//   stages: other choices; numbers by a factor of 2 up and down.
// Integers of the architecture whose unit is `resource` are amounts; of an infeasible recipe all
// integers of the hardware that may grow, and a partitioner may be any other of `components`.
// Truth values stay: they say what is modelled. Every value is within the declared range.
std::vector<Lever> levers_of(const recipe::ResolvedPlan& plan,
                             std::span<const Component* const> components,
                             const std::optional<std::string>& resource);

}  // namespace imbrex::experiment
