#include "account.hpp"

#include <string>
#include <string_view>

namespace imbrex::loop_nest {
namespace {

constexpr std::string_view kTensorNames[kRoles] = {"weights", "inputs", "outputs"};

// The port that takes longest, or the MACs where none takes longer than they do.
std::string bound_of(const Problem& problem, const Hierarchy& hierarchy, const NestCounts& counts) {
  double most = static_cast<double>(counts.steps) * problem.work_share;
  std::string bound = "compute";
  const auto consider = [&](const Level& level, std::string_view port, double bits, double rate) {
    if (rate > 0 && bits / rate > most) {
      most = bits / rate;
      bound = std::string(level.name) + " " + std::string(port);
    }
  };
  for (std::size_t l = 0; l < hierarchy.levels.size(); ++l) {
    double read = 0;
    double written = 0;
    for (std::size_t role = 0; role < kRoles; ++role) {
      const TensorCounts& one = counts.tensor[l][role];
      const auto bits = static_cast<double>(problem.bits[role]);
      read += static_cast<double>(one.reads) * bits;
      written += static_cast<double>(one.fills + one.updates) * bits;
    }
    consider(hierarchy.levels[l], "read", read, hierarchy.levels[l].read_bits_per_cycle);
    consider(hierarchy.levels[l], "write", written, hierarchy.levels[l].write_bits_per_cycle);
  }
  return bound;
}

}  // namespace

std::optional<LayerAccount> account_of(const Problem& problem, const Hierarchy& accessed,
                                       const Hierarchy& charged, const Mapping& mapping) {
  const NestCounts timed = count(problem, charged, mapping);
  AllWords all;
  const NestCounts counts = count(problem, accessed, mapping, &all);
  if (counts.verdict != Verdict::feasible || timed.verdict != Verdict::feasible) {
    return std::nullopt;
  }
  LayerAccount account{bound_of(problem, charged, timed), {}};
  for (std::size_t l = 0; l < accessed.levels.size(); ++l) {
    for (std::size_t role = 0; role < kRoles; ++role) {
      if ((accessed.levels[l].keep & keep_bit(role)) != 0) {
        account.accesses.push_back({accessed.levels[l].name, kTensorNames[role], problem.bits[role],
                                    counts.tensor[l][role].tile_words, all[l][role].read,
                                    all[l][role].written});
      }
    }
  }
  return account;
}

}  // namespace imbrex::loop_nest
