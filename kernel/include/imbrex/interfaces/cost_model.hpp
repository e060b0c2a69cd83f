// What a piece of work costs on the architecture. Batches wherever a search calls it; nothing is
// allocated per item. All methods const and concurrent. [any thread] The kernel checks what they
// return before anybody sees it: times from 0 to below 2^53 ps, finite energies from 0 on, demands
// from 0 on; anything else ends the run in the cost model's name, whoever called.
#pragma once

#include <imbrex/values/architecture.hpp>
#include <imbrex/values/design.hpp>
#include <imbrex/values/map_space_spec.hpp>
#include <imbrex/values/mapping.hpp>
#include <imbrex/values/work_order.hpp>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex {

struct LayerCost {
  Verdict verdict = Verdict::feasible;
  std::int64_t latency_ps = 0;  // alone, all inputs present
  double energy_pj = 0;         // 0: not modelled
};

// Why a mapping is infeasible: the first capacity it exceeds. `level` and `unit` live as long as
// the cost model.
struct Shortfall {
  std::string_view level;  // e.g. "bank row buffer"
  std::string_view unit;   // singular, e.g. "bit"
  std::int64_t needed = 0;
  std::int64_t available = 0;
};

// Accesses of one tensor at one level over a whole run of the layer, all instances together.
struct TensorAccesses {
  std::string_view level;   // lives as long as the cost model, as `tensor`
  std::string_view tensor;  // "weights", "inputs", "outputs", "partial sums"
  std::int64_t word_bits = 0;
  std::int64_t tile_words = 0;  // held by one instance at a time
  double read_words = 0;
  double written_words = 0;
};

// What a layer does while it runs alone, in words for people.
struct LayerAccount {
  std::string bound_by;                  // "compute", or a level and its port: "DRAM read"
  std::vector<TensorAccesses> accesses;  // by level, outermost first
};

// What surrounds the work of one segment, once per batch, whoever analyses it.
struct SegmentOverhead {
  std::int64_t weight_load_ps = 0;   // external memory -> cores
  std::int64_t weight_write_ps = 0;  // into the crossbars, after the load
  std::int64_t data_ps = 0;          // loads, stores and bus traffic of the whole batch
  // What runs beside the jobs: words to and from external memory, and through the buffer that all
  // share. From the start of work to the start of `data_ps` a segment takes at least the longer.
  std::int64_t external_ps = 0;
  std::int64_t buffer_ps = 0;
  std::int64_t weight_bits = 0;
  std::int64_t load_bits = 0;   // data read at the segment's entry, whole batch
  std::int64_t store_bits = 0;  // data written at its exit, whole batch
  double energy_pj = 0;         // of all of the above; compute is not in it

  // From the first job on to the end of the last, given what the jobs take by themselves.
  constexpr std::int64_t work_ps(std::int64_t jobs_ps) const noexcept {
    return std::max({jobs_ps, external_ps, buffer_ps});
  }
  constexpr bool takes_time() const noexcept {
    return weight_load_ps != 0 || weight_write_ps != 0 || data_ps != 0 || external_ps != 0 ||
           buffer_ps != 0;
  }
};

struct UnitSequence;  // <imbrex/values/segments.hpp>
struct UnitSpan;
struct SegmentCost;

// Resources that an operator owns: its slice, or what its copies need.
constexpr std::int64_t owned_units(const Placement& placement, const Demand& one_copy) noexcept {
  return placement.units > 0 ? placement.units : one_copy.units * placement.copies;
}

// Data on its way from one operator's resources to another's.
struct Transfer {
  OperatorId from = OperatorId::none;
  OperatorId to = OperatorId::none;
  std::int64_t from_tile = 0;  // index in the tile grid, row-major
  std::int64_t to_tile = 0;
  std::int64_t bits = 0;
};
struct TransferCost {
  std::int64_t latency_ps = 0;
  double energy_pj = 0;
};

