// An operator and a level hierarchy as the counting of accesses sees them: plain numbers, prepared
// once per operator and architecture. [any thread]
#pragma once

#include <imbrex/values/architecture.hpp>
#include <imbrex/values/workload.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::nests {

// Constant weights or the second dynamic operand; the first operand; the result.
enum class Role : std::uint8_t { weights, inputs, outputs };
inline constexpr std::size_t kRoles = 3;
inline constexpr std::size_t kMaxLevels = 8;
using KeepMask = std::uint8_t;  // bit index(role)
constexpr KeepMask keep_bit(std::size_t role) noexcept {
  return static_cast<KeepMask>(1u << role);
}

// One coordinate of a tensor: factor[0] * dim[0] + factor[1] * dim[1], divided by `divisor`.
// Factors are not negative: a mirrored axis touches as many points.
struct Rank {
  std::array<std::size_t, 2> dim{0, 0};
  std::array<std::int64_t, 2> factor{0, 0};  // [1] == 0: one dimension only
  std::int64_t divisor = 1;
  // Coordinates start here and exist from 0 to `extent`: windows reach into the padding. Extent 0:
  // all of them exist.
  std::int64_t offset = 0;
  std::int64_t extent = 0;
  std::int64_t points = 0;   // of those, how many the operator touches,
  std::int64_t touches = 0;  // and with how many pairs of iterations; 0: not counted
  friend constexpr bool operator==(const Rank&, const Rank&) = default;
};

struct TensorRanks {
  std::array<Rank, 2 * kMaxRank> rank{};
  std::size_t count = 0;
  bool has_windows = false;  // some coordinate has two dimensions
  bool is_plain = true;      // none has, nor a divisor or an end: loops of one never overlap
  // Per dimension: the coordinate it moves and by how much; factor 0: none.
  std::array<std::size_t, kDimCount> rank_of_dim{};
  std::array<std::int64_t, kDimCount> factor_of_dim{};

  std::uint32_t dims = 0;  // bit per dimension that moves some coordinate

  bool depends_on(std::size_t dim) const noexcept { return (dims >> dim & 1) != 0; }
  // A dimension moves at most one coordinate of a tensor.
  void add(const Rank& rank_of_tensor) noexcept;
  friend constexpr bool operator==(const TensorRanks&, const TensorRanks&) = default;
};

struct Problem {
  LoopBounds bounds;
  std::optional<Dim> chain;  // `Operator::chain`
  std::int64_t macs = 0;     // that are needed
  // Those over the iterations of the loop nest: the others take no time (`Operator::macs`).
  double work_share = 1;
  bool mappable = false;
  std::array<TensorRanks, kRoles> tensor;
  std::array<std::int64_t, kRoles> bits{8, 8, 8};  // of one element
  std::int64_t partial_sum_bits = 0;               // of a result that is not complete; 0: as others
  bool has_padding = false;                        // some window reaches beyond its tensor
  bool divides = false;                            // some coordinate has a divisor

  bool has_wide_sums() const noexcept { return partial_sum_bits > bits[index(Role::outputs)]; }
};

// A coordinate whose two dimensions are digits of one number (group and channel) becomes two ranks.
Problem prepare(const Workload& workload, OperatorId id);

struct Level {
  std::string_view name;
  std::string name_with_sums;      // where only the width of partial sums is in the way
  std::int64_t capacity_bits = 0;  // 0: unbounded
  std::int64_t instances = 1;
  std::int64_t fanout = 1;         // children of one instance
  double read_bits_per_cycle = 0;  // of one instance; 0: unbounded
  double write_bits_per_cycle = 0;
  double read_energy_pj_per_bit = 0;
  double write_energy_pj_per_bit = 0;
  double access_cycles = 0;  // from asking for a tile to its first word
  KeepMask keep = 0;
  KeepMask refetch = 0;  // tensors whose tile is fetched anew for every pass, also the same one
};

enum class Counting : std::uint8_t { exact, timeloop };

// How fetching a tile, working on another and storing the one before go together.
enum class Buffering : std::uint8_t {
  ideal,    // words pass whenever their port is free, also before the first step and after the last
  in_step,  // the next tile begins when all three are done with theirs
};

struct Hierarchy {
  std::vector<Level> levels;  // outermost first; the first keeps everything
  double cycle_ps = 1;
  double mac_energy_pj = 0;
  Counting counting = Counting::exact;
  bool link_transfers = false;
  bool refetches = false;  // some level does
  // Steps that the array loses whenever level `pass_level`, the innermost one in front of the
  // elements, gets another tile.
  double fill_drain_steps = 0;
  std::size_t pass_level = 0;
  Buffering buffering = Buffering::ideal;
  bool has_latencies = false;  // any of these, or `access_cycles`, is there
};

}  // namespace imbrex::nests
