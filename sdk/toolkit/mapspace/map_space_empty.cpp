// Why a space has no mapping, and the smallest change that would help. Every question is a space of
// its own, with one constraint less or another number; nothing here is fast, nor need it be.
#include "mapspace/map_space_impl.hpp"

#include <imbrex/toolkit/mapspace/map_space.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace imbrex::mapspace {
namespace {

// Numbers tried instead of the one that leaves nothing.
constexpr std::int64_t kTries = 24;

bool is_floor(const FactorConstraint& factor) noexcept {
  return factor.minimum == 1 && factor.maximum == INT64_MAX;
}

// Dimensions may be missing from a slot because of a constraint that forbids them there.
void forget_ban(const FactorConstraint& factor, MapSpaceSpec& spec) {
  if (factor.maximum == 1) {
    spec.slots[factor.slot].dims =
        static_cast<DimMask>(spec.slots[factor.slot].dims | dim_bit(factor.dim));
  }
}

class Emptiness {
 public:
  explicit Emptiness(const MapSpaceSpec& spec) : spec_(spec) {
    for (const FactorConstraint& factor : spec.factors) {
      if (std::find(origins_.begin(), origins_.end(), factor.origin) == origins_.end()) {
        origins_.push_back(factor.origin);
      }
    }
  }

  std::string text() const {
    if (MapSpace(with({})).empty()) {
      return "the slots cannot hold the operator's loop bounds at all";
    }
    std::string text;
    for (const std::string& origin : origins_) {
      const MapSpace::Index others = MapSpace(without(origin)).size();
      if (others > 0) {
        text += text.empty() ? blame(origin) + "; without it" : "; without " + origin;
        text += " there are " + decimal(others);
      }
    }
    if (!text.empty()) {
      return text;
    }
    for (std::size_t slot = 0; slot < spec_.slots.size(); ++slot) {
      MapSpaceSpec spec = spec_;
      spec.slots[slot].fanout_floor = 1;
      if (spec_.slots[slot].fanout_floor > 1 && !MapSpace(std::move(spec)).empty()) {
        return unreached(slot, "");
      }
    }
    std::vector<std::string> given;
    for (const std::string& origin : origins_) {
      given.push_back(origin);
      if (MapSpace(with(given)).empty()) {
        return "no mapping satisfies " + origin +
               (given.size() > 1 ? " together with the constraints before it" : "");
      }
    }
    return "the constraints contradict one another";
  }

 private:
  bool is_floor_of(const std::string& origin, std::size_t slot) const {
    return std::any_of(spec_.factors.begin(), spec_.factors.end(),
                       [&](const FactorConstraint& factor) {
                         return is_floor(factor) && factor.slot == slot && factor.origin == origin;
                       });
  }

  // The constraints of the given origins only.
  MapSpaceSpec with(const std::vector<std::string>& given) const {
    MapSpaceSpec spec = spec_;
    spec.factors.clear();
    for (std::size_t slot = 0; slot < spec.slots.size(); ++slot) {
      const bool keeps = std::any_of(given.begin(), given.end(), [&](const std::string& origin) {
        return is_floor_of(origin, slot);
      });
      spec.slots[slot].fanout_floor = keeps ? spec.slots[slot].fanout_floor : 1;
    }
    for (const FactorConstraint& factor : spec_.factors) {
      forget_ban(factor, spec);
    }
    for (const FactorConstraint& factor : spec_.factors) {
      if (std::find(given.begin(), given.end(), factor.origin) != given.end()) {
        spec.factors.push_back(factor);
      }
    }
    return spec;
  }

  MapSpaceSpec without(const std::string& origin) const {
    MapSpaceSpec spec = spec_;
    for (const FactorConstraint& factor : spec_.factors) {
      if (factor.origin == origin) {
        forget_ban(factor, spec);
        spec.slots[factor.slot].fanout_floor =
            is_floor(factor) ? 1 : spec.slots[factor.slot].fanout_floor;
      }
    }
    std::erase_if(spec.factors,
                  [&](const FactorConstraint& factor) { return factor.origin == origin; });
    return spec;
  }

  // The constraint that alone leaves nothing, with a number that would do.
  std::string blame(const std::string& origin) const {
    const auto first =
        std::find_if(spec_.factors.begin(), spec_.factors.end(),
                     [&](const FactorConstraint& factor) { return factor.origin == origin; });
    if (is_floor(*first)) {
      return unreached(first->slot, ", which " + origin + " asks for");
    }
    const auto at = static_cast<std::size_t>(first - spec_.factors.begin());
    const bool is_only =
        std::count_if(spec_.factors.begin(), spec_.factors.end(),
                      [&](const FactorConstraint& factor) { return factor.origin == origin; }) == 1;
    return "no mapping satisfies " + origin + (is_only ? nearest(at) : "");
  }

  // The nearest number that leaves something, ties downwards.
  std::string nearest(std::size_t at) const {
    const FactorConstraint& factor = spec_.factors[at];
    const bool is_exact = factor.minimum == factor.maximum;
    const bool is_least = factor.maximum == INT64_MAX;
    const std::int64_t given = is_exact || is_least ? factor.minimum : factor.maximum;
    for (std::int64_t distance = 1; distance <= kTries; ++distance) {
      for (const std::int64_t value : {given - distance, given + distance}) {
        MapSpaceSpec spec = spec_;
        FactorConstraint& other = spec.factors[at];
        other.minimum = is_exact || is_least ? value : other.minimum;
        other.maximum = is_least ? INT64_MAX : value;
        const bool is_sensible = value >= 1 && value <= spec_.bounds[factor.dim];
        if (!is_sensible || factorisations_of(spec, index(factor.dim)).empty()) {
          continue;
        }
        const MapSpace::Index left = MapSpace(std::move(spec)).size();
        if (left > 0) {
          return "; with " + std::string(kDimNames[index(factor.dim)]) +
                 (is_exact   ? " = "
                  : is_least ? " >= "
                             : " <= ") +
                 std::to_string(value) + " there are " + decimal(left);
        }
      }
    }
    return "";
  }

  // The largest floor that can be met, by bisection: what meets a floor meets all lower ones.
  std::string unreached(std::size_t slot, const std::string& origin) const {
    const MapSlot& limits = spec_.slots[slot];
    std::int64_t met = 1;
    std::int64_t unmet = limits.fanout_floor;
    while (met + 1 < unmet) {
      const std::int64_t middle = met + (unmet - met) / 2;
      MapSpaceSpec spec = spec_;
      spec.slots[slot].fanout_floor = middle;
      (MapSpace(std::move(spec)).empty() ? unmet : met) = middle;
    }
    return "no mapping reaches " + std::to_string(limits.fanout_floor) +
           (limits.fanout > 0 ? " of " + std::to_string(limits.fanout) : "") + " in slot '" +
           limits.name + "'" + origin + "; " + std::to_string(met) + " can be reached";
  }

  const MapSpaceSpec& spec_;
  std::vector<std::string> origins_;  // in the order given
};

}  // namespace

std::string MapSpace::why_empty() const {
  return empty() ? Emptiness(impl_->spec).text() : std::string();
}

}  // namespace imbrex::mapspace
