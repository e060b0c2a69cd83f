// What the harnesses share: every plugin of the tree linked into the program, a folder with the
// shipped files around the input, and what may come of an input.
#pragma once

#include "plugin/host_services.hpp"
#include "plugin/registry.hpp"
#include "temporary_folder.hpp"

#include <imbrex/plugin/error.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace imbrex::fuzz {

inline const plugin::Registry& registry() {
  static const plugin::Registry instance([] {
    plugin::PluginSearchPath path;
    path.linked = plugin::linked_plugins();
    return path;
  }());
  return instance;
}

inline plugin::HostServices& services() {
  static plugin::HostServices instance([] {
    plugin::HostOptions options;
    options.threads = 1;
    options.log_level = LogLevel::error;
    options.quiet = true;
    return options;
  }());
  return instance;
}

inline void link_entries(const std::filesystem::path& from, const std::filesystem::path& into) {
  std::filesystem::create_directories(into);
  for (const auto& entry : std::filesystem::directory_iterator(from)) {
    std::filesystem::create_symlink(entry.path(), into / entry.path().filename());
  }
}

// A folder `here` beside those of configs/ that holds what configs/ablations does, so that shipped
// files find in it what they name. Made once, because the same input must find the same files.
inline const test::TemporaryFolder& shipped_folder() {
  static const test::TemporaryFolder folder;
  static const bool made = [] {
    const std::filesystem::path configs = IMBREX_SOURCE_DIR "/configs";
    link_entries(configs, folder.path());
    link_entries(configs / "ablations", folder.path() / "here");
    return true;
  }();
  static_cast<void>(made);
  return folder;
}

inline std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

// Takes the first line off the text; nothing else is left of a text of one line.
inline std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

[[noreturn]] inline void defect(std::string_view what, std::string_view text) {
  std::fprintf(stderr, "fuzz: %.*s: \"%.*s\"\n", static_cast<int>(what.size()), what.data(),
               static_cast<int>(text.size()), text.data());
  std::abort();
}

// Every complaint about a text says where: "NAME:LINE:COLUMN: error: ...", or "NAME: error: ..."
// when something is missing in it.
inline void require_position(std::string_view message, std::string_view name) {
  if (message.find(std::string(name) + ":") == std::string_view::npos) {
    defect("a message without a position", message);
  }
}

// Calls `work`; bad input and designs that do not fit are answers, with a message. Returns the
// message. Everything else is a defect: what a component of the tree is blamed for, a failure.
template <class Work>
std::string answer_of(const Work& work) {
  std::string message;
  try {
    work();
    return {};
  } catch (const InputError& error) {
    message = error.what();
  } catch (const InfeasibleError& error) {
    message = error.what();
  }
  if (message.empty()) {
    defect("an error without a message", "");
  }
  return message;
}

}  // namespace imbrex::fuzz
