// What is said of the needs of single elements, against the elements themselves: along random ways
// through random operators, every element that must be needed is.
#include "language/element_need.hpp"

#include "layers.hpp"

#include <imbrex/plugin/host.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

constexpr std::uint64_t kSeed = 47;

using Element = std::array<std::int64_t, kMaxRank>;

template <class Visit>
void for_each(const Region& region, Visit visit) {
  Element at{};
  const auto walk = [&](const auto& self, std::size_t axis) -> void {
    if (axis == region.rank) {
      visit(at);
      return;
    }
    for (at[axis] = region.axis[axis].begin; at[axis] < region.axis[axis].end; ++at[axis]) {
      self(self, axis + 1);
    }
    at[axis] = 0;
  };
  walk(walk, 0);
}

Region single(const Element& element, const Shape& shape) {
  Region region = Region::whole(shape);
  for (std::size_t axis = 0; axis < shape.rank; ++axis) {
    region.axis[axis] = {element[axis], element[axis] + 1};
  }
  return region;
}

// By single iterations of a layer, or single elements of a movement operator.
std::set<Element> needed(const Workload& workload, OperatorId id, std::size_t operand,
                         const std::set<Element>& output) {
  const Operator& op = workload.at(id);
  std::set<Element> result;
  const auto add = [&](const Region& region) {
    for_each(region, [&](const Element& element) { result.insert(element); });
  };
  if (!op.has_macs()) {
    for (const Element& element : output) {
      add(op.maps[operand].apply(single(element, workload.at(op.output).shape)));
    }
    return result;
  }
  Region iterations;  // of all dimensions but the columns, of one sample
  iterations.rank = kMaxRank;
  constexpr std::array<Dim, kMaxRank> kDims = {Dim::G, Dim::K, Dim::C, Dim::P, Dim::R, Dim::S};
  for (std::size_t i = 0; i < kMaxRank; ++i) {
    iterations.axis[i] = {0, op.bounds[kDims[i]]};
  }
  for (std::int64_t q = 0; q < op.bounds[Dim::Q]; ++q) {
    for_each(iterations, [&](const Element& at) {
      DimBox box;
      box.dim.fill({0, 1});
      box[Dim::Q] = {q, q + 1};
      for (std::size_t i = 0; i < kMaxRank; ++i) {
        box[kDims[i]] = {at[i], at[i] + 1};
      }
      Element made{};
      const Region region = workload.output_region(id, box);
      for (std::size_t axis = 0; axis < region.rank; ++axis) {
        made[axis] = region.axis[axis].begin;
      }
      if (output.contains(made)) {
        add(workload.input_region(id, operand, box));
      }
    });
  }
  return result;
}

// Elements of the operand that `need` says are needed by `element`, any coordinate along axes of
// which nobody knows.
void expect_needed(const ElementNeed& need, const Shape& shape, const Element& element,
                   const std::set<Element>& found) {
  Region claimed = Region::whole(shape);
  for (std::size_t axis = 0; axis < shape.rank; ++axis) {
    const AxisNeed& one = need.axis[axis];
    if (one.kind == AxisNeed::Kind::same) {
      claimed.axis[axis] = {element[one.axis], element[one.axis] + 1};
    } else if (one.kind == AxisNeed::Kind::some) {
      claimed.axis[axis] = {0, 1};
    }
  }
  for_each(claimed, [&](const Element& wanted) {
    const bool there = std::any_of(found.begin(), found.end(), [&](const Element& other) {
      for (std::size_t axis = 0; axis < shape.rank; ++axis) {
        if (need.axis[axis].kind != AxisNeed::Kind::some && other[axis] != wanted[axis]) {
          return false;
        }
      }
      return true;
    });
    ASSERT_TRUE(there);
  });
}

class Generator {
 public:
  explicit Generator(Random& random) : random_(random) {}

  Workload generate() {
    TensorId at = builder_.input("x", test::image(4, 4, 3));
    const std::int64_t layers = random_.between(1, 5);
    for (std::int64_t i = 0; i < layers; ++i) {
      at = layer("op" + std::to_string(i), at);
    }
    return builder_.finish();
  }

 private:
  TensorId layer(const std::string& name, TensorId at) {
    return random_.below(2) == 0 ? moved(name, at)
                                 : builder_.convolution(name, at, convolved(builder_.at(at).shape));
  }

  ConvolutionParams convolved(const Shape& shape) {
    ConvolutionParams params = test::convolution(4, random_.below(2) == 0 ? 3 : 1);
    switch (random_.below(4)) {
      case 0:
        params.groups = shape[1] % 2 == 0 ? 2 : 1;
        break;
      case 1:
        params.window.stride = {random_.between(1, 2), 1};
        break;
      case 2:
        if (shape[2] >= 3 && shape[3] >= 2) {
          params.window.dilation = {2, 2};
          params.window.pad_begin = params.window.pad_end = {random_.between(1, 2), 2};
        }
        break;
      default:
        break;
    }
    return params;
  }

