// Loop nests of operators, read from the texts that a recipe gives. [one thread]
#pragma once

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/values/decision_text.hpp>

#include <map>
#include <string>
#include <vector>

namespace imbrex::given_mapping {

struct GivenTexts {
  std::vector<std::string> loops;        // "OPERATOR LEVEL temporal|spatial DIMENSION BOUND"
  std::vector<std::string> outer;        // "OPERATOR COUNT"
  std::vector<std::string> job_extents;  // "OPERATOR DIMENSION EXTENT"
};

// What the texts say without knowing operators and levels: their last words. Errors: InputError
// quoting the text, with the form that was expected.
void require_forms(const GivenTexts& texts);

// The nest of every operator that `loops` names, with the placements of the design. Loops of bound
// 1 are dropped; where the order of loops in a slot means nothing, dimensions ascend.
// Errors: InputError quoting the text, for unknown operators and levels (with the nearest name),
// for operators that compute nothing, and for nests that do not cover their operator.
std::map<OperatorId, Mapping> read_nests(const GivenTexts& texts, const Design& design,
                                         const Architecture& architecture, const CostModel& cost);

}  // namespace imbrex::given_mapping
