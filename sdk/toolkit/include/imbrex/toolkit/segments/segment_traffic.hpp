// What the segments of a network read from external memory and write to it, every word once. Two
// accounts, as there are two kinds of chip, and their figures differ on purpose:
//
// SliceTraffic is of crossbars (specification compass section 5). What is cut are channels, so it
// follows slices of tensors. Movement runs where its data is made: an operator without weights
// works in the segment of its latest operand, and what crosses a border is what the reader reads.
// Positions of slices are fixed, so loads and stores are sums that any span answers fast.
//
// LayerTraffic is of arrays (specification pipeorgan sections 4.3 and 7.2). What is cut are whole
// layers. Movement runs where its data is read: what crosses a border is the narrowest tensor on
// the way from the layer that made it, and an operator with operands from two segments makes its
// reader read both. Tensors may wait on the chip, and several forms of one tensor never count more
// than all of it; neither is a sum over parts, so each segment is added up by itself.
//
// Where layers read one another and the inputs directly, none is cut and nothing waits, the two are
// equal. [any thread for the queries]
#pragma once

#include <imbrex/values/segments.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace imbrex::segments {

// Output channels of one operator are computed at one position: the index of a unit, or of a
// segment. Positions run one after another.
struct ChannelHome {
  OperatorId op = OperatorId::none;
  Interval channels;
  std::int32_t position = 0;
};

// Everything else follows: an operator that is not listed works where the latest of its inputs is,
// channel slice by channel slice (or along any other axis that keeps the slices apart), so a pool
// or activation trails its producer and less is stored. What depends on network inputs alone is
// there from the beginning, like these. A slice is loaded at most once per span, and stored when a
// later position or the outside world needs it.
class SliceTraffic {
 public:
  // `homes`: ordered by operator, then channels; every channel of a listed operator once.
  // O(operators * extents + slices).
  SliceTraffic(const Workload& workload, std::span<const ChannelHome> homes);
  // Positions are the indices of the units.
  explicit SliceTraffic(const UnitSequence& sequence);

  // Bits of the whole batch that positions [begin, end) read at their entry and write at their
  // exit. O(end - begin) times the logarithm of the slices at one position.
  std::int64_t load_bits(UnitSpan span) const noexcept;
  std::int64_t store_bits(UnitSpan span) const noexcept;
  // What both are more than those of the span without its last position, for spans that grow.
  // Stores may become fewer. O(logarithm of the slices at one position).
  std::int64_t load_growth(UnitSpan span) const noexcept;
  std::int64_t store_growth(UnitSpan span) const noexcept;

 private:
  // Sums of bits over entries whose key is below a bound; keys ascending.
  struct Column {
    std::vector<std::int32_t> keys;
    std::vector<std::int64_t> sums;
  };
  std::vector<Column> loads_;   // per position of use: keyed by where the slice was last at hand
  std::vector<Column> stores_;  // per position of origin: keyed by minus the last position of use
  std::vector<Column> ends_;    // the same stores per position of last use: keyed by minus origin
};

// Of one segment of whole layers, for the whole batch.
struct LayerBits {
  std::int64_t weight_bits = 0;
  std::int64_t load_bits = 0;   // what enters
  std::int64_t store_bits = 0;  // what leaves
  // What enters or leaves and waits on the chip instead.
  std::int64_t retained_in_bits = 0;
  std::int64_t retained_out_bits = 0;
};

// Which tensors may cross the borders of segments, traced once per network. A layer reads its
// operands through every branch of the movement operators before it. What it reads of an earlier
// layer is stored as the narrowest tensor on the way from there: pooled, not yet enlarged. Where
// branches of several origins meet, each is read by itself. Inputs of the network lie in memory as
// they are, so only what selects some of their words makes them narrower.
class LayerTraffic {
 public:
  // `layers`: ascending; the layers of `segment_of` below. O(operators + crossings), and the
  // logarithm of these where they are put in order.
  LayerTraffic(const Workload& workload, std::span<const OperatorId> layers);

  // `segment_of`: by layer. Each tensor that enters the segment is loaded once, each that some
  // later segment or the outside world needs is stored once. Tensors between layers of at most
  // `retained_bits` wait on the chip; inputs and outputs of the network never do.
  // O(layers + crossings), where one that is read by layers in a row counts once.
  LayerBits of(std::span<const std::int32_t> segment_of, std::int32_t segment,
               std::int64_t retained_bits) const;
  // Of a span of layers, whatever the others are.
  LayerBits of(UnitSpan span, std::int64_t retained_bits) const;

 private:
  // A consumer is a layer, or layers plus the index of an output. Those of one form are apart.
  struct Crossing {
    std::int32_t origin = 0;  // a layer, or layers plus the index of a network input
    std::int32_t first = 0;   // read by consumers [first, last]
    std::int32_t last = 0;
    TensorId form = TensorId::none;
    std::int64_t bits = 0;
    bool computed = false;  // else some or all words of what the origin makes
  };
  // An output of the network, made where the last of the layers behind it is.
  struct Output {
    std::int32_t layer = -1;
    TensorId tensor = TensorId::none;
    std::int64_t bits = 0;
  };
  friend class CrossingFinder;
  friend class CrossingAccount;
  friend class FormAccount;
  friend class SpanAccount;
  friend class SpanTraffic;

  std::vector<std::int64_t> weight_bits_;  // by layer
  std::vector<std::int64_t> whole_bits_;   // of what an origin makes
  std::vector<Crossing> crossings_;        // by origin, form, first reader
  std::vector<Output> outputs_;
};

// What LayerTraffic says of spans of layers, for one size of tensors that wait. What most layers
// make is one tensor that layers in a row read, and these are added up once for all spans.
class SpanTraffic {
 public:
  // Keeps a reference. O(crossings).
  SpanTraffic(const LayerTraffic& traffic, std::int64_t retained_bits);

  // Equals `traffic.of(span, retained_bits)`. O(crossings that begin in the span, or are of tensors
  // read with gaps or in several forms + outputs of the network).
  LayerBits of(UnitSpan span) const;

 private:
  struct Entering {
    std::int64_t load_bits = 0;
    std::int64_t retained_bits = 0;
    void operator+=(const Entering& other) noexcept {
      load_bits += other.load_bits;
      retained_bits += other.retained_bits;
    }
    void operator-=(const Entering& other) noexcept {
      load_bits -= other.load_bits;
      retained_bits -= other.retained_bits;
    }
  };
  // Of origins that cross at all.
  bool is_plain(std::size_t origin) const noexcept;
  Entering entering(std::size_t origin) const;
  void sum_up();

  const LayerTraffic& traffic_;
  std::int64_t retained_bits_;
  std::vector<std::size_t> first_;            // crossing of each origin, and behind the last
  std::vector<std::int32_t> least_layer_;     // of the outputs up to each
  std::vector<std::int64_t> weights_before_;  // each layer
  // Of plain origins first read, and last read, before each layer.
  std::vector<Entering> begun_;
  std::vector<Entering> over_;
  std::vector<std::int32_t> others_;  // origins that are not plain

  friend class SpanAccount;
};

}  // namespace imbrex::segments
