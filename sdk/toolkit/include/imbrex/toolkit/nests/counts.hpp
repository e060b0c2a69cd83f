// How often a mapping reads, fills and updates every level of a hierarchy: the general analytical
// model of tiled loop nests (Parashar et al., Timeloop, ISPASS 2019; specification pipeorgan
// section 2.1, oracle cases). Closed forms: the work per mapping does not depend on how often the
// loops run or how many instances there are. No allocation, unless windows have to be
// walked place by place (axis_walk.hpp). [any thread]
//
// Tiles: an instance of a level holds, of each tensor it keeps, what the loops of the level and
// those inside touch. A tile is fetched from the next level outside that keeps the tensor.
//   fills    points that the instance's previous tile lacked, over the whole run; for outputs:
//            partial sums that come back
//   reads    words handed inwards (equal sets of one step are multicast: read once); for outputs:
//            accumulations
//   updates  partial sums that arrive from inside, after reduction across spatial loops
// Counting `timeloop` follows that tool where `exact` is better:
//   - a tile is a bounding box, holes of strided or dilated windows included;
//   - what a tile still holds is fetched again when loops inside have moved it along another
//     coordinate, or back (timeloop_walk.hpp);
//   - equal tiles are found below one level at a time, even if the level keeps nothing of them;
//     exact finds all that are needed below the level that is read (timeloop_stages.hpp);
//   - handing outputs to the level outside is not charged as a read.
// With `link_transfers` instances hand operands to their neighbours (windows.hpp, `handed_on`, and
// timeloop_stages.hpp, `hand_on`): the level outside is read less, theirs more (an average where
// edges differ).
#pragma once

#include <imbrex/toolkit/nests/problem.hpp>
#include <imbrex/values/mapping.hpp>

#include <array>

namespace imbrex::nests {

// Of one instance.
struct TensorCounts {
  std::int64_t tile_words;
  std::int64_t reads;
  std::int64_t fills;
  std::int64_t updates;
  std::int64_t points;     // ever held; outputs only
  std::int64_t handed_on;  // of the reads: words for neighbours
};

struct NestCounts {
  Verdict verdict = Verdict::feasible;
  // Why not feasible: the level whose capacity or fan-out is exceeded, and by how much.
  std::size_t level = 0;
  bool is_fanout = false;  // else bits
  std::int64_t needed = 0;
  std::int64_t available = 0;
  std::uint8_t wide_sums = 0;  // bit per level that holds results as wide as partial sums

  std::int64_t steps = 0;  // of every MAC unit
  // The work of these steps, or what the slowest level needs, and what latencies add
  // (latencies.hpp). Not rounded: words of one job may pass while another one works.
  double cycles = 0;
  double energy_pj = 0;
  // Of the hierarchy's levels, when feasible; zero for tensors that a level does not keep. Not
  // cleared beforehand: this is made once per mapping.
  std::array<std::int64_t, kMaxLevels> instances_used;
  std::array<std::array<TensorCounts, kRoles>, kMaxLevels> tensor;
};

// Of all instances together; whole numbers.
struct LevelWords {
  double read = 0;
  double written = 0;
  double points = 0;  // ever held by instances; outputs only
};
using AllWords = std::array<std::array<LevelWords, kRoles>, kMaxLevels>;

// `unsupported`: loops out of order or of a level that does not exist. `all`, where wanted: what
// all instances together do, when feasible. O(levels * tensors * loops).
NestCounts count(const Problem& problem, const Hierarchy& hierarchy, const Mapping& mapping,
                 AllWords* all = nullptr) noexcept;

}  // namespace imbrex::nests
