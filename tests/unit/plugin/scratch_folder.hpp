// A folder for the copies and files of one test, removed with it.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <openssl/sha.h>
#include <stdlib.h>

namespace imbrex {

inline std::filesystem::path fixture(const std::string& name) {
  return std::filesystem::path(IMBREX_FIXTURE_DIR) / ("fixture-" + name + ".imbrex.so");
}

class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "imbrex-XXXXXX").string();
    path_ = std::filesystem::canonical(mkdtemp(pattern.data()));
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // Another file with the same bytes: for the loader, another library.
  std::filesystem::path copy(const std::string& fixture_name, const std::string& file_name) const {
    std::filesystem::copy_file(fixture(fixture_name), path_ / file_name);
    return path_ / file_name;
  }
  std::filesystem::path write(const std::string& file_name, const std::string& content) const {
    std::ofstream(path_ / file_name, std::ios::binary) << content;
    return path_ / file_name;
  }

 private:
  std::filesystem::path path_;
};

inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// By OpenSSL's one-shot function, not by the kernel's own.
inline std::string sha256_of_content(const std::filesystem::path& path) {
  const std::string content = content_of(path);
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest);
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += "0123456789abcdef"[byte / 16];
    hex += "0123456789abcdef"[byte % 16];
  }
  return hex;
}

}  // namespace imbrex
