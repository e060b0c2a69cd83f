// Which operators a random network has.
#include "element_network.hpp"

namespace imbrex::elements {
namespace {

constexpr std::int64_t kMostElements = 300;

void add_inputs(ElementNetwork& net) {
  switch (net.random.below(4)) {
    case 0:
      net.input({net.pick(1, 2), net.pick(1, 4), net.pick(3, 6), net.pick(3, 6)});
      break;
    case 1:
      net.input({net.pick(2, 5), net.pick(1, 2), net.pick(1, 4)});
      break;
    case 2:
      net.input({net.pick(1, 5), net.pick(1, 5)});
      break;
    default:
      net.input({1, net.pick(1, 2), net.pick(2, 3), net.pick(2, 4), net.pick(2, 4)});
      break;
  }
}

bool add_one(ElementNetwork& net, std::span<const Maker> family, std::vector<std::string>& types) {
  const Maker& maker = family[net.random.below(family.size())];
  const Field& data = net.any();
  if (count(data.dims) > kMostElements || data.rank() > 5 || !maker.make(net, data)) {
    return false;
  }
  types.emplace_back(maker.type);
  return true;
}

}  // namespace

// Products twice as often as anything else, and one first, so that there are tokens.
void fill_at_random(ElementNetwork& net, std::vector<std::string>& types) {
  add_inputs(net);
  while (!add_one(net, net.flip() ? convolution_makers() : product_makers(), types)) {
  }
  const std::int64_t operators = net.pick(3, 9);
  for (std::int64_t made = 0, tried = 0; made < operators && tried < 60; ++tried) {
    const std::span<const Maker> families[] = {
        product_makers(),  convolution_makers(), pointwise_makers(),
        window_makers(),   movement_makers(),    picking_makers(),
        movement_makers(), recurrence_makers(),  compound_makers()};
    made += add_one(net, families[net.random.below(std::size(families))], types) ? 1 : 0;
  }
  net.finish();
}

}  // namespace imbrex::elements
