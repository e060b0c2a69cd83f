// What a segment reads and writes of the tensors that cross its borders, one origin after another.
#pragma once

#include <imbrex/toolkit/segments/segment_traffic.hpp>

#include <algorithm>
#include <cstdint>
#include <set>
#include <span>

namespace imbrex::segments {

class FormAccount {
 public:
  explicit FormAccount(std::int64_t retained_bits) : retained_bits_(retained_bits) {}

  // An output of the network, before the origins.
  void store(TensorId tensor, std::int64_t tensor_bits) {
    bits.store_bits += stored_.insert(tensor).second ? tensor_bits : 0;
  }

  // The forms of one origin that cross. Selected words of one tensor are never more than all of it;
  // whoever has all of it on the chip computes the rest there. `outside`: an input of the network;
  // `mine`: the segment makes it.
  void add(std::span<const LayerTraffic::Crossing* const> crossed, std::int64_t whole, bool outside,
           bool mine) {
    std::int64_t selected = 0;
    std::int64_t computed = 0;
    for (const LayerTraffic::Crossing* const crossing : crossed) {
      if (!outside && crossing->bits <= retained_bits_) {
        (mine ? bits.retained_out_bits : bits.retained_in_bits) += crossing->bits;
      } else if (!mine || stored_.insert(crossing->form).second) {
        (crossing->computed ? computed : selected) += crossing->bits;
      }
    }
    if (outside) {
      bits.load_bits += computed > 0 ? whole : std::min(whole, selected);
    } else if (mine) {
      bits.store_bits += std::min(whole, selected) + computed;
    } else {
      bits.load_bits += selected >= whole ? whole : selected + computed;
    }
  }

  LayerBits bits;

 private:
  std::int64_t retained_bits_;
  std::set<TensorId> stored_;
};

}  // namespace imbrex::segments
