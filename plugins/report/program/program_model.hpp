// From a result to the instructions of every core.
#pragma once

#include <imbrex/values/result.hpp>

#include <vector>

namespace imbrex::program {

enum class Kind : std::uint8_t {
  load_weight,
  write_weight,
  load_data,
  recv_data,
  mvmul,
  store_data
};

struct Instruction {
  std::int64_t core = 0;
  std::int64_t start_ps = 0;
  std::int64_t end_ps = 0;
  Kind kind = Kind::mvmul;
  OperatorId op = OperatorId::none;
  std::int32_t segment = 0;
  std::int64_t copy = 0;
  Interval crossbars;     // of the chip; those of this copy that lie in the core
  std::int64_t step = 0;  // mvmul: the job of this copy
  std::int64_t bits = 0;  // all others: of the whole operator; every copy gets the same
};

// By core, start, kind, operator, copy, step. Copies are placed as everywhere: consecutive units in
// operator order, segment by segment.
std::vector<Instruction> instructions(const Result& result, const Workload& workload,
                                      const Architecture& architecture);

}  // namespace imbrex::program
