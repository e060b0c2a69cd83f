#include "optimum/lattice.hpp"

#include <algorithm>

namespace imbrex::optimum {
namespace {

std::vector<std::int64_t> divisors_of(std::int64_t bound) {
  std::vector<std::int64_t> divisors;
  for (std::int64_t d = 1; d * d <= bound; ++d) {
    if (bound % d == 0) {
      divisors.push_back(d);
      if (d * d != bound) {
        divisors.push_back(bound / d);
      }
    }
  }
  std::sort(divisors.begin(), divisors.end());
  return divisors;
}

std::vector<std::uint8_t> quotients_of(const std::vector<std::int64_t>& divisors) {
  std::vector<std::uint8_t> quotients;
  for (const std::int64_t of : divisors) {
    for (const std::int64_t by : divisors) {
      const auto at = std::lower_bound(divisors.begin(), divisors.end(), of / by);
      quotients.push_back(of % by == 0 ? static_cast<std::uint8_t>(at - divisors.begin())
                                       : kNoDivisor);
    }
  }
  return quotients;
}

std::vector<std::uint8_t> products_of(const std::vector<std::int64_t>& divisors) {
  std::vector<std::uint8_t> products;
  for (const std::int64_t of : divisors) {
    for (const std::int64_t by : divisors) {
      const auto at = std::lower_bound(divisors.begin(), divisors.end(), of * by);
      products.push_back(at != divisors.end() && *at == of * by
                             ? static_cast<std::uint8_t>(at - divisors.begin())
                             : kNoDivisor);
    }
  }
  return products;
}

}  // namespace

Lattice::Lattice(const LoopBounds& bounds) {
  for (std::size_t d = 0; d < kDimCount; ++d) {
    divisors_[d] = divisors_of(bounds.bound[d]);
    quotients_[d] = quotients_of(divisors_[d]);
    products_[d] = products_of(divisors_[d]);
    stride_[d] = size_;
    size_ *= static_cast<std::uint32_t>(divisors_[d].size());
  }
}

double Lattice::size_of(const LoopBounds& bounds) {
  double size = 1;
  for (const std::int64_t bound : bounds.bound) {
    const std::size_t count = divisors_of(bound).size();
    size *= count <= kMostDivisors ? static_cast<double>(count) : 0;
  }
  return size;
}

}  // namespace imbrex::optimum
