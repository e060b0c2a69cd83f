#pragma once

#include "plugin/registry.hpp"

#include <imbrex/plugin/error.hpp>

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

}  // namespace imbrex::plugin
