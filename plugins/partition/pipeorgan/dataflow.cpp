#include "dataflow.hpp"

#include <imbrex/toolkit/spatial/pipeline_granularity.hpp>
#include <imbrex/values/region.hpp>

#include <algorithm>
#include <array>

namespace imbrex::pipeorgan {
namespace {

// Which loops are outermost: positions (the weights pass by once per tile), output channels (what a
// consumer with input channels outermost can follow), or input channels.
enum class Order : std::uint8_t { positions, output_channels, input_channels };
constexpr std::array kOrders = {Order::positions, Order::output_channels, Order::input_channels};

std::vector<std::int64_t> tiles_up_to(std::int64_t largest) {
  std::vector<std::int64_t> tiles;
  for (std::int64_t tile = 1; tile <= largest; tile *= 2) {
    tiles.push_back(tile);
  }
  return tiles;
}

class Chooser {
 public:
  Chooser(const Workload& workload, const segments::LayerSequence& sequence, std::size_t begin,
          std::size_t end, std::span<const spatial::SegmentEdge> edges, bool positions_only)
      : edges_(edges), positions_only_(positions_only) {
    for (std::size_t i = begin; i < end; ++i) {
      layers_.push_back(&workload.at(sequence.operators[i]));
    }
    const auto narrow = [](const Operator* op) { return op->bounds[Dim::P] <= 1; };
    along_ = std::all_of(layers_.begin(), layers_.end(), narrow) ? Dim::Q : Dim::P;
  }

  std::vector<Dataflow> run() {
    if (layers_.size() == 1) {
      Dataflow whole;
      whole.shapes.push_back({JobShape::Kind::layer});
      return {whole};
    }
    std::vector<Order> orders;
    extend(orders);
    return std::move(found_);
  }

 private:
  // All assignments of orders in which every cut can hand over piece by piece, with all tiles.
  void extend(std::vector<Order>& orders) {
    if (orders.size() == layers_.size()) {
      add_tiles(orders);
      return;
    }
    for (const Order order : kOrders) {
      if (positions_only_ && order != Order::positions) {
        continue;
      }
      orders.push_back(order);
      const std::size_t stage = orders.size() - 1;
      if (stage == 0 || hands_over(orders, stage - 1, 1)) {
        extend(orders);
      }
      orders.pop_back();
    }
  }

  bool hands_over(const std::vector<Order>& orders, std::size_t cut, std::int64_t tile) const {
    return granularity(orders, cut, tile).intervals > 1;
  }

  // Positions of the last stage that one interval covers, seen from stage i.
  std::int64_t tile_at(std::size_t stage, std::int64_t tile) const {
    const std::int64_t here = layers_[stage]->bounds[along_];
    return std::min(here, ceil_div(here * tile, layers_.back()->bounds[along_]));
  }

  std::vector<spatial::TileLoop> loops(Order order, std::size_t stage, std::int64_t tile) const {
    const auto& bounds = layers_[stage]->bounds;
    const Dim other = along_ == Dim::P ? Dim::Q : Dim::P;
    const spatial::TileLoop positions{along_, tile_at(stage, tile)};
    const spatial::TileLoop rest{other, bounds[other]};
    const spatial::TileLoop outputs{Dim::K,
                                    order == Order::output_channels ? tile : bounds[Dim::K]};
    const spatial::TileLoop inputs{Dim::C, order == Order::input_channels ? tile : bounds[Dim::C]};
    switch (order) {
      case Order::positions:
        break;
      case Order::output_channels:
        return {outputs, positions_whole(stage), rest, inputs};
      case Order::input_channels:
        return {inputs, positions_whole(stage), rest, outputs};
    }
    return {positions, rest, outputs, inputs};
  }
  spatial::TileLoop positions_whole(std::size_t stage) const {
    return {along_, layers_[stage]->bounds[along_]};
  }

  // What the tensor between two stages is for the rule: the producer's output, and how many of its
  // rows a row of the consumer advances over (pooling between them included).
  spatial::Granularity granularity(const std::vector<Order>& orders, std::size_t cut,
                                   std::int64_t tile) const {
    const Operator& producer = *layers_[cut];
    const Operator& consumer = *layers_[cut + 1];
    const bool by_channels = orders[cut] != Order::positions;
    if (by_channels && (producer.bounds[Dim::G] > 1 || consumer.bounds[Dim::G] > 1)) {
      return {};  // channels of groups are not one dimension
    }
    spatial::Cut shared;
    shared.extent = producer.bounds.bound;
    shared.extent[index(Dim::K)] *= producer.bounds[Dim::G];
    for (const auto& [axis, dim] : {std::pair(0, Dim::P), std::pair(1, Dim::Q)}) {
      shared.stride[static_cast<std::size_t>(axis)] = std::max<std::int64_t>(
          1, producer.bounds[dim] / std::max<std::int64_t>(1, consumer.bounds[dim]));
    }
    return spatial::finest_granularity(shared, loops(orders[cut], cut, tile),
                                       loops(orders[cut + 1], cut + 1, tile));
  }

