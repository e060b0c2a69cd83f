// One question of the conformance kit, and how it is answered.
#pragma once

#include <imbrex/plugin/descriptor.hpp>

#include <cstdint>
#include <exception>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace imbrex::conform {

// Sanitizers count memory and stop programs themselves, and make everything many times slower.
inline constexpr bool kSanitized = std::string_view(IMBREX_ABI_TAG_SANITIZER) != "unsanitized";

enum class Status : std::uint8_t { passed, warned, skipped, failed, crashed, timed_out };
inline constexpr std::string_view kStatusNames[] = {"passed", "warned",  "skipped",
                                                    "failed", "crashed", "timed out"};
constexpr std::string_view name_of(Status status) noexcept {
  return kStatusNames[index(status)];
}
// Red: the library does not conform.
constexpr bool is_red(Status status) noexcept {
  return status >= Status::failed;
}

// What a check found out. The text says what was expected and what was there; empty when passed.
struct Finding {
  Status status = Status::passed;
  std::string text;
};

// Thrown by a check: the rule is broken.
class Broken final : public std::exception {
 public:
  explicit Broken(std::string text) : text_(std::move(text)) {}
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

// Thrown by a check: the question cannot be asked here.
class Skipped final : public std::exception {
 public:
  explicit Skipped(std::string reason) : reason_(std::move(reason)) {}
  const char* what() const noexcept override { return reason_.c_str(); }

 private:
  std::string reason_;
};

inline void require(bool holds, FunctionRef<std::string()> text) {
  if (!holds) {
    throw Broken(text());
  }
}

class Examination;

// Kinds of components that a check is for. Bits of a mask.
using Kinds = std::uint8_t;
constexpr Kinds kinds_of(std::initializer_list<Kind> kinds) noexcept {
  unsigned mask = 0;
  for (const Kind kind : kinds) {
    mask |= 1u << index(kind);
  }
  return static_cast<Kinds>(mask);
}
inline constexpr Kinds kLibrary = 0;  // asked once, of the library as a whole
inline constexpr Kinds kEveryKind = 0x7f;
inline constexpr Kinds kStages =
    kinds_of({Kind::partitioner, Kind::search_strategy, Kind::overlap_analyzer});
inline constexpr Kinds kDeciders = kinds_of({Kind::partitioner, Kind::search_strategy});

struct Check {
  std::string_view id;        // group/name
  std::string_view question;  // what has to hold, one sentence
  Kinds kinds = kLibrary;
  // Returns when the rule holds. Throws Broken, Skipped, or what the component throws.
  void (*run)(Examination& examination) = nullptr;
  // Ids of checks without which this one says nothing new: skipped when one of them is red.
  std::span<const std::string_view> needs{};
  bool draws = false;  // asks about problems that are drawn: `--fuzz` draws others
};

}  // namespace imbrex::conform
