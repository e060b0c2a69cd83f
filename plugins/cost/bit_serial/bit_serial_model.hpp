// What a loop nest costs on banks that compute bit by bit (specification fast-overlapim section
// 2.3). Integer arithmetic on plain data; no allocation after `prepare`. [any thread]
//
// Loops by level: 0 channel, 1 bank (both outer, temporal or spatial), 2 lane (spatial), 3 sequence
// (temporal, inside a lane).
//
// Where the specification leaves room:
//   - bits_in differs from step to step; its mean over the steps, rounded up, is charged in every
//     step, so that the sum is right and all jobs of an operator last equally long;
//   - reductions across lanes and banks are paid for every output that a lane holds in a job;
//   - accumulators count while their output waits for more contributions;
//   - constant weights stay in their lanes for good and are not moved.
#pragma once

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/values/architecture.hpp>
#include <imbrex/values/design.hpp>
#include <imbrex/values/work_order.hpp>
#include <imbrex/values/workload.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace imbrex::bit_serial {

inline constexpr std::uint8_t kChannelLevel = 0;
inline constexpr std::uint8_t kBankLevel = 1;
inline constexpr std::uint8_t kLaneLevel = 2;
inline constexpr std::uint8_t kSequenceLevel = 3;

struct Options {
  bool double_buffering = false;
  std::int64_t accumulator_bits = 32;
  std::int64_t scratch_rows = 32;
  bool imperfect = false;
  std::vector<std::string> constraints{};
};

struct OperationPrice {
  std::int64_t latency_ps = 0;
  double energy_pj = 0;
};

// The numbers of the architecture that the model needs, looked up once.
struct Hardware {
  std::int64_t channels = 0;
  std::int64_t banks_per_channel = 0;
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::int64_t access_ps = 0;
  std::int64_t channel_bits_per_us = 0;  // 0: unbounded
  std::int64_t bank_bits_per_us = 0;     // 0: unbounded
  double move_energy_pj_per_bit = 0;     // between lanes and channel
};
// Errors: InputError when the architecture does not compute bit-serially in banks.
Hardware hardware_of(const Architecture& architecture);
// Errors: InputError when the table has no such entry.
OperationPrice price_of(const Architecture& architecture, OperationKind kind, std::int64_t bits);

// The part of the memory an operator owns: channels x banks in each.
struct Slice {
  std::int64_t channels = 1;
  std::int64_t banks = 1;
};
// At most one channel: 1 x units. More: whole channels (a part of one is not used).
Slice slice_of(const Placement& placement, std::int64_t default_units,
               const Hardware& hardware) noexcept;

// One coordinate of an operand, or one of two independent parts of it.
struct OperandAxis {
  std::array<std::size_t, 2> dim{0, 0};
  std::array<std::int64_t, 2> factor{0, 0};
  std::int64_t divisor = 1;
  std::int64_t extent = 1;  // of the tensor
};
struct Operand {
  std::array<OperandAxis, 2 * kMaxRank> axes{};
  std::size_t axis_count = 0;
  std::int64_t bits = 8;
};

// Everything about one operator that does not depend on the mapping.
struct PreparedOperator {
  bool mappable = false;
  LoopBounds bounds;
  // MACs that are needed over the iterations of the loop nest: zeros that a transposed convolution
  // inserts are left out, its outputs dealt to lanes phase by phase.
  double work_share = 1;
  std::optional<Dim> chain;  // `Operator::chain`
  std::array<Operand, 2> operands{};
  std::size_t operand_count = 0;
  bool stationary_weights = false;
  std::int64_t weight_bits = 8;
  std::int64_t output_bits = 8;
  OperationPrice mac;     // multiply, add to the accumulator
  OperationPrice reduce;  // shift to another lane, add
  OperationPrice add;     // of accumulators
};
PreparedOperator prepare(const Workload& workload, OperatorId id, const Architecture& architecture,
                         const Options& options);

struct NestCost {
  Verdict verdict = Verdict::feasible;
  std::int64_t steps = 0;          // N_T
  std::int64_t step_ps = 0;        // tau
  std::int64_t completion_ps = 0;  // delta_red
  std::int64_t completions = 1;    // that nothing hides: of every step of a chain, else the last
  std::int64_t rows = 0;           // of one lane; set whenever the nest itself is legal
  double energy_pj = 0;
  std::int64_t latency_ps() const noexcept {
    return bounded_sum_ps(bounded_ps(steps, step_ps), bounded_ps(completions, completion_ps));
  }
};
// `unsupported`: a loop where none belongs, or job_extent is not what the inner loops make.
// `infeasible`: a fan-out or the rows of a lane are exceeded; the cost is what it would be.
// That the loops cover the operator is `mapping_verdict`'s to check.
NestCost cost_of(const PreparedOperator& op, const Mapping& mapping, const Slice& slice,
                 const Hardware& hardware, const Options& options) noexcept;
// Why `cost_of` calls the mapping infeasible: channels, banks of a channel, lanes, rows of a lane,
// the first that it exceeds. Empty when it does not.
std::optional<Shortfall> shortfall_of(const PreparedOperator& op, const Mapping& mapping,
                                      const Slice& slice, const Hardware& hardware,
                                      const Options& options) noexcept;

// Whether the architecture states any energy that these costs are made of.
bool models_energy(const Architecture& architecture) noexcept;

}  // namespace imbrex::bit_serial
