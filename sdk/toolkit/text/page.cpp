#include <imbrex/toolkit/text/page.hpp>

namespace imbrex::text {

std::string for_script(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

std::string page_with(std::string_view page, std::string_view mark, std::string_view json) {
  std::string out(page);
  return out.replace(out.find(mark), mark.size(), for_script(json));
}

}  // namespace imbrex::text
