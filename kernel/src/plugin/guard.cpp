#include "plugin/call_mark.hpp"
#include "plugin/demangle.hpp"
#include "plugin/host_services.hpp"
#include "plugin/registry.hpp"

#include <new>

#include <cxxabi.h>
#include <fmt/format.h>

namespace imbrex::plugin {
namespace {

// Called inside a handler. Texts are copied here, while the exception is alive.
std::string current_type_name() {
  const std::type_info* const type = abi::__cxa_current_exception_type();
  return type != nullptr ? demangle(type->name()) : "an unknown type";
}

std::string prefixed(std::string_view where, const char* message) {
  return fmt::format("{}: {}", where, message);
}

}  // namespace

void guard(std::string_view where, std::string_view asked, FunctionRef<void()> call) {
  HostServices::stop_if_asked();
  const CallMark mark(where, asked);
  try {
    call();
  } catch (const InputError& error) {
    throw InputError(prefixed(where, error.what()));
  } catch (const InfeasibleError& error) {
    throw InfeasibleError(prefixed(where, error.what()));
  } catch (const CancelledError&) {
    throw;  // the user's wish is nobody's fault
  } catch (const BlamedError&) {
    throw;  // names the culprit, which need not be who was called here
  } catch (const Error& error) {
    if (error.code() != ErrorCode::failed) {
      throw Error(error.code(), prefixed(where, error.what()));
    }
    throw BlamedError(where, error.what());
  } catch (const abi::__forced_unwind&) {
    throw;  // thread cancellation must not be stopped
  } catch (const std::bad_alloc&) {
    throw BlamedError(where, fmt::format("ran out of memory in {}", asked));
  } catch (const std::exception& error) {
    throw BlamedError(where,
                      fmt::format("plugin threw {}: \"{}\"", current_type_name(), error.what()));
  } catch (...) {
    throw BlamedError(where, fmt::format("plugin threw {}, which is not an exception class",
                                         current_type_name()));
  }
}

ConfigHandle::ConfigHandle(const Component& component) : component_(&component) {
  guard(component.id, "its parameters",
        [&] { config_ = std::shared_ptr<void>(component.new_config(), component.delete_config); });
}

namespace detail {

void* create_guarded(const Component& component, const void* config, const Context& context) {
  void* instance = nullptr;
  guard(component.id, "its constructor", [&] { instance = component.create(config, context); });
  IMBREX_ASSERT(instance != nullptr);  // component<>() returns what `new` returned
  return instance;
}

}  // namespace detail
}  // namespace imbrex::plugin
