#include "run/operator_admission.hpp"

#include "run/mapping_admission.hpp"

#include <imbrex/values/map_space_spec.hpp>
#include <imbrex/values/work_order.hpp>

#include <array>
#include <mutex>

namespace imbrex::run {
namespace {

// A table of fixed size: a verdict that another one has pushed out is found again.
constexpr std::size_t kEntries = 4096;
constexpr std::size_t kLocks = 64;

class Hash {
 public:
  void add(std::uint64_t value) noexcept {
    value_ = (value_ ^ value) * 0x9e3779b97f4a7c15ull;
    value_ ^= value_ >> 29;
  }
  void add(std::int64_t value) noexcept { add(static_cast<std::uint64_t>(value)); }
  void add(const Placement& placement) noexcept {
    add(static_cast<std::int64_t>(placement.segment));
    add(placement.copies);
    add(placement.units);
    add(static_cast<std::uint64_t>(placement.dealing));
    add(placement.first_unit);
  }
  void add(const Mapping& mapping) noexcept {
    for (const Loop& loop : mapping.all_loops()) {
      add(loop.bound);
      add((std::uint64_t{index(loop.dim)} << 16) | (static_cast<std::uint64_t>(loop.kind) << 8) |
          loop.level);
    }
    for (const std::int64_t extent : mapping.job_extent) {
      add(extent);
    }
    add(std::uint64_t{mapping.outer});
  }
  std::uint64_t value() const noexcept { return value_; }

 private:
  std::uint64_t value_ = 0x243f6a8885a308d3ull;
};

// Loops beyond the count mean nothing.
bool same_nest(const Mapping& a, const Mapping& b) noexcept {
  return a.count == b.count && a.outer == b.outer && a.job_extent == b.job_extent &&
         std::equal(a.all_loops().begin(), a.all_loops().end(), b.all_loops().begin());
}

}  // namespace

bool breaks_contract(OperatorFault fault) noexcept {
  switch (fault) {
    case OperatorFault::none:
    case OperatorFault::refused:
    case OperatorFault::canonical_missing:
    case OperatorFault::canonical_constraint:
    case OperatorFault::canonical_refused:
      return false;
    default:
      break;
  }
  return true;
}

struct OperatorAdmission::Kept {
  struct Entry {
    OperatorId op = OperatorId::none;
    Placement placement;
    bool is_mapped = false;
    Mapping mapping;
    std::shared_ptr<const DealtOrder> dealt;
    OperatorFault fault = OperatorFault::none;

