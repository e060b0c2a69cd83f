#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/analysis/dealing.hpp>

#include <bit>
#include <cmath>
#include <string>

namespace imbrex::analysis {
namespace {

// Rounded up; 0 bits per ps: free.
std::int64_t transfer_ps(double bits, double bits_per_ps) {
  if (bits_per_ps <= 0) {
    return 0;
  }
  const double ps = std::ceil(bits / bits_per_ps);
  if (!(ps < 0x1p53)) {
    throw InputError("moving a job to another server takes " + std::to_string(ps) + " ps at " +
                     std::to_string(bits_per_ps) + " bit/ps; times must stay below 2^53 ps");
  }
  return static_cast<std::int64_t>(ps);
}

}  // namespace

JobLoad job_load(const Workload& workload, OperatorId id, const DimBox& box) noexcept {
  const Operator& op = workload.at(id);
  JobLoad load;
  for (std::size_t k = 0; k < op.inputs.size(); ++k) {
    load.input_bits +=
        workload.input_region(id, k, box).elements() * workload.at(op.inputs[k]).bits_per_element;
  }
  if (op.stationary_weights) {
    load.weight_bits = op.weight_bits_per_element;
    for (const Dim d : {Dim::G, Dim::K, Dim::C, Dim::R, Dim::S}) {
      load.weight_bits *= box[d].extent();
    }
  }
  load.sum_bits =
      workload.output_region(id, box).elements() * workload.at(op.output).bits_per_element;
  return load;
}

std::int64_t move_ps(const JobLoad& load, const DealingCosts& costs) {
  const std::int64_t bits = load.input_bits + (costs.move_weights ? load.weight_bits : 0);
  return transfer_ps(static_cast<double>(bits), costs.bits_per_ps);
}

std::int64_t merge_ps(const JobLoad& load, std::int64_t apart, const DealingCosts& costs) {
  const auto rounds = std::bit_width(static_cast<std::uint64_t>(apart - 1));
  const double bits = static_cast<double>(apart - 1) * static_cast<double>(load.sum_bits);
  return static_cast<std::int64_t>(rounds) * costs.merge_add_ps +
         transfer_ps(bits, costs.bits_per_ps);
}

}  // namespace imbrex::analysis
