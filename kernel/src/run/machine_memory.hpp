// How much memory this process may use.
#pragma once

#include <cstdint>
#include <filesystem>

namespace imbrex::run {

// In bytes: the machine's, or less where a control group (of either version, at any height) or the
// limit of the address space allows less. 0: nobody says. `root` is where /proc and /sys are found,
// another folder in tests. Reads a few small files.
std::int64_t machine_memory(const std::filesystem::path& root = "/");

// What an analysis may take unless somebody says otherwise: three quarters, so that the network,
// the candidates of a search and the rest of the machine have room.
std::int64_t default_max_memory();

}  // namespace imbrex::run
