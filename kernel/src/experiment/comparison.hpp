// What is better, worse or other in one result than in another.
#pragma once

#include "experiment/comparand.hpp"
#include "experiment/tables.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::experiment {

// A row per quantity that any of them has: every value, and for all but the first how many per cent
// more or less than the first it is, marked "better" or "worse" where its direction is known.
Table compare_quantities(const std::vector<Comparand>& sides, bool only_changed);
// A row per setting that differs.
Table compare_settings(const std::vector<Comparand>& sides);
// A row per operator, those first whose duration differs most between any two; at most `most`.
Table compare_operators(const std::vector<Comparand>& sides, std::size_t most);

// "latency>+1%": no later side may have more than 1 per cent more than the first.
struct Limit {
  std::string quantity;
  bool above = true;  // fails when the change is above `percent`, otherwise when it is below
  double percent = 0;
  std::string text;
};
// "latency_ps>+1%", "speedup<-0.5%", "energy_pj>0". Errors: InputError.
Limit read_limit(std::string_view text);
// What breaks the limit, a line per side; empty when nothing does. A quantity may be named without
// its unit. Errors: InputError (no side has the quantity).
std::vector<std::string> broken_by(const Limit& limit, const std::vector<Comparand>& sides);

}  // namespace imbrex::experiment
