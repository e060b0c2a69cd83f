// Recipes may pin plugins to the SHA-256 of their library: [plugins.pin] "acme.roofline" =
// "sha256:...".
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace imbrex::plugin {

using Pins = std::map<std::string, std::string>;

// Errors: InputError naming every pin that is not "sha256:" and 64 lower-case hexadecimal digits.
void check_pins_well_formed(const Pins& pins);

// Why a library with this id and digest must not be used; empty when it may, or is not pinned.
std::string pin_problem(const Pins& pins, std::string_view plugin_id, std::string_view sha256_hex);

// The plugin id that a file name stands for: acme-roofline.imbrex.so -> acme.roofline, with the
// first hyphen as the dot. Empty without a hyphen.
std::string id_from_file_name(std::string_view file_name);

}  // namespace imbrex::plugin
