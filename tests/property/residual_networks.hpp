// Random residual networks: a stream of images, later of tokens, to which branches are added again
// and again, so that all layers gather behind it.
#pragma once

#include <imbrex/plugin/host.hpp>
#include <imbrex/values/workload.hpp>

namespace imbrex::property {

// One sample, 4 channels, at most 12 positions; up to `blocks` branches.
Workload residual_network(std::int64_t blocks, Random& random);

}  // namespace imbrex::property
