// The number of ways to cut is beyond 64 bits for all but the smallest networks. The only user of
// Boost.Multiprecision.
#include <imbrex/toolkit/segments/weight_units.hpp>

// GCC 12 sees overlapping copies in std::string's own operators (GCC bug 105329).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wrestrict"
#endif

#include <boost/multiprecision/cpp_int.hpp>

namespace imbrex::segments {

// paths[b] = sum of paths[a] over spans [a, b) that fit. Since `ends` never decreases, those a are
// consecutive and their first only moves forward.
std::string number_of_groups(std::span<const std::int32_t> ends) {
  using Number = boost::multiprecision::cpp_int;
  const std::size_t count = ends.size();
  std::vector<Number> paths(count + 1);
  paths[0] = 1;
  Number window = 0;
  std::size_t first = 0;
  for (std::size_t b = 1; b <= count; ++b) {
    window += paths[b - 1];
    while (static_cast<std::size_t>(ends[first]) < b) {
      window -= paths[first++];
    }
    paths[b] = window;
  }
  return paths[count].str();
}

}  // namespace imbrex::segments
