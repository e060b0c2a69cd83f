// The exceptions that may leave a plugin or the kernel. Infeasible candidates are values
// (`Verdict`); these classes are for failures. Thrown where the knowledge is, caught in `guard()`
// and in `main`.
#pragma once

#include <imbrex/plugin/abi.hpp>

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

namespace imbrex {

// Decides the exit code of the command: bad_input 2, infeasible 3, failed 1, cancelled 130.
enum class ErrorCode : std::uint8_t { failed, bad_input, infeasible, cancelled };

// Base of everything the kernel understands. `what()` is one complete message for a person.
class IMBREX_API Error : public std::exception {
 public:
  Error(ErrorCode code, std::string_view message);
  Error(const Error&) = default;
  Error& operator=(const Error&) = default;
  ~Error() override;
  ErrorCode code() const noexcept { return code_; }
  const char* what() const noexcept override;

 private:
  ErrorCode code_;
  std::string message_;
};

// Bad input: the recipe, a workload file, an architecture. Exit code 2.
class IMBREX_API InputError : public Error {
 public:
  explicit InputError(std::string_view message);
  InputError(const InputError&) = default;
  InputError& operator=(const InputError&) = default;
  ~InputError() override;
};

// No design satisfies the constraints; the message says which capacity and by how much. Exit
// code 3.
class IMBREX_API InfeasibleError : public Error {
 public:
  explicit InfeasibleError(std::string_view message);
  InfeasibleError(const InfeasibleError&) = default;
  InfeasibleError& operator=(const InfeasibleError&) = default;
  ~InfeasibleError() override;
};

// A component broke its contract: returned a time below 0, scored a design of another network, ...
// Names the culprit; passes unchanged through the guards of components that called it. Exit code 1.
class IMBREX_API BlamedError : public Error {
 public:
  // `component`: its id, or its place in the recipe with its id.
  BlamedError(std::string_view component, std::string_view message);
  BlamedError(const BlamedError&) = default;
  BlamedError& operator=(const BlamedError&) = default;
  ~BlamedError() override;
};

// The user interrupted; partial results are kept and marked. Exit code 130.
class IMBREX_API CancelledError : public Error {
 public:
  CancelledError();
  CancelledError(const CancelledError&) = default;
  CancelledError& operator=(const CancelledError&) = default;
  ~CancelledError() override;
};

// Reports a broken invariant of the program itself and aborts. Never reached by bad input.
[[noreturn]] IMBREX_API void assertion_failed(const char* condition, const char* file,
                                              int line) noexcept;

// --- Text of others in messages ------------------------------------------------------------------
//
// Texts out of files, as they may reach a terminal, a report or another file. [any thread]

// Valid UTF-8 without control characters (tabs and line ends are some), without characters that
// turn the direction of writing and without those that cannot be seen; each of these, and each byte
// that is no UTF-8, becomes '?'. Names with them could imitate
// other output; a WorkloadBuilder gives its names this form. O(n).
IMBREX_API std::string printable(std::string_view text);

}  // namespace imbrex

// Active in every build: the checks guard results that people publish, and none sits in a hot loop.
#define IMBREX_ASSERT(condition) \
  ((condition) ? void(0) : ::imbrex::assertion_failed(#condition, __FILE__, __LINE__))
