// The slow twin of the cost model: it walks every step and every MAC of a lane and counts what it
// meets. Prices are those of the test's chip: prime, so that no term hides another.
#pragma once

#include "bit_serial_model.hpp"

#include <cstdint>

namespace imbrex::bit_serial {

// Whether banks hold what they touch, or the box around it (which matters where it has holes).
enum class Hold { touched, box };

struct Twin {
  std::int64_t rows = 0;
  std::int64_t step_ps = 0;
  std::int64_t completion_ps = 0;
  std::int64_t steps = 0;
  double energy_pj = 0;
};

Twin twin(const Workload& workload, OperatorId id, const Mapping& mapping, const Options& options,
          Hold hold);

}  // namespace imbrex::bit_serial
