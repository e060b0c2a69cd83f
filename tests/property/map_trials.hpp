// One random operator at a time, built through the kernel and written down a second time element by
// element, straight from its definition (specification clsa-cim section 6.2).
#pragma once

#include "element_reads.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <optional>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex_test {

// One operator on one or more inputs, with its definition per input.
struct Trial {
  imbrex::WorkloadBuilder builder{"trial"};
  std::vector<Reads> reads;
  std::optional<imbrex::Shape> given;  // the image to work on, else a random one
  bool skips = false;      // a stride exceeds its window: boxes may hold what nobody reads
  bool tight_box = false;  // conservative because of holes, but the hull is tight
};

using MakeTrial = void (*)(Dice& dice, Trial& trial);

constexpr int kCases = 400;

// Extents from 1 to `most`.
imbrex::Shape random_shape(Dice& dice, std::size_t rank, std::int64_t most = 6);
// The trial's given image, else a random one in NCHW.
imbrex::Shape random_image(Dice& dice, const Trial& trial);

// map_trials_window.cpp
void convolution(Dice& dice, Trial& trial);
void dilated_convolution(Dice& dice, Trial& trial);
void transposed_convolution(Dice& dice, Trial& trial);
void dilated_transposed(Dice& dice, Trial& trial);
void pool(Dice& dice, Trial& trial);
void nearest_resize(Dice& dice, Trial& trial);
void linear_resize(Dice& dice, Trial& trial);

// map_trials_movement.cpp
void pad(Dice& dice, Trial& trial);
void slice(Dice& dice, Trial& trial);
void elementwise(Dice& dice, Trial& trial);
void expand(Dice& dice, Trial& trial);
void concat(Dice& dice, Trial& trial);
void space_to_depth(Dice& dice, Trial& trial);
void depth_to_space(Dice& dice, Trial& trial);
void transpose(Dice& dice, Trial& trial);
void gather(Dice& dice, Trial& trial);

// map_trials_reshape.cpp
void reshape(Dice& dice, Trial& trial);
void flatten(Dice& dice, Trial& trial);
void split_axis(Dice& dice, Trial& trial);

// map_trials_reduction.cpp
void dense(Dice& dice, Trial& trial);
void matmul(Dice& dice, Trial& trial);
void global_pool(Dice& dice, Trial& trial);
void softmax(Dice& dice, Trial& trial);
void reduce(Dice& dice, Trial& trial);
void local_response(Dice& dice, Trial& trial);

// Every input element that the definition reads for a region of the output.
ElementSet flood(const imbrex::Region& output, const Reads& reads, const imbrex::Shape& input);
// Expects the mapped region to hold all that is read; when `tight`, to be its hull; when
// `hole_free`, to hold nothing else.
void compare(const imbrex::Region& mapped, const ElementSet& read, bool tight, bool hole_free);

}  // namespace imbrex_test
