// Which process something belongs to, as a text that can stand in a file name: a process number
// alone says nothing after a restart of the machine or seen from another one.
#pragma once

#include <string>
#include <string_view>

namespace imbrex::result {

// Of this process: its number, when it began, its host with the process table that it sees, and
// the boot of that host. Digits and hyphens only.
std::string this_process();

// Whether `process` is what `this_process` once returned, letter for letter in its form.
bool names_a_process(std::string_view process);

// Only true when it is certain: a process of another host, or one that a container hides, counts as
// living. False for a text that names no process.
bool is_dead(std::string_view process);

}  // namespace imbrex::result
