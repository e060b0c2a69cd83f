// What a cost model says of the ways between operators.
#include "plugin/registry.hpp"
#include "run/guarded_cost_model.hpp"
#include "run/value_checks.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace imbrex::run {

void GuardedCostModel::transfer(std::span<const Transfer> transfers,
                                std::span<TransferCost> out) const {
  require_sizes("transfer", transfers.size(), out.size());
  std::fill(out.begin(), out.end(), TransferCost{});
  plugin::guard(where_, "transfer", [&] { inner_.transfer(transfers, out); });
  std::int64_t bits = 0;
  TransferCost most;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const ValueChecks checks(where_, [&] {
      return index(transfers[i].from) < demands_.size() && index(transfers[i].to) < demands_.size()
                 ? fmt::format("transfer from '{}' to '{}'", workload_.at(transfers[i].from).name,
                               workload_.at(transfers[i].to).name)
                 : std::string("transfer");
    });
    checks.time("latency_ps", out[i].latency_ps);
    checks.amount("energy_pj", out[i].energy_pj);
    if (i == 0 || transfers[i].bits > bits) {
      bits = transfers[i].bits;
      most = most_transfer(bits);
    }
    if (out[i].latency_ps > most.latency_ps || out[i].energy_pj > most.energy_pj) {
      checks.blame(fmt::format("takes {} ps and {} pJ for {} bits, more than most_transfer says",
                               out[i].latency_ps, out[i].energy_pj, transfers[i].bits));
    }
  }
}

TransferCost GuardedCostModel::most_transfer(std::int64_t bits) const {
  TransferCost most;
  plugin::guard(where_, "most_transfer", [&] { most = inner_.most_transfer(bits); });
  const ValueChecks checks(where_, [] { return std::string("most_transfer"); });
  checks.count("latency_ps", most.latency_ps);
  checks.amount("energy_pj", std::min(most.energy_pj, std::numeric_limits<double>::max()));
  return most;
}

}  // namespace imbrex::run
