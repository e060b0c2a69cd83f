// The work orders of a whole design, and who feeds whom: traces the input of a job back through
// movement operators to the mapped operators that produce it (specification clsa-cim section 6.2).
// Every analyzer, and the simulator, starts here, and everything that changes a time is in it:
// links of floor plans, jobs dealt anew, chains, movement and transfers. Immutable after
// construction; design and machine must outlive it. [any thread]
#pragma once

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/values/design.hpp>
#include <imbrex/values/mapping.hpp>
#include <imbrex/values/work_order.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace imbrex {

// --- What one analysis is asked ------------------------------------------------------------------
//
// What one analysis is asked, as one value that travels with it: how operators that nobody mapped
// are cut, whether the links of floor plans count, and how segments follow one another. An analyzer
// makes the request of its recipe from its parameters; the kernel hands the same request to another
// analyzer, the simulator say, to have the same question answered twice.

enum class SegmentSuccession : std::uint8_t {
  barrier,    // weights, jobs and data of one segment after those of the other
  resources,  // external memory, bus and cores serve what comes first
};

// Behind one tensor of a residual stream all layers before it gather, so that the pairs of layers
// grow with the square of the depth.
inline constexpr std::int64_t kMostGathered = 64;
inline constexpr std::int64_t kAnyNumberGathered = std::int64_t{1} << 62;

struct AnalysisRequest {
  JobShape shape;
  // False: hand-overs of a floor plan arrive at once, whatever the links between elements can do.
  bool links = true;
  SegmentSuccession segments = SegmentSuccession::barrier;
  // Where more mapped producers than this gather behind one tensor, sources leave out those that a
  // nearer one provably waits for itself: no time changes. For whoever needs every reader, to know
  // when space is free say, `kAnyNumberGathered`.
  std::int64_t gathered = kMostGathered;
  friend constexpr bool operator==(const AnalysisRequest&, const AnalysisRequest&) = default;
};

// A region of a mapped operator's output that some job needs, and the delay between the producer
// finishing it and the job seeing it (the producer's completion delay, movement operators on the
// path, the transfer, the first word's way over the links). The producer is the operator itself
// where its jobs are a chain.
struct Source {
  OperatorId producer = OperatorId::none;
  Region region;
  std::int64_t delay_ps = 0;
  friend bool operator==(const Source&, const Source&) = default;
};

// From the tile of `producer` to the tile of `consumer` that are farthest apart, as a WorkGraph of
// the design would charge it; `bits` is left to the caller. O(operators).
IMBREX_API Transfer transfer_between(const Design& design, const Machine& machine,
                                     OperatorId producer, OperatorId consumer);
// Of the outputs of all mapped operators, each sent whole to every mapped operator that it reaches
// through movement operators. O(operators) where the cost model knows that no transfer takes
// energy, else O(pairs).
IMBREX_API double transfer_energy_pj(const Design& design, const Machine& machine);

class IMBREX_API WorkGraph {
 public:
  // Uses searched mappings where the design has them, canonical ones of the request's shape
  // elsewhere; orders dealt anew where the design has them. Errors: InfeasibleError when an
  // operator has no legal mapping, or one that does not follow its chain; InputError when a dealt
  // order is not legal.
  WorkGraph(const Design& design, const Machine& machine, const AnalysisRequest& request);
  // The same for one segment alone: what the operators of the others produce is there from the
  // start. Operators that nobody maps belong to the segment of their latest producer. Errors:
  // InfeasibleError also when an operator of the segment reads what a later one produces.
  WorkGraph(const Design& design, const Machine& machine, const AnalysisRequest& request,
            std::int32_t segment);
  WorkGraph(WorkGraph&&) noexcept;
  ~WorkGraph();

