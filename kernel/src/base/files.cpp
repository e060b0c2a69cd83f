// The functions for one digest are deprecated in favour of those that this file goes without.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/files.hpp"

#include <imbrex/plugin/document.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include <fmt/format.h>
#include <openssl/sha.h>

namespace imbrex {
namespace {

namespace fs = std::filesystem;

// The similarly named file beside the missing one, or empty.
std::string similar_file(const fs::path& path) {
  std::error_code error;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  std::vector<std::string> names;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    names.push_back(it->path().filename().string());
  }
  // The folder's own order is not deterministic, and ties go to the first name.
  std::sort(names.begin(), names.end());
  const std::vector<std::string_view> views(names.begin(), names.end());
  return std::string(nearest_name(path.filename().string(), views));
}

std::string why_missing(const fs::path& path) {
  std::error_code error;
  const fs::path folder = path.parent_path();
  if (!folder.empty() && !fs::exists(folder, error)) {
    return fmt::format("does not exist (there is no folder '{}')", folder.string());
  }
  const std::string similar = similar_file(path);
  return similar.empty() ? "does not exist"
                         : fmt::format("does not exist; did you mean '{}'?", similar);
}

// OpenSSL's functions for one digest rather than its general ones: those read its configuration and
// register every algorithm that it knows first, which is 2 ms of each run.
class Sha256 {
 public:
  Sha256() { SHA256_Init(&state_); }
  void update(std::string_view bytes) { SHA256_Update(&state_, bytes.data(), bytes.size()); }
  std::string hex() {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256_Final(digest.data(), &state_);
    std::string result;
    for (const unsigned char byte : digest) {
      result += fmt::format("{:02x}", byte);
    }
    return result;
  }

 private:
  SHA256_CTX state_;
};

// Calls `consume` with the file's bytes, piece by piece.
template <class Consume>
void read_pieces(const fs::path& path, Consume consume) {
  const std::string reason = why_unreadable(path);
  if (!reason.empty()) {
    throw InputError(fmt::format("{}: error: the file {}", path.string(), reason));
  }
  std::ifstream stream(path, std::ios::binary);
  std::vector<char> buffer(1u << 16);
  while (stream) {
    stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    consume(std::string_view(buffer.data(), static_cast<std::size_t>(stream.gcount())));
  }
}

}  // namespace

std::string why_unreadable(const fs::path& path) {
  if (path.native().find('\0') != std::string::npos) {
    return "has a zero byte in its name";
  }
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) {
    return why_missing(path);
  }
  if (status.type() == fs::file_type::directory) {
    return "is a folder, not a file";
  }
  if (status.type() != fs::file_type::regular) {
    // Reading a pipe or a device could block or never end.
    return error ? fmt::format("cannot be read ({})", error.message()) : "is not a regular file";
  }
  errno = 0;
  const std::ifstream stream(path, std::ios::binary);
  return stream ? std::string() : fmt::format("cannot be read ({})", std::strerror(errno));
}

std::string read_text_file(const fs::path& path) {
  std::string text;
  read_pieces(path, [&](std::string_view piece) { text += piece; });
  return text;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 digest;
  digest.update(bytes);
  return digest.hex();
}

std::string sha256_hex_of_file(const fs::path& path) {
  Sha256 digest;
  read_pieces(path, [&](std::string_view piece) { digest.update(piece); });
  return digest.hex();
}

}  // namespace imbrex
