// Which stages run in a child process of their own, and what they may take there.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::run {

struct Isolation {
  bool every_stage = false;
  std::vector<std::string> components;  // ids: every stage in which one of them takes part
  std::optional<double> seconds;        // of one stage; none: no limit
  std::int64_t memory_bytes = 0;        // beyond what the run has at its begin; 0: no limit

  // `ids`: the stage, and whose code it runs.
  bool applies_to(std::initializer_list<std::string_view> ids) const {
    return every_stage || std::any_of(ids.begin(), ids.end(), [this](std::string_view id) {
             return std::find(components.begin(), components.end(), id) != components.end();
           });
  }
};

}  // namespace imbrex::run
