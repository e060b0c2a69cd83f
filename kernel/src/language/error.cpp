#include <imbrex/plugin/error.hpp>

#include <cstdio>
#include <cstdlib>

namespace imbrex {

Error::Error(ErrorCode code, std::string_view message) : code_(code), message_(message) {}
Error::~Error() = default;
const char* Error::what() const noexcept {
  return message_.c_str();
}

InputError::InputError(std::string_view message) : Error(ErrorCode::bad_input, message) {}
InputError::~InputError() = default;

InfeasibleError::InfeasibleError(std::string_view message)
    : Error(ErrorCode::infeasible, message) {}
InfeasibleError::~InfeasibleError() = default;

BlamedError::BlamedError(std::string_view component, std::string_view message)
    : Error(ErrorCode::failed, std::string(component) + ": " + std::string(message)) {}
BlamedError::~BlamedError() = default;

CancelledError::CancelledError() : Error(ErrorCode::cancelled, "interrupted") {}
CancelledError::~CancelledError() = default;

void assertion_failed(const char* condition, const char* file, int line) noexcept {
  // stdio, not the logger: nothing of the program's own state can be trusted any more.
  std::fprintf(stderr, "imbrex: bug: %s:%d: assertion '%s' failed; please report it\n", file, line,
               condition);
  std::abort();
}

}  // namespace imbrex
