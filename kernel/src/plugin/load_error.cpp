#include "plugin/demangle.hpp"
#include "plugin/library.hpp"

#include <fmt/format.h>

namespace imbrex::plugin {
namespace {

constexpr std::string_view kUndefined = "undefined symbol: ";

std::string explain_undefined_symbol(std::string_view rest) {
  const std::string_view mangled = rest.substr(0, rest.find(','));  // ", version X" may follow
  const std::string symbol = demangle(std::string(mangled));
  const bool from_kernel = symbol.find("imbrex::") != std::string::npos;
  return fmt::format("undefined symbol {}; {}", symbol,
                     from_kernel ? "plugin expects a newer kernel"
                                 : "link the library that defines it into the plugin");
}

}  // namespace

std::string explain_load_error(std::string_view dlerror_text, std::string_view opened_path) {
  std::string_view text = dlerror_text;
  if (text.starts_with(opened_path) && text.substr(opened_path.size()).starts_with(": ")) {
    text.remove_prefix(opened_path.size() + 2);
  }
  if (text.starts_with(kUndefined)) {
    return explain_undefined_symbol(text.substr(kUndefined.size()));
  }
  if (text.find("cannot open shared object file") != std::string_view::npos) {
    return fmt::format("{}; install that library, or link it statically into the plugin", text);
  }
  if (text.find("' not found (required by") != std::string_view::npos) {
    return fmt::format("{}; it was built on a newer system, rebuild it on this one", text);
  }
  return std::string(text);
}

}  // namespace imbrex::plugin
