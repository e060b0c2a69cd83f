#pragma once

#include "plugin/registry.hpp"

#include <imbrex/plugin/error.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace imbrex::plugin {

// Why one library cannot be used; becomes the state of its PluginEntry. Never leaves the registry.
class LoadFailure final : public Error {
 public:
  LoadFailure(LoadState state, std::string_view message)
      : Error(ErrorCode::bad_input, message), state_(state) {}
  LoadState state() const noexcept { return state_; }

 private:
  LoadState state_;
};

[[noreturn]] inline void refuse(const std::filesystem::path& path, std::string_view problem) {
  throw LoadFailure(LoadState::refused, path.filename().string() + ": " + std::string(problem));
}

}  // namespace imbrex::plugin
