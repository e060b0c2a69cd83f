// The calls that change what lies on disk, one function each, so that a result folder is exactly
// the sequence of them that result_folder.cpp spells out. They return what went wrong instead of
// throwing it, because the caller often knows what to do about it.
#pragma once

#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>

namespace imbrex::result {

// Makes one folder. Errors: as mkdir; EEXIST when there is something.
std::error_code make_folder(const std::filesystem::path& folder);
// Makes it and all its parents, each of them synced. It may be there already.
std::error_code make_folders(const std::filesystem::path& folder);
// Makes a new file; its content is on its way to the disk on return. Errors: as open and write.
std::error_code write_new_file(const std::filesystem::path& file, std::string_view content);
// On return the content of these files of the folder, made by `write_new_file`, and the names in
// the folder are on disk. One after another, each of them would wait for a write of the file
// system's journal; together they share a few. Errors: as fsync, of the first file that has one.
std::error_code sync_files(const std::filesystem::path& folder,
                           const std::set<std::string, std::less<>>& names);
// On return the names in the folder are on disk. File systems that cannot do this are no error.
std::error_code sync_folder(const std::filesystem::path& folder);
// Renames within one file system in one step and never over anything that holds something. Errors:
// EEXIST when there is something; as rename.
std::error_code rename_to_new(const std::filesystem::path& from, const std::filesystem::path& to);
// Two names change places in one step. Errors: as renameat2; `cannot_exchange` tells whether the
// kernel or the file system does not know how.
std::error_code exchange(const std::filesystem::path& one, const std::filesystem::path& other);
bool cannot_exchange(const std::error_code& error) noexcept;
// Removes whatever is there, as far as it can.
void remove_whole(const std::filesystem::path& folder);

// For tests: asked before each of these calls with the name of the function; another answer than 0
// is the error number with which the call fails without having done anything. Null: never asked.
using DiskFault = int (*)(std::string_view call);
void inject_disk_faults(DiskFault fault) noexcept;

}  // namespace imbrex::result
