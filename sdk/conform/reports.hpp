// What came out of a session, in three forms. Pure.
#pragma once

#include "session.hpp"

#include <array>
#include <string>
#include <vector>

namespace imbrex::conform {

using Reports = std::vector<LibraryReport>;

// How often each status is there, in the order of the enumerators.
std::array<std::int64_t, 6> count_statuses(const Reports& reports);
bool any_red(const Reports& reports);

// For people: a line per check, what is wrong below it, the counts at the end. `brief`: only what
// did not pass.
std::string text_report(const Reports& reports, bool brief);
// For programs; format 1.
std::string json_report(const Reports& reports);
// For CI systems: JUnit's XML, a test case per check.
std::string junit_report(const Reports& reports);
// The checks there are, with what they ask.
std::string check_list();

}  // namespace imbrex::conform