  const Workload& workload() const noexcept;
  const Design& design() const noexcept;
  const Machine& machine() const noexcept;
  const AnalysisRequest& request() const noexcept;
  // Mapped operators, in workload (topological) order.
  std::span<const OperatorId> mapped() const noexcept;
  bool is_mapped(OperatorId op) const noexcept;
  // True for operators outside the segment that this is the graph of: their output is not waited
  // for.
  bool is_there(OperatorId op) const noexcept;
  // What is waited for behind the last jobs: the outputs of the network; of a segment, the tensors
  // made in it that the network yields or that other segments read.
  std::span<const TensorId> outputs() const noexcept;
  const WorkOrder& order(OperatorId mapped_op) const noexcept;
  // The mapping that the order was made of: the design's, or the canonical one.
  const Mapping& mapping(OperatorId mapped_op) const noexcept;
  // Links of a floor plan as rates: every job of both ends of a hand-over takes at least its share
  // of what the busiest link on the way carries, and the first word its hops; nothing queues. False
  // without limited links on the ways, and when the request leaves links out.
  bool has_link_rates() const noexcept;
  // By which links lengthen the jobs of a mapped operator, all together.
  std::int64_t link_stall_ps(OperatorId mapped_op) const noexcept;
  // Some operator's jobs are dealt anew.
  bool has_dealt_orders() const noexcept;
  // The jobs of some operator are a chain (`Operator::chain`).
  bool has_chains() const noexcept;
  // Every position a movement operator writes exists this long after its inputs; 0 for mapped ones.
  std::int64_t movement_ps(OperatorId op) const noexcept;
  // Transfer delay for mapped producer -> mapped consumer, charged once per job that crosses: one
  // whole job of the producer, between the two tiles of their resources that are farthest apart.
  // Zero for pairs that no data path joins, and for those that sources leave out. O(log producers).
  std::int64_t transfer_ps(OperatorId producer, OperatorId consumer) const noexcept;
  // True when no completion, movement, transfer or first word delays anything.
  bool movement_is_free() const noexcept;

  // Reusable memory of `trace`; one per thread.
  struct Scratch {
    std::vector<Source> pending;
  };
  // Appends what the box of a mapped operator needs, latest producer first; network inputs and
  // empty regions contribute nothing, nor does what `AnalysisRequest::gathered` leaves out. A
  // region inside another of the same producer is dropped when its delay is not larger; other
  // regions of one producer may overlap. Visits every (operator, region) on the way once, in
  // reverse topological order, so that of several paths the slowest counts. O(path operators *
  // rank) where ways meet again in the same regions; allocates only until `scratch` and `out` have
  // grown. Errors: InputError when ways that part and meet again need thousands of regions of one
  // operator that no fewer boxes hold.
  void trace(OperatorId mapped_op, const DimBox& box, Scratch& scratch,
             std::vector<Source>& out) const;
  // The same for a region of any tensor, e.g. an output of the network.
  void trace(TensorId tensor, const Region& region, Scratch& scratch,
             std::vector<Source>& out) const;

 private:
  struct IMBREX_LOCAL Impl;
  std::unique_ptr<Impl> impl_;
};

// --- Layers and segments of a design -----------------------------------------------------------

// The mapped operators of a design ("layers") and the data edges between them, through movement
// operators. Operators of different segments are not neighbours: a barrier separates them. Behind
// more than `kMostGathered` layers only those are neighbours that nothing nearer reads already, as
// `AnalysisRequest::gathered` has it.
struct LayerGraph {
  std::vector<OperatorId> layers;                   // workload (topological) order
  std::vector<std::vector<std::size_t>> producers;  // positions in `layers`, ascending
  std::vector<std::vector<std::size_t>> consumers;  // the same edges seen from their sources
};
IMBREX_API LayerGraph layer_graph(const Design& design, const CostModel& cost);

// The segment of every operator: its placement's for operators that the cost model maps, the latest
// producer's for all others, the first one's where no mapped operator comes before. O(operators).
IMBREX_API IndexVector<OperatorId, std::int32_t> operator_segments(const Design& design,
                                                                   const CostModel& cost);

// Segments that hold mapped operators, ascending, each once.
IMBREX_API std::vector<std::int32_t> segment_numbers(const Design& design, const CostModel& cost);

}  // namespace imbrex
