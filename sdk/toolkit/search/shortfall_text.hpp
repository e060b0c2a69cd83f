#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace imbrex::search {

// "1 word", "192 words", "3 children".
inline std::string counted(std::int64_t count, std::string_view unit) {
  const bool is_one = count == 1 || unit.empty();
  return std::to_string(count) + " " + std::string(unit) +
         (is_one            ? ""
          : unit == "child" ? "ren"
                            : "s");
}

}  // namespace imbrex::search
