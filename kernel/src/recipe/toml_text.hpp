// Values as TOML writes them.
#pragma once

#include <string>
#include <string_view>

namespace imbrex::recipe {

std::string toml_string(std::string_view text);
// In quotes only where it must be.
std::string toml_key(std::string_view key);
// Shortest text that reads back to the same number, and as a real one.
std::string toml_real(double value);

}  // namespace imbrex::recipe
