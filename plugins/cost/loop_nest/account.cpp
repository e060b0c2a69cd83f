#include "account.hpp"

#include <imbrex/toolkit/nests/latencies.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::loop_nest {
namespace {

constexpr std::string_view kTensorNames[kRoles] = {"weights", "inputs", "outputs"};

// The port that takes longest, or the MACs where none takes longer than they do.
std::string bound_of(const Hierarchy& hierarchy, const NestTimes& times) {
  double most = times.compute;
  std::string bound = "compute";
  const auto consider = [&](const Level& level, std::string_view port, double cycles) {
    if (cycles > most) {
      most = cycles;
      bound = std::string(level.name) + " " + std::string(port);
    }
  };
  for (std::size_t l = 0; l < hierarchy.levels.size(); ++l) {
    consider(hierarchy.levels[l], "read", times.port[l].read);
    consider(hierarchy.levels[l], "write", times.port[l].write);
  }
  return bound;
}

class Rows {
 public:
  Rows(const Problem& problem, const Hierarchy& hierarchy, const Mapping& mapping,
       const NestCounts& counts, const AllWords& all)
      : problem_(problem),
        hierarchy_(hierarchy),
        sums_(partial_sums(problem, hierarchy, mapping)),
        counts_(counts),
        all_(all) {}

  std::vector<TensorAccesses> rows() const {
    std::vector<TensorAccesses> rows;
    for (std::size_t l = 0; l < hierarchy_.levels.size(); ++l) {
      for (std::size_t role = 0; role < kRoles; ++role) {
        if ((hierarchy_.levels[l].keep & keep_bit(role)) == 0) {
          continue;
        }
        if (role == index(Role::outputs) && problem_.has_wide_sums()) {
          add_results(l, rows);
        } else {
          rows.push_back({hierarchy_.levels[l].name, kTensorNames[role], problem_.bits[role],
                          counts_.tensor[l][role].tile_words, all_[l][role].read,
                          all_[l][role].written});
        }
      }
    }
    return rows;
  }

 private:
  // Complete ones and, where there are such, those that are not. The tile is with the wider.
  void add_results(std::size_t l, std::vector<TensorAccesses>& rows) const {
    const std::size_t role = index(Role::outputs);
    const LevelWords& words = all_[l][role];
    const double read =
        leave_complete(sums_, hierarchy_, l) ? std::min(words.points, words.read) : 0;
    const double written = arrive_complete(sums_, l) ? std::min(words.points, words.written) : 0;
    const bool wide_tile = (sums_.held >> l & 1) != 0;
    const std::int64_t tile = counts_.tensor[l][role].tile_words;
    const std::string_view level = hierarchy_.levels[l].name;
    rows.push_back(
        {level, kTensorNames[role], problem_.bits[role], wide_tile ? 0 : tile, read, written});
    if (wide_tile || read < words.read || written < words.written) {
      rows.push_back({level, "partial sums", problem_.partial_sum_bits, wide_tile ? tile : 0,
                      words.read - read, words.written - written});
    }
  }

  const Problem& problem_;
  const Hierarchy& hierarchy_;
  PartialSums sums_;
  const NestCounts& counts_;
  const AllWords& all_;
};

}  // namespace

std::optional<LayerAccount> account_of(const Problem& problem, const Hierarchy& accessed,
                                       const Hierarchy& charged, const Mapping& mapping) {
  const NestCounts timed = count(problem, charged, mapping);
  AllWords all;
  const NestCounts counts = count(problem, accessed, mapping, &all);
  if (counts.verdict != Verdict::feasible || timed.verdict != Verdict::feasible) {
    return std::nullopt;
  }
  return LayerAccount{bound_of(charged, times_of(problem, charged, mapping, timed)),
                      Rows(problem, accessed, mapping, counts, all).rows()};
}

}  // namespace imbrex::loop_nest
