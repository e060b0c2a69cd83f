// The best mappings found so far where time and energy both count. [one thread]
#pragma once

#include <imbrex/toolkit/optimum/front.hpp>

#include <vector>

namespace imbrex::optimum {

class Archive {
 public:
  // Energies within `margin` of one another, of the larger, are equal.
  explicit Archive(double margin) : margin_(margin) {}

  // Is some mapping at least as fast, and no worse in energy?
  bool covers(std::int64_t latency_ps, double energy_pj) const noexcept;
  // Requires: not covered. Those that it covers go.
  void add(const Mapping& mapping, const LayerCost& cost);
  // Fastest first, each with less energy than the one before. The archive is empty afterwards.
  std::vector<FrontPoint> take();

 private:
  double margin_;
  std::vector<std::int64_t> latency_ps_;  // ascending
  std::vector<FrontPoint> points_;        // likewise; energies descend
};

}  // namespace imbrex::optimum
