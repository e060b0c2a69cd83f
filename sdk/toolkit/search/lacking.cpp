#include "search/lacking.hpp"

namespace imbrex::search {
namespace {

// Enough to find out what is lacking; each costs what evaluating its layers costs.
constexpr std::int64_t kMostDesigns = 256;

}  // namespace

void Lacking::add(const CostModel& cost, const Design& design) {
  if (designs_ == kMostDesigns) {
    return;
  }
  ++designs_;
  for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
    const OperatorId op = operator_id(i);
    if (!design.mapping(op) ||
        !cost.shortfall(op, design.placement(op), *design.mapping(op)).has_value()) {
      continue;
    }
    Blame& blame = blamed_[op];
    blame.least.add(cost, op, design.placement(op), *design.mapping(op));
    ++blame.designs;
    return;
  }
}

std::string Lacking::text(const Workload& workload) const {
  const Blame* most = nullptr;
  OperatorId blamed = OperatorId::none;
  for (const auto& [op, blame] : blamed_) {
    if (most == nullptr || blame.designs > most->designs) {
      most = &blame;
      blamed = op;
    }
  }
  return most == nullptr ? std::string()
                         : "; operator '" + workload.at(blamed).name + "': " + most->least.text();
}

}  // namespace imbrex::search
