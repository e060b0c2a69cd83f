// Reading, naming and hashing of the files that recipes mention.
#pragma once

#include <imbrex/plugin/abi.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace imbrex {

// Whole content. Errors: InputError that says why, with the similarly named files of the folder.
IMBREX_API std::string read_text_file(const std::filesystem::path& path);

// Why a path cannot be read as a file, as the end of a sentence: "does not exist; did you mean
// 'x'?", "is a folder", ...; empty when it can be read.
IMBREX_API std::string why_unreadable(const std::filesystem::path& path);

// Lower-case hexadecimal SHA-256.
IMBREX_API std::string sha256_hex(std::string_view bytes);
// Errors: InputError when the file cannot be read.
IMBREX_API std::string sha256_hex_of_file(const std::filesystem::path& path);

}  // namespace imbrex
