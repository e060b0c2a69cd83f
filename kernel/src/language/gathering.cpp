// An operand T of a movement operator A is left out when, behind another operand of A, there is a
// mapped operator M such that every element of A needs, by way of jobs of M, all that it needs of
// T. Proof that nothing changes, for a job of X that needs a box R of A and a job of S, mapped,
// behind T, whose output it needs:
//   Which jobs. X waits for all jobs of M that add to what R needs of M. Together they wait,
//   perhaps by way of others, for every element that R needs of T: `ElementNeed` says so whatever
//   boxes jobs have. What a box needs behind T is what its elements need (`unions`; or all of T is
//   waited for, and then no box needs more: `covers`), so they wait for every job of S that X would
//   wait for. When. X waits for S: end(S) + ways of T + transfer(S, X) + ways of A. Those jobs of M
//   start at end(S) + ways of T + transfer(S, ..) or later, take `least_ps` at least, and X waits
//   for their ends + ways of A. So S is never the last when transfer(S, X) <= least_ps.
// M may itself stand behind an operand that is left out; then what it is left out for has waited
// for it. Every start time is therefore the same, by induction along the workload's order.
#include "language/gathering.hpp"

#include "language/element_need.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>

namespace imbrex {
namespace {

using Role = Maker::Role;

// A proof takes at most so many operators: a block of a residual network has a few dozen.
constexpr std::size_t kMostSteps = 256;

// What is needed of an operator's output, by way of jobs that take so long at least.
struct Reached {
  ElementNeed need;
  std::int64_t work_ps = 0;
  bool by_jobs = false;

  // More axes that are known are more proofs; of equally many, the longer work.
  std::pair<int, std::int64_t> rank() const noexcept { return {need.known(), work_ps}; }
};

class Gatherer {
 public:
  Gatherer(const Workload& workload, const OperatorRange<Maker>& makers, std::int64_t most)
      : workload_(workload), makers_(makers), most_(static_cast<std::size_t>(most)) {}

  Gathering run() {
    const OperatorSpan span = makers_.span();
    result_.producers = OperatorRange<std::vector<OperatorId>>(span);
    result_.left_out = OperatorRange<std::vector<bool>>(span);
    behind_ = OperatorRange<Behind>(span);
    for (std::size_t i = span.begin; i < span.end; ++i) {
      const OperatorId id = operator_id(i);
      if (makers_[id].role == Role::movement) {
        describe(id);
      }
      collect(id);
      if (behind_[id].many && makers_[id].role == Role::movement) {
        leave_out(id);
      }
    }
    return std::move(result_);
  }

 private:
  // Of what stands behind a movement operator.
  struct Behind {
    bool many = false;   // more mapped operators than `most`
    bool unions = true;  // boxes of its output need what their elements need
    bool covers = true;  // its whole output needs what its elements need
    std::int64_t most_transfer_ps = 0;
  };

  // Who makes an operand and has to be waited for; none otherwise.
  OperatorId maker(OperatorId reader, std::size_t operand) const noexcept {
    const OperatorId id = workload_.at(workload_.at(reader).inputs[operand]).producer;
    const bool waited_for = makers_.span().holds(id) && makers_[id].role != Role::there &&
                            makers_[id].segment == makers_[reader].segment;
    return waited_for ? id : OperatorId::none;
  }
  bool is_movement(OperatorId id) const noexcept { return makers_[id].role == Role::movement; }

  // A mapped operator is waited for job by job, whatever the box.
  Behind behind(OperatorId id) const noexcept {
    return is_movement(id) ? behind_[id] : Behind{false, true, true, makers_[id].most_transfer_ps};
  }

  void describe(OperatorId id) {
    const Operator& op = workload_.at(id);
    Behind& mine = behind_[id];
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
      const OperatorId from = maker(id, k);
      if (from == OperatorId::none) {
        continue;
      }
      const Behind theirs = behind(from);
      const bool unions = theirs.unions && boxes_are_unions(op.maps[k]);
      const auto all = need_behind_movement(op.maps[k], whole_tensor(op.maps[k].output_shape()));
      mine.unions = mine.unions && unions;
      mine.covers = mine.covers && (unions || (theirs.covers && all && all->is_whole()));
      mine.most_transfer_ps = std::max(mine.most_transfer_ps, theirs.most_transfer_ps);
    }
  }

  // Mapped operators behind the operands that count.
  void collect(OperatorId id) {
    const Operator& op = workload_.at(id);
    std::vector<OperatorId>& mine = result_.producers[id];
    mine.clear();
    std::vector<OperatorId> both;
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
      const OperatorId from = maker(id, k);
      if (from == OperatorId::none || result_.leaves_out(id, k)) {
        continue;
      }
      const std::vector<OperatorId> one = {from};
      const std::vector<OperatorId>& theirs = is_movement(from) ? result_.producers[from] : one;
      both.clear();
      std::set_union(mine.begin(), mine.end(), theirs.begin(), theirs.end(),
                     std::back_inserter(both));
      mine.swap(both);
      behind_[id].many = behind_[id].many || (is_movement(from) && behind_[from].many);
    }
    behind_[id].many = behind_[id].many || mine.size() > most_;
  }

