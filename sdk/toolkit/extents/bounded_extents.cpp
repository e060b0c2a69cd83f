#include <imbrex/toolkit/extents/bounded_extents.hpp>

namespace imbrex::extents {

std::int64_t bounded_product(std::span<const std::int64_t> extents) noexcept {
  std::int64_t product = 1;
  for (const std::int64_t extent : extents) {
    product = bounded_product(product, extent);
  }
  return product;
}

}  // namespace imbrex::extents
