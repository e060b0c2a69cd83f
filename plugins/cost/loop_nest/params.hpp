// The parameters of imbrex.cost.loop-nest.
#pragma once

#include "canonical.hpp"

#include <imbrex/plugin.hpp>

#include <string>
#include <vector>

namespace imbrex::loop_nest {

inline constexpr std::string_view kCountings[] = {"exact", "timeloop"};  // in the order of Counting
inline constexpr std::string_view kSpreads[] = {"channels",
                                                "pixels"};  // in the order of SpreadKind
inline constexpr std::string_view kBufferings[] = {"ideal",
                                                   "in-step"};  // in the order of Buffering

enum class Memories : std::uint8_t { layers, segments };
inline constexpr std::string_view kMemories[] = {"layers", "segments"};

struct Config {
  std::vector<std::string> keep{};
  Memories memories = Memories::layers;
  Counting counting = Counting::exact;
  bool link_transfers = false;
  bool imperfect = false;
  std::int64_t partial_sum_bits = 0;
  std::int64_t fill_drain_steps = 0;
  Buffering buffering = Buffering::ideal;
  std::vector<std::string> refetch{};
  SpreadKind spread = SpreadKind::channels;
  std::vector<std::string> constraints{};
};

inline NestCounting counting_of(const Config& config) {
  return {config.keep,
          config.refetch,
          config.partial_sum_bits,
          config.fill_drain_steps,
          config.counting == Counting::exact,
          config.link_transfers,
          config.buffering == Buffering::in_step};
}

inline constexpr ParamSpec kParams[] = {
    param<&Config::keep>(
        "keep",
        "Which tensors each level of the architecture keeps, outermost first: letters W (weights "
        "or second operand), I (first operand), O (result), e.g. [\"WIO\", \"IO\", \"W\"]. An "
        "empty list: every level keeps everything"),
    choice<&Config::memories>(
        "memories",
        "Whose data moves through the external memory and the buffers in front of the elements: "
        "layers (every layer fetches and stores all of its own, as its mapping says) or segments "
        "(what layers of a segment hand on inside the array stays there; the rest moves once, "
        "beside the jobs of the segment)",
        kMemories),
    choice<&Config::counting>(
        "counting",
        "exact: data that a tile still holds when a loop wraps around is not fetched again, "
        "points that a strided or dilated window skips are not counted, handing results outwards "
        "is a read; timeloop: as that tool counts (bounding boxes, whole tiles on wrapping, "
        "multicast level by level, free draining)",
        kCountings),
    param<&Config::link_transfers>(
        "link_transfers",
        "Whether neighbouring instances hand on input that the next one held one step before, as "
        "sliding windows spread over elements allow; the level outside is then read less. Default "
        "false"),
    param<&Config::imperfect>(
        "imperfect",
        "Whether loop bounds need not divide an operator's dimensions; the last iterations then "
        "idle. Operators nobody searched take the spatial loops that need the fewest steps. "
        "Default false"),
    param<&Config::partial_sum_bits>(
        "partial_sum_bits",
        "Width of results that are not complete: those that come back to be continued, or go out "
        "so; levels that hold such have room for fewer. 0, or less than a result: as complete ones")
        .unit("bit")
        .range(0, 1024),
    param<&Config::fill_drain_steps>(
        "fill_drain_steps",
        "Steps that the array takes to fill and drain for each tile of the innermost level in "
        "front of the elements, beside those of the work; rows + columns - 2 for a wavefront of "
        "operands. Default 0, as in most published models")
        .unit("step")
        .range(0, 1e6),
    choice<&Config::buffering>(
        "buffering",
        "How double-buffered tiles go. ideal: words pass whenever their port is free, the first "
        "tile "
        "that comes in and the last one that goes out cost nothing, as in most published models; "
        "in-step: the next tile begins when one is fetched, one worked on and one stored, so a "
        "step "
        "takes as long as the longest of the three, and the first fetch and the last store are "
        "seen",
        kBufferings),
    param<&Config::refetch>(
        "refetch",
        "Which operands each level fetches anew for every tile pass though it still holds them, "
        "outermost first: letters W and I, e.g. [\"\", \"WI\", \"\"]. An empty list: none"),
    choice<&Config::spread>(
        "spread",
        "What neighbouring processing elements differ in where nobody searched. channels: input "
        "channels, then output channels; pixels: output positions, and channels only where "
        "positions alone would need more than a quarter more steps, so that a word that arrives "
        "has one reader. The MACs inside an element take reductions first in both",
        kSpreads),
    param<&Config::constraints>(
        "constraints",
        "What searched mappings must obey, one text per constraint, e.g. \"conv*: global_buffer "
        "spatial dims = C\"; the slots are called LEVEL temporal and LEVEL spatial; "
        "sdk/docs/recipes.md describes the forms"),
};

}  // namespace imbrex::loop_nest