    bool is_of(const Design& design, OperatorId id) const noexcept {
      const std::optional<Mapping>& other = design.mapping(id);
      return op == id && is_mapped == other.has_value() && placement == design.placement(id) &&
             dealt == design.dealt_order(id) && (!is_mapped || same_nest(mapping, *other));
    }
  };
  std::array<Entry, kEntries> entries;
  std::array<std::mutex, kLocks> locks;
};

OperatorAdmission::OperatorAdmission(const BoundMachine& machine, const JobShape& shape)
    : machine_(machine),
      shape_(shape),
      plain_(machine.workload().operators().size()),
      elastic_(machine.workload().operators().size()) {}
OperatorAdmission::~OperatorAdmission() = default;

OperatorFault OperatorAdmission::fault(const Design& design, OperatorId op, bool whole) const {
  const Placement& placement = design.placement(op);
  if (design.mapping(op) || design.dealt_order(op) != nullptr || placement != Placement{}) {
    if (const OperatorFault wrong = placement_fault(op, placement); wrong != OperatorFault::none) {
      return wrong;
    }
    const bool decided = design.mapping(op).has_value() || design.dealt_order(op) != nullptr;
    return whole || decided ? kept_fault(design, op) : OperatorFault::none;
  }
  if (!whole) {
    return OperatorFault::none;
  }
  std::atomic<std::uint8_t>& known = plain_[op];
  if (known.load(std::memory_order_relaxed) == 0) {
    known.store(static_cast<std::uint8_t>(static_cast<unsigned>(find_fault(design, op)) + 1),
                std::memory_order_relaxed);
  }
  return static_cast<OperatorFault>(known.load(std::memory_order_relaxed) - 1);
}

OperatorFault OperatorAdmission::placement_fault(OperatorId op, const Placement& placement) const {
  if (placement.copies < 1) {
    return OperatorFault::copies;
  }
  if (placement.segment < 0) {
    return OperatorFault::segment;
  }
  if (placement.dealing > Dealing::strip_h) {
    return OperatorFault::dealing;
  }
  std::int64_t needed = 0;
  if (__builtin_mul_overflow(placement.copies, machine_.cost().demand(op).units, &needed) ||
      placement.units < 0 ||
      (placement.units > 0 && placement.units < needed &&
       (placement.units < placement.copies || !is_elastic(op)))) {
    return OperatorFault::units;
  }
  const auto pools = machine_.architecture().resources;
  const std::int64_t owned = placement.units > 0 ? placement.units : needed;
  if (placement.first_unit < -1 || (placement.first_unit >= 0 && !pools.empty() &&
                                    placement.first_unit > pools.front().count - owned)) {
    return OperatorFault::range;
  }
  return machine_.workload().at(op).chain && placement.copies > 1 ? OperatorFault::chain_copies
                                                                  : OperatorFault::none;
}

// Where there is a space of mappings, the cost model lays loops out on what an operator owns, be it
// less than it would like; its verdict says whether that is enough. Asked about few operators, but
// about those again and again.
bool OperatorAdmission::is_elastic(OperatorId op) const {
  std::atomic<std::uint8_t>& known = elastic_[op];
  if (known.load(std::memory_order_relaxed) == 0) {
    const bool elastic = !machine_.cost().map_space(op, Placement{}).slots.empty();
    known.store(elastic ? 2 : 1, std::memory_order_relaxed);
  }
  return known.load(std::memory_order_relaxed) == 2;
}

OperatorFault OperatorAdmission::kept_fault(const Design& design, OperatorId op) const {
  Hash hash;
  hash.add(static_cast<std::uint64_t>(index(op)));
  hash.add(design.placement(op));
  if (const std::optional<Mapping>& mapping = design.mapping(op)) {
    if (mapping->count > kMaxLoops || mapping->outer > mapping->count) {
      return OperatorFault::loops;  // not even hashed: loops beyond the array
    }
    hash.add(*mapping);
  }
  std::call_once(made_, [this] { kept_ = std::make_unique<Kept>(); });
  const std::size_t place = hash.value() % kEntries;
  std::mutex& mutex = kept_->locks[place % kLocks];
  {
    const std::lock_guard lock(mutex);
    if (kept_->entries[place].is_of(design, op)) {
      return kept_->entries[place].fault;
    }
  }
  const OperatorFault fault = find_fault(design, op);
  const std::lock_guard lock(mutex);
  Kept::Entry& entry = kept_->entries[place];
  entry.op = op;
  entry.placement = design.placement(op);
  entry.is_mapped = design.mapping(op).has_value();
  entry.mapping = design.mapping(op).value_or(Mapping{});
  entry.dealt = design.dealt_order(op);
  entry.fault = fault;
  return fault;
}

OperatorFault OperatorAdmission::find_fault(const Design& design, OperatorId op) const {
  const Placement& placement = design.placement(op);
  Mapping mapping;
  OperatorFault fault = OperatorFault::none;
  if (design.mapping(op)) {
    mapping = *design.mapping(op);
    fault = mapping_fault(op, placement, mapping);
  } else {
    try {
      mapping = machine_.cost().canonical_mapping(op, placement, shape_);
    } catch (const InfeasibleError&) {
      return OperatorFault::canonical_missing;
    }
    fault = canonical_fault(op, placement, mapping);
  }
  return fault == OperatorFault::none ? dealt_fault(design, op, mapping) : fault;
}

OperatorFault OperatorAdmission::mapping_fault(OperatorId op, const Placement& placement,
                                               const Mapping& mapping) const {
  const Operator& what = machine_.workload().at(op);
  if (mapping_verdict(what, mapping) != Verdict::feasible) {
    return OperatorFault::loops;
  }
  if (placement.copies > 1 && !has_grid(what, placement, mapping)) {
    return OperatorFault::nest_copies;
  }
  if (what.chain && !follows_chain(mapping, *what.chain)) {
    return OperatorFault::chain_loops;
  }
  const MapSpaceSpec space = machine_.cost().map_space(op, placement);
  if (space.slots.empty() || !in_map_space(space, mapping)) {
    if (!obeys_constraints(space, mapping)) {
      return OperatorFault::constraint;
    }
    if (!is_uneven_nest(space, mapping) &&
        !is_canonical(machine_.cost(), what, op, placement, mapping)) {
      return OperatorFault::space;
    }
  }
  return accepts(machine_.cost(), op, placement, mapping) ? OperatorFault::none
                                                          : OperatorFault::refused;
}

OperatorFault OperatorAdmission::canonical_fault(OperatorId op, const Placement& placement,
                                                 const Mapping& mapping) const {
  const Operator& what = machine_.workload().at(op);
  if (placement.copies > 1 && !has_grid(what, placement, mapping)) {
    return OperatorFault::nest_copies;
  }
  if (what.chain && !follows_chain(mapping, *what.chain)) {
    return OperatorFault::canonical_missing;
  }
  if (!obeys_constraints(machine_.cost().map_space(op, placement), mapping)) {
    return OperatorFault::canonical_constraint;
  }
  return accepts(machine_.cost(), op, placement, mapping) ? OperatorFault::none
                                                          : OperatorFault::canonical_refused;
}

OperatorFault OperatorAdmission::dealt_fault(const Design& design, OperatorId op,
                                             const Mapping& mapping) const {
  const std::shared_ptr<const DealtOrder>& dealt = design.dealt_order(op);
  if (dealt == nullptr) {
    return OperatorFault::none;
  }
  return dealing_problem(machine_.cost(), machine_.workload().at(op), op, design.placement(op),
                         mapping, *dealt)
                 .empty()
             ? OperatorFault::none
             : OperatorFault::dealt;
}

}  // namespace imbrex::run
