#include "plugin/pins.hpp"

#include "plugin/library_file.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::plugin {
namespace {

constexpr std::string_view kScheme = "sha256:";
constexpr std::size_t kDigits = 64;

bool is_well_formed(std::string_view pin) {
  if (!pin.starts_with(kScheme) || pin.size() != kScheme.size() + kDigits) {
    return false;
  }
  pin.remove_prefix(kScheme.size());
  return std::all_of(pin.begin(), pin.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

void check_pins_well_formed(const Pins& pins) {
  std::string problems;
  for (const auto& [id, pin] : pins) {
    if (!is_well_formed(pin)) {
      problems += fmt::format(
          "{}pin of plugin '{}' is '{}'; expected '{}' and {} lower-case "
          "hexadecimal digits",
          problems.empty() ? "" : "\n", id, pin, kScheme, kDigits);
    }
  }
  if (!problems.empty()) {
    throw InputError(problems);
  }
}

std::string pin_problem(const Pins& pins, std::string_view plugin_id, std::string_view sha256_hex) {
  const auto pin = pins.find(std::string(plugin_id));
  if (pin == pins.end() || pin->second == fmt::format("{}{}", kScheme, sha256_hex)) {
    return {};
  }
  return fmt::format(
      "plugin '{}' is pinned to {}, this file is {}{}; restore that file or change "
      "the pin",
      plugin_id, pin->second, kScheme, sha256_hex);
}

std::string id_from_file_name(std::string_view file_name) {
  if (!file_name.ends_with(kPluginSuffix)) {
    return {};
  }
  std::string id(file_name.substr(0, file_name.size() - kPluginSuffix.size()));
  const std::size_t hyphen = id.find('-');
  if (hyphen == std::string::npos) {
    return {};
  }
  id[hyphen] = '.';
  return id;
}

}  // namespace imbrex::plugin
