// A cost model with a small map space, every number of which is a hash of the mapping: that is what
// the fields of the kit cannot say.
#pragma once

#include "fakes/cost_model.hpp"

#include <cstdint>
#include <vector>

namespace imbrex::test {

inline std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15ull;
  return hash ^ (hash >> 31);
}

class HashedCost final : public FakeCostModel {
 public:
  HashedCost(const Workload& workload, std::uint64_t seed) : FakeCostModel(workload), seed_(seed) {}

  std::uint64_t refuse_one_in = 5;  // 0: none
  std::vector<FactorConstraint> constraints;
  bool one_way = false;  // no map space
  // Whether the canonical mapping, one job without loops, is none of the map space; otherwise it is
  // the one whose loops are all inside the job.
  bool canonical_outside = false;
  bool canonical_is_free = false;  // otherwise it is worse than all others

  std::uint64_t hash(OperatorId op, const Mapping& mapping) const {
    std::uint64_t value = mix(seed_, index(op));
    for (const Loop& loop : mapping.all_loops()) {
      value = mix(mix(value, index(loop.dim)), static_cast<std::uint64_t>(loop.bound));
    }
    return mix(value, mapping.outer);
  }
  bool canonical(const Mapping& mapping) const {
    return canonical_outside || one_way ? mapping.count == 0 : mapping.outer == 0;
  }

  LayerCost cost_of(OperatorId op, const Mapping& mapping) const {
    if (canonical(mapping) && canonical_is_free) {
      return {Verdict::feasible, 1, 0};
    }
    if (canonical(mapping) && refuse_one_in != 1) {
      return {Verdict::feasible, 2000, 2000};
    }
    const std::uint64_t value = hash(op, mapping);
    const bool refused = refuse_one_in != 0 && value % refuse_one_in == 0;
    return {refused ? Verdict::infeasible : Verdict::feasible,
            static_cast<std::int64_t>(100 + (value >> 8) % 900),
            static_cast<double>(100 + (value >> 32) % 900)};
  }
  void evaluate(OperatorId op, const Placement&, std::span<const Mapping> mappings,
                std::span<LayerCost> out) const override {
    for (std::size_t i = 0; i < mappings.size(); ++i) {
      out[i] = cost_of(op, mappings[i]);
    }
  }
  Mapping canonical_mapping(OperatorId id, const Placement&, const JobShape&) const override {
    Mapping mapping;
    mapping.job_extent = workload().at(id).bounds.bound;
    for (std::size_t d = 0; d < kDimCount && !canonical_outside && !one_way; ++d) {
      if (mapping.job_extent[d] > 1) {
        mapping.loops[mapping.count++] = {static_cast<Dim>(d), LoopKind::temporal, 1,
                                          mapping.job_extent[d]};
      }
    }
    return mapping;
  }
  // With K = P = 4: 13 mappings (3 x 3 outer factors, both orders where both are loops).
  MapSpaceSpec map_space(OperatorId op, const Placement&) const override {
    MapSpaceSpec spec;
    if (one_way) {
      return spec;
    }
    spec.bounds = workload().at(op).bounds;
    MapSlot steps;
    steps.name = "steps";
    steps.dims = dim_bit(Dim::K) | dim_bit(Dim::P);
    MapSlot inside;
    inside.name = "inside";
    inside.level = 1;
    inside.outer = false;
    inside.ordered = false;
    spec.slots = {steps, inside};
    spec.factors = constraints;
    return spec;
  }

 private:
  std::uint64_t seed_;
};

}  // namespace imbrex::test