class IMBREX_API CostModel {
 public:
  virtual ~CostModel();
  // Resources of one copy. `mappable == false`: a movement operator for this architecture.
  virtual Demand demand(OperatorId op) const = 0;
  // Whether the energies that `evaluate` gives mean anything with the parameters at hand;
  // objectives of energy are refused otherwise. Default: false.
  virtual bool models_energy() const;
  // out.size() == mappings.size().
  virtual void evaluate(OperatorId op, const Placement& placement,
                        std::span<const Mapping> mappings, std::span<LayerCost> out) const = 0;
  // Explains a mapping that `evaluate` calls infeasible. Default: nothing to say.
  virtual std::optional<Shortfall> shortfall(OperatorId op, const Placement& placement,
                                             const Mapping& mapping) const;
  // What is accessed under a feasible mapping, and what bounds its time. For results, not for
  // searches: may allocate. Default: not modelled.
  virtual std::optional<LayerAccount> account(OperatorId op, const Placement& placement,
                                              const Mapping& mapping) const;
  // What the hardware does when nobody searched: the loop nest whose jobs have the given shape.
  virtual Mapping canonical_mapping(OperatorId op, const Placement& placement,
                                    const JobShape& shape) const = 0;
  // The space a search may choose mappings from. Default: no slots, that is, only the canonical
  // mapping exists (crossbars compute one way).
  virtual MapSpaceSpec map_space(OperatorId op, const Placement& placement) const;
  // Duration of the jobs of a mapping, and whether its servers advance together.
  virtual JobClock job_clock(OperatorId op, const Placement& placement,
                             const Mapping& mapping) const = 0;
  virtual bool lock_step() const noexcept = 0;
  // Delay a movement operator adds between its inputs and its output, per position.
  virtual std::int64_t movement_ps(OperatorId op) const = 0;
  virtual void transfer(std::span<const Transfer> transfers, std::span<TransferCost> out) const = 0;
  // Admissible: never above what `evaluate` gives for any mapping with this placement.
  virtual std::int64_t lower_bound_ps(OperatorId op, const Placement& placement) const = 0;

  // Networks larger than the chip (specification compass section 7). Estimates what it takes to
  // have the units of each span resident together and run the batch through them; pure, so that
  // results may be kept. out.size() == spans.size(). Default: every verdict is `unsupported`.
  virtual void evaluate_segments(const UnitSequence& units, std::span<const UnitSpan> spans,
                                 std::span<SegmentCost> out) const;
  // How many copies of each unit of the span those estimates assume; units of one operator have
  // equally many. Spans must be feasible; out.size() == span.end - span.begin. Default: one each.
  virtual void segment_copies(const UnitSequence& units, UnitSpan span,
                              std::span<std::int64_t> out) const;
  // What an analysis charges around the jobs of a segment. Default: nothing.
  virtual SegmentOverhead segment_overhead(const Design& design, std::int32_t segment) const;
  // What `transfer` says at most of so many bits or fewer, whoever sends them and however far, so
  // that not every pair of a large network has to be asked. Default: nobody knows, INT64_MAX ps and
  // infinite energy.
  virtual TransferCost most_transfer(std::int64_t bits) const;
  // How it counts the mappings of its map spaces, where `evaluate` charges a layer nothing else.
  // Default: nobody knows, and no search can prove that a mapping is the best one.
  virtual std::optional<NestCounting> nest_counting() const;
};

// --- Machine -------------------------------------------------------------------------------------
//
// The hardware and the network that a design is laid out on, as one value: an architecture and a
// cost model bound to one workload. Views; copied freely. Whoever owns the three outlives it.
// [any thread]

class Machine {
 public:
  Machine(const Workload& workload, const Architecture& architecture,
          const CostModel& cost) noexcept
      : workload_(&workload), architecture_(&architecture), cost_(&cost) {}

  const Workload& workload() const noexcept { return *workload_; }
  const Architecture& architecture() const noexcept { return *architecture_; }
  const CostModel& cost() const noexcept { return *cost_; }

 private:
  const Workload* workload_;
  const Architecture* architecture_;
  const CostModel* cost_;
};

}  // namespace imbrex