  void add_tiles(const std::vector<Order>& orders) {
    const bool by_channels = orders.front() != Order::positions;
    const std::int64_t extent =
        by_channels ? layers_.front()->bounds[Dim::K] : layers_.back()->bounds[along_];
    for (const std::int64_t tile : tiles_up_to(extent / 2)) {
      add(orders, tile);
    }
  }

  void add(const std::vector<Order>& orders, std::int64_t tile) {
    Dataflow flow;
    flow.intervals = 0;
    std::vector<std::int64_t> lag{0};  // intervals that a stage stays behind the first
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      flow.shapes.push_back(shape(orders[i], i, tile));
      if (i + 1 == layers_.size()) {
        break;
      }
      const spatial::Granularity cut = granularity(orders, i, tile);
      if (cut.intervals < 2) {
        return;
      }
      flow.intervals =
          flow.intervals == 0 ? cut.intervals : std::min(flow.intervals, cut.intervals);
      flow.edges.push_back({cut.words, orders[i] == Order::positions ? kept_rows(i) : 0});
      lag.push_back(lag.back() + 1 + (orders[i] == Order::positions ? halo(i, tile) : 0));
    }
    for (std::size_t e = flow.edges.size(); e < edges_.size(); ++e) {
      const spatial::SegmentEdge& skip = edges_[e];
      const std::int64_t words = ceil_div(skip.words, flow.intervals);
      const std::int64_t waits = lag[static_cast<std::size_t>(skip.consumer)] -
                                 lag[static_cast<std::size_t>(skip.producer)];
      flow.edges.push_back({words, waits * words});
    }
    found_.push_back(std::move(flow));
  }

  JobShape shape(Order order, std::size_t stage, std::int64_t tile) const {
    switch (order) {
      case Order::positions:
        break;
      case Order::output_channels:
        return {JobShape::Kind::output_channels, tile};
      case Order::input_channels:
        return {JobShape::Kind::input_channels, tile};
    }
    const std::int64_t here = tile_at(stage, tile);
    return along_ == Dim::P ? JobShape{JobShape::Kind::rows, here}
                            : JobShape{JobShape::Kind::block, 1, here};
  }

  std::int64_t halo(std::size_t cut, std::int64_t tile) const {
    const Operator& consumer = *layers_[cut + 1];
    const std::size_t axis = along_ == Dim::P ? 0 : 1;
    return spatial::halo_intervals(consumer.bounds[along_ == Dim::P ? Dim::R : Dim::S],
                                   consumer.stride[axis], consumer.pad_begin[axis],
                                   tile_at(cut, tile));
  }
  // A line buffer along the direction in which intervals advance.
  std::int64_t kept_rows(std::size_t cut) const {
    const Operator& producer = *layers_[cut];
    const Operator& consumer = *layers_[cut + 1];
    const bool rows = along_ == Dim::P;
    return spatial::line_buffer_words(
        consumer.bounds[rows ? Dim::R : Dim::S], consumer.stride[rows ? 0 : 1],
        producer.bounds[rows ? Dim::Q : Dim::P], producer.bounds[Dim::K] * producer.bounds[Dim::G]);
  }

  std::span<const spatial::SegmentEdge> edges_;
  const bool positions_only_;
  std::vector<const Operator*> layers_;
  Dim along_ = Dim::P;
  std::vector<Dataflow> found_;
};

}  // namespace

std::vector<spatial::SegmentEdge> edges_of(const segments::LayerSequence& sequence,
                                           std::size_t begin, std::size_t end) {
  std::vector<spatial::SegmentEdge> edges;
  for (std::size_t i = begin; i + 1 < end; ++i) {
    const auto stage = static_cast<std::int32_t>(i - begin);
    edges.push_back({stage, stage + 1, sequence.layers[i].handed_words});
  }
  const auto base = static_cast<std::int32_t>(begin);
  segments::for_each_skip_inside(
      sequence.skips, base, static_cast<std::int32_t>(end), [&](const segments::SkipTensor& skip) {
        edges.push_back({skip.producer - base, skip.consumer - base, skip.words});
      });
  return edges;
}

std::vector<Dataflow> dataflows(const Workload& workload, const segments::LayerSequence& sequence,
                                std::size_t begin, std::size_t end,
                                std::span<const spatial::SegmentEdge> edges, bool positions_only) {
  return Chooser(workload, sequence, begin, end, edges, positions_only).run();
}

}  // namespace imbrex::pipeorgan