  TensorId moved(const std::string& name, TensorId at) {
    const Shape shape = builder_.at(at).shape;
    const std::int64_t axis[] = {random_.between(1, 3)};
    const std::int64_t begin[] = {0, 0, random_.between(0, 1), random_.between(0, 1)};
    const std::int64_t end[] = {0, 0, random_.between(0, 1), random_.between(0, 1)};
    const std::int64_t order[] = {0, 3, 1, 2};
    const TensorId twice[] = {at, at};
    switch (random_.below(8)) {
      case 0:
        return builder_.pool(name, at, test::convolution(4, 3).window);
      case 1:
        return builder_.softmax(name, at, axis);
      case 2:
        return sliced(name, at, axis[0]);
      case 3:
        return builder_.pad(name, at, begin, end);
      case 4:
        return builder_.transpose(name, at, order);
      case 5:
        return folded(name, at);
      case 6:
        return builder_.resize(name, at, test::image(shape[1], random_.between(1, 5), shape[3]),
                               WorkloadBuilder::ResizeMode::nearest);
      default:
        return builder_.concat(name, twice, axis[0]);
    }
  }

  // Rows and columns become one axis, and two again in another way.
  TensorId folded(const std::string& name, TensorId at) {
    const Shape shape = builder_.at(at).shape;
    const std::int64_t area = shape[2] * shape[3];
    const std::int64_t rows = area % 2 == 0 ? 2 : 1;
    const Shape flat{3, {1, shape[1], area, 1, 1, 1}};
    return builder_.reshape(name + "b", builder_.reshape(name, at, flat),
                            test::image(shape[1], rows, area / rows));
  }

  TensorId sliced(const std::string& name, TensorId at, std::int64_t axis) {
    const std::int64_t extent = builder_.at(at).shape[static_cast<std::size_t>(axis)];
    const std::int64_t begin = random_.between(0, extent - 1);
    return builder_.slice(name, at, axis, begin, random_.between(begin + 1, extent),
                          random_.between(1, 2));
  }

  Random& random_;
  WorkloadBuilder builder_{"chain"};
};

TEST(ElementNeed, IsNeverMoreThanWhatElementsNeed) {
  std::array<std::size_t, 3> kinds{};
  for (std::uint64_t round = 0; round < 3000; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    Random random(kSeed, round);
    const Workload workload = Generator(random).generate();
    std::size_t i = workload.operators().size() - 1;
    const Shape start = workload.at(workload.operators()[i].output).shape;
    Element element{};
    for (std::size_t axis = 0; axis < start.rank; ++axis) {
      element[axis] = random.between(0, start[axis] - 1);
    }
    std::set<Element> elements{element};
    std::optional<ElementNeed> need = same_element(start);
    for (;; --i) {
      const Operator& op = workload.operators()[i];
      const std::size_t operand = random.below(op.inputs.size());
      need = op.has_macs() ? need_behind_jobs(workload, operator_id(i), operand, *need)
                           : need_behind_movement(op.maps[operand], *need);
      if (!need) {
        break;
      }
      elements = needed(workload, operator_id(i), operand, elements);
      const Shape& shape = workload.at(op.inputs[operand]).shape;
      ASSERT_NO_FATAL_FAILURE(expect_needed(*need, shape, element, elements));
      for (std::size_t axis = 0; axis < shape.rank; ++axis) {
        ++kinds[static_cast<std::size_t>(need->axis[axis].kind)];
      }
      const OperatorId producer = workload.at(op.inputs[operand]).producer;
      if (producer == OperatorId::none) {
        break;
      }
      i = index(producer) + 1;
    }
  }
  for (const std::size_t count : kinds) {
    EXPECT_GT(count, 1000U);
  }
}

// Boxes against their elements.
TEST(ElementNeed, KnowsWhereBoxesAreTheirElements) {
  std::size_t unions = 0;
  for (std::uint64_t round = 0; round < 3000; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    Random random(kSeed, 100000 + round);
    const Workload workload = Generator(random).generate();
    for (const Operator& op : workload.operators()) {
      if (op.has_macs() || !boxes_are_unions(op.maps[0])) {
        continue;
      }
      Region box = Region::whole(workload.at(op.output).shape);
      for (std::size_t axis = 0; axis < box.rank; ++axis) {
        const std::int64_t extent = box.axis[axis].end;
        box.axis[axis].begin = random.between(0, extent - 1);
        box.axis[axis].end = random.between(box.axis[axis].begin + 1, extent);
      }
      std::set<Element> together;
      std::set<Element> apart;
      for_each(op.maps[0].apply(box), [&](const Element& element) { together.insert(element); });
      for_each(box, [&](const Element& made) {
        for_each(op.maps[0].apply(single(made, workload.at(op.output).shape)),
                 [&](const Element& element) { apart.insert(element); });
      });
      ASSERT_EQ(together, apart);
      ++unions;
    }
  }
  EXPECT_GT(unions, 1000U);
}

}  // namespace
}  // namespace imbrex
