// What a number that a component returned must be, and the error that names the component when it
// is not.
#pragma once

#include <imbrex/plugin/error.hpp>
#include <imbrex/values/ids.hpp>
#include <imbrex/values/work_order.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace imbrex::run {

constexpr bool is_time(std::int64_t ps) noexcept {
  return ps >= 0 && ps < kTimeLimitPs;
}
inline bool is_amount(double value) noexcept {
  return std::isfinite(value) && value >= 0;
}
constexpr bool is_verdict(Verdict verdict) noexcept {
  return static_cast<std::uint8_t>(verdict) <= static_cast<std::uint8_t>(Verdict::unsupported);
}

// One answer for each question. Otherwise the caller is mistaken, whoever that is: the guard around
// the call says so.
inline void require_sizes(std::string_view method, std::size_t asked, std::size_t room) {
  if (asked != room) {
    throw Error(ErrorCode::failed, "asked the cost model's " + std::string(method) + " about " +
                                       std::to_string(asked) + " things with room for " +
                                       std::to_string(room) + " answers; both must be equal");
  }
}

// Checks of one answer. `Subject` is called for the words only when something is wrong: "job_clock
// of operator 'conv1'".
template <class Subject>
class ValueChecks {
 public:
  ValueChecks(std::string_view where, Subject subject) : where_(where), subject_(subject) {}

  void time(std::string_view field, std::int64_t ps) const {
    if (ps < 0) {
      blame(field, std::to_string(ps), "times must be from 0 to below 2^53 ps");
    }
    if (ps >= kTimeLimitPs) {
      too_long(std::string(field) + " = " + std::to_string(ps));
    }
  }
  void count(std::string_view field, std::int64_t value, std::int64_t least = 0) const {
    if (value < least) {
      blame(field, std::to_string(value), "it must be at least " + std::to_string(least));
    }
  }
  void amount(std::string_view field, double value) const {
    if (!is_amount(value)) {
      blame(field, std::to_string(value), "it must be finite and at least 0");
    }
  }
  void verdict(Verdict verdict) const {
    if (!is_verdict(verdict)) {
      blame("verdict", std::to_string(static_cast<unsigned>(verdict)),
            "it must be 0 (feasible), 1 (infeasible) or 2 (unsupported)");
    }
  }
  [[noreturn]] void blame(std::string_view field, const std::string& value,
                          std::string_view rule) const {
    throw BlamedError(where_, subject_() + " has " + std::string(field) + " = " + value + "; " +
                                  std::string(rule));
  }
  // Nobody's fault for sure: layers and parameters of the recipe may ask for it.
  [[noreturn]] void too_long(const std::string& what) const {
    throw InputError(
        std::string(where_) + ": " + subject_() + " has " + what +
        ": 2^53 ps (2.5 hours) or more cannot be counted exactly; check the times among "
        "its parameters and the size of the layer");
  }
  // Anything else that is wrong with the answer.
  [[noreturn]] void blame(const std::string& what) const {
    throw BlamedError(where_, subject_() + " " + what);
  }

 private:
  std::string_view where_;
  Subject subject_;
};

}  // namespace imbrex::run
