// File: layout.hpp
//
// A fingerprint of the standard library's types that boundary types are made of. Catches what the
// ABI tag cannot: a standard library that is built differently. The boundary's own types have a
// table with names (type_table.hpp).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace imbrex {
namespace detail {

consteval std::uint64_t fnv1a(std::uint64_t hash, std::uint64_t value) {
  for (int byte = 0; byte < 8; ++byte) {
    hash = (hash ^ ((value >> (8 * byte)) & 0xff)) * 0x100000001b3ull;
  }
  return hash;
}

template <class... Types>
consteval std::uint64_t layout_of() {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  ((hash = fnv1a(fnv1a(hash, sizeof(Types)), alignof(Types))), ...);
  return hash;
}

}  // namespace detail

inline consteval std::uint64_t layout_fingerprint() {
  return detail::layout_of<std::string, std::string_view, std::vector<int>, std::vector<bool>,
                           std::span<int>, std::span<int, 2>, std::array<int, 3>,
                           std::optional<std::string>, std::unique_ptr<int>, std::shared_ptr<int>,
                           std::map<int, int>, std::function<void()>, std::variant<int, double>>();
}

}  // namespace imbrex
