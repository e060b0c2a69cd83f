// JSON in a page of HTML, for the scripts of the page.
#pragma once

#include <string>
#include <string_view>

namespace imbrex::text {

// The same JSON without '<', which it has in texts only: nothing in it can end the script that
// holds it. O(length). [any thread]
std::string for_script(std::string_view json);

// The page with this JSON in place of the first `mark`. Requires: there is one. O(length).
std::string page_with(std::string_view page, std::string_view mark, std::string_view json);

}  // namespace imbrex::text
