#pragma once

#include "result/result_list.hpp"

#include <string>
#include <vector>

namespace imbrex::app {

// What `imbrex log --json` prints. Ends with a newline.
std::string log_json(const std::vector<result::ListedResult>& results);

}  // namespace imbrex::app
