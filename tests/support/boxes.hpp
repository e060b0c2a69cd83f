// What a box of loops works on, point by point.
#pragma once

#include <imbrex/values/loop_nest.hpp>
#include <imbrex/values/region.hpp>

#include <cstdint>

namespace imbrex::test {

// Calls visit(p, q) for every output position of one sample and channel.
template <class Visit>
void for_each_position(const DimBox& box, Visit visit) {
  for (std::int64_t p = box[Dim::P].begin; p < box[Dim::P].end; ++p) {
    for (std::int64_t q = box[Dim::Q].begin; q < box[Dim::Q].end; ++q) {
      visit(p, q);
    }
  }
}

// Calls visit(n, g, k, p, q) for every output element.
template <class Visit>
void for_each_output(const DimBox& box, Visit visit) {
  for (std::int64_t n = box[Dim::N].begin; n < box[Dim::N].end; ++n) {
    for (std::int64_t g = box[Dim::G].begin; g < box[Dim::G].end; ++g) {
      for (std::int64_t k = box[Dim::K].begin; k < box[Dim::K].end; ++k) {
        for_each_position(box, [&](std::int64_t p, std::int64_t q) { visit(n, g, k, p, q); });
      }
    }
  }
}

// Calls visit(step, box) for every job of a nest that has work, step by step.
template <class Visit>
void for_each_job(const LoopNest& nest, Visit visit) {
  for (std::int64_t step = 0; step < nest.steps(); ++step) {
    for (std::int64_t server = 0; server < nest.servers(); ++server) {
      const DimBox box = nest.box(step, server);
      if (!box.empty()) {
        visit(step, box);
      }
    }
  }
}

}  // namespace imbrex::test
