// What a session tells its caller, as the structs of imbrex/session.h with the texts that they
// point to.
#pragma once

#include "recipe/message.hpp"

#include <imbrex/session.h>
#include <imbrex/values/result.hpp>

#include <string>
#include <vector>

namespace imbrex::session {

// Structs point into the texts, so neither is copied. [one thread]
class Diagnostics {
 public:
  Diagnostics() = default;
  Diagnostics(const Diagnostics&) = delete;
  Diagnostics& operator=(const Diagnostics&) = delete;

  // `errors` and `notes`: as they are printed; either may be empty.
  void read(const std::string& errors, const std::string& notes);
  const std::vector<imbrex_diagnostic>& all() const noexcept { return structs_; }

 private:
  struct Texts {
    recipe::Message message;
    std::string severity;
    std::string suggestion;
    std::string excerpt;
  };
  std::vector<Texts> texts_;
  std::vector<imbrex_diagnostic> structs_;
};

// They point into `result`.
std::vector<imbrex_metric> metrics_of(const Result& result);
std::vector<imbrex_operator> operators_of(const Result& result);

}  // namespace imbrex::session
