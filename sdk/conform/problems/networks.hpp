// Networks to ask components about: random ones, and odd ones that real files bring.
#pragma once

#include <imbrex/values/workload.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace imbrex::problems {

using Network = std::shared_ptr<const Workload>;

// Number `number` of the random networks of a seed: a handful of layers, one or two samples,
// weights of 8 bits or, for every other two numbers, of 4.
Network random_network(std::uint64_t seed, std::uint64_t number);

struct OddNetwork {
  std::string name;  // for messages
  Network network;
};
// One layer; every extent 1; two networks that share nothing; nothing to multiply but a product of
// two inputs; transposed and grouped convolutions; a recurrence; a batch; layers that share
// weights.
std::vector<OddNetwork> odd_networks();
// Layers whose products of extents come near 2^62: times and sums overflow when nobody looks.
std::vector<OddNetwork> huge_networks();

// A chain of so many convolutions on images of `extent` rows and columns: something to work on.
Network long_network(std::int64_t layers, std::int64_t extent);

}  // namespace imbrex::problems