  void leave_out(OperatorId id) {
    const Operator& op = workload_.at(id);
    std::vector<bool> out(op.inputs.size(), false);
    for (std::size_t by = 0; by < op.inputs.size(); ++by) {
      const auto need = need_behind_movement(op.maps[by], same_element(op.maps[by].output_shape()));
      for (std::size_t k = 0; need && k < op.inputs.size(); ++k) {
        out[k] = out[k] || (k != by && is_waited_for(id, k, by, *need));
      }
    }
    if (std::find(out.begin(), out.end(), true) != out.end()) {
      result_.left_out[id] = std::move(out);
      collect(id);
    }
  }

  // Whoever needs this of operand `by` of an operator waits for what it needs of the other operand.
  bool is_waited_for(OperatorId reader, std::size_t operand, std::size_t by,
                     const ElementNeed& need) {
    const OperatorId wanted = maker(reader, operand);
    const OperatorId nearer = maker(reader, by);
    if (wanted == OperatorId::none || nearer <= wanted) {
      return false;  // operators come in topological order
    }
    reached_.clear();
    arrive(nearer, need, {});
    steps_ = 0;
    return leads_to(wanted, workload_.at(reader).maps[operand]);
  }

  // `map` leads from the output of the operator that the proof is for to what is wanted.
  bool leads_to(OperatorId wanted, const BackwardMap& map) {
    while (steps_++ < kMostSteps && !reached_.empty()) {
      const auto last = std::prev(reached_.end());
      const auto [id, here] = *last;
      if (id <= wanted) {
        return id == wanted && proves(map, wanted, here);
      }
      reached_.erase(last);
      if (lies_in_one_part(id, here.need)) {
        return each_part_leads_to(id, here, wanted, map);
      }
      go_behind(id, here);
    }
    return false;
  }

  // Of what layers that were split make one after another, an element is in one part.
  bool lies_in_one_part(OperatorId id, const ElementNeed& need) const {
    const Operator& op = workload_.at(id);
    return op.kind == OperatorKind::concat && makers_[id].role == Role::movement &&
           op.inputs.size() > 1 && need_behind_part(op.maps[0], need);
  }

  // Nobody knows which, so that there must be a proof for each.
  bool each_part_leads_to(OperatorId id, const Reached& here, OperatorId wanted,
                          const BackwardMap& map) {
    const Operator& op = workload_.at(id);
    const std::map<OperatorId, Reached> others = reached_;
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
      reached_ = others;
      arrive(maker(id, k), need_behind_part(op.maps[k], here.need), here);
      if (!leads_to(wanted, map)) {
        return false;
      }
    }
    return true;
  }

  void go_behind(OperatorId id, const Reached& here) {
    const Operator& op = workload_.at(id);
    const bool mapped = makers_[id].role == Role::mapped;
    Reached behind = here;
    behind.by_jobs = here.by_jobs || mapped;
    behind.work_ps += mapped ? makers_[id].least_ps : 0;
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
      arrive(maker(id, k),
             mapped ? need_behind_jobs(workload_, id, k, here.need)
                    : need_behind_movement(op.maps[k], here.need),
             behind);
    }
  }

  void arrive(OperatorId id, const std::optional<ElementNeed>& need, const Reached& way) {
    if (id == OperatorId::none || !need) {
      return;
    }
    Reached now = way;
    now.need = *need;
    Reached& best = reached_.try_emplace(id, now).first->second;
    if (best.rank() < now.rank()) {
      best = now;
    }
  }

  // `map` leads from the operator's output to the operand.
  bool proves(const BackwardMap& map, OperatorId wanted, const Reached& here) const {
    const Behind tensor = behind(wanted);
    if (!here.by_jobs || here.work_ps < tensor.most_transfer_ps) {
      return false;
    }
    if (here.need.is_whole() && tensor.covers) {
      return true;
    }
    for (std::size_t axis = 0; axis < here.need.rank; ++axis) {
      const AxisNeed& need = here.need.axis[axis];
      const bool same =
          need.kind == AxisNeed::Kind::same && map.rule(axis) == shifted_axis(need.axis, 0);
      if (need.kind != AxisNeed::Kind::whole && !same) {
        return false;
      }
    }
    return tensor.unions;
  }

  const Workload& workload_;
  const OperatorRange<Maker>& makers_;
  const std::size_t most_;
  Gathering result_;
  OperatorRange<Behind> behind_;
  std::map<OperatorId, Reached>
      reached_;            // of the proof at hand, its operators not yet gone behind
  std::size_t steps_ = 0;  // of that proof
};

}  // namespace

Gathering gather(const Workload& workload, const OperatorRange<Maker>& makers, std::int64_t most) {
  return Gatherer(workload, makers, most).run();
}

}  // namespace imbrex
