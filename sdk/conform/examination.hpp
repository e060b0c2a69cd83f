// What a check sees: one library, one of its components, and what it is examined in. Made anew for
// every check, in a process of its own, so that nothing of one check reaches another.
#pragma once

#include "check.hpp"
#include "setting.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace imbrex::conform {

// The seed of the problems that every run asks about.
inline constexpr std::uint64_t kFixedSeed = 1;

struct Target {
  std::filesystem::path library;
  std::optional<std::filesystem::path> recipe;
  std::string component;  // id; empty: the library as a whole
  std::uint64_t seed = kFixedSeed;
  std::vector<std::filesystem::path> beside;  // libraries that were named with it
};

class Examination {
 public:
  // `captured`: what the process writes goes to a file that `written` can measure.
  Examination(const Target& target, bool captured) : target_(target), captured_(captured) {}

  const Target& target() const noexcept { return target_; }
  std::uint64_t seed() const noexcept { return target_.seed; }

  // Opens the library, beside all that are installed, when first asked. Errors: Broken with the
  // loader's message.
  const plugin::Registry& registry();
  const PluginDescriptor& descriptor();
  const Component& component();
  // Those of settings_for in which the subject can be made, at most four, so that checks which ask
  // in all of them end; where it can be made in none, the first four. Errors: as settings_for.
  const std::vector<Setting>& settings();

  // Without progress and logs. Errors: none.
  static std::unique_ptr<plugin::HostServices> services(int threads = 1);

  // Something that is not wrong, but not good either.
  void warn(std::string text);
  const std::string& warnings() const noexcept { return warnings_; }

  // Bytes on stdout and stderr so far. Errors: Skipped where nobody captures them.
  std::int64_t written() const;

 private:
  Target target_;
  bool captured_;
  std::unique_ptr<plugin::Registry> registry_;
  std::vector<Setting> settings_;
  std::string warnings_;
};

// Runs a check to its end: whatever it throws becomes a finding.
Finding examine(const Check& check, const Target& target, bool captured);

}  // namespace imbrex::conform
