// Placements of operators, read from the texts that a recipe gives. [one thread]
#pragma once

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/values/decision_text.hpp>

#include <string>
#include <vector>

namespace imbrex::given_placement {

// What a text says without knowing operators: its last two words. Errors: InputError quoting the
// text, with the form that was expected.
void require_forms(const std::vector<std::string>& placements);

// Changes the placements that the texts name, in their order; says how many operators they name.
// Errors: InputError quoting the text, for unknown operators (with the nearest name) and for those
// that own no resources.
std::int64_t place(const std::vector<std::string>& placements, const CostModel& cost,
                   Design& design);

// What a person can give and no chip can do: too few units for the copies, units beyond the last
// one, units that two operators own, producers in later segments than their consumers, several
// segments where weights are written once. Errors: InfeasibleError naming the operators and both
// values.
void require_possible(const Design& design, const CostModel& cost,
                      const Architecture& architecture);

}  // namespace imbrex::given_placement
