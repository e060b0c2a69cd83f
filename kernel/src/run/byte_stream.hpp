// Values as bytes between two processes of one program: in memory order, by nobody else to be read.
#pragma once

#include <imbrex/plugin/error.hpp>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace imbrex::run {

class ByteWriter {
 public:
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void add(const T& value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof(T)); }
  void add(std::string_view text) {
    add(static_cast<std::uint64_t>(text.size()));
    bytes_ += text;
  }
  void add(const std::string& text) { add(std::string_view(text)); }
  // Element by element.
  template <class T>
  void add_all(const std::vector<T>& values) {
    add(static_cast<std::uint64_t>(values.size()));
    for (const T& value : values) {
      add(value);
    }
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Errors of all methods: Error when the bytes end before the value does.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  template <class T>
  requires std::is_trivially_copyable_v<T> T take() {
    T value;
    std::memcpy(&value, cut(sizeof(T)).data(), sizeof(T));
    return value;
  }
  std::string take_text() { return std::string(cut(take<std::uint64_t>())); }
  template <class T>
  std::vector<T> take_all() {
    std::vector<T> values;
    for (std::uint64_t left = take_count(); left > 0; --left) {
      if constexpr (std::is_same_v<T, std::string>) {
        values.push_back(take_text());
      } else {
        values.push_back(take<T>());
      }
    }
    return values;
  }
  // Of things that take a byte at least, so that no count asks for more memory than there are
  // bytes.
  std::uint64_t take_count() {
    const auto count = take<std::uint64_t>();
    require(count);
    return count;
  }

 private:
  void require(std::uint64_t size) const {
    if (size > bytes_.size()) {
      throw Error(ErrorCode::failed, "a child process left an answer that cannot be read");
    }
  }
  std::string_view cut(std::uint64_t size) {
    require(size);
    const std::string_view part = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return part;
  }

  std::string_view bytes_;
};

}  // namespace imbrex::run
