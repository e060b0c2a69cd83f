// Runs recipes inside a C++17 program: imbrex::Session does what `imbrex run` does.
//
//   imbrex::Session session;
//   session.read_file("recipe.toml").set("architecture.extra_pes=32");
//   if (session.run() == imbrex::SessionStatus::done) {
//     std::cout << session.metric("latency_ps").value() << "\n";
//   }
//
// A header over the functions of imbrex/session.h, whose contract holds here too; see
// sdk/docs/embedding.md. Compiled into the program, only C crosses to the library.
#pragma once

#include <imbrex/session.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace imbrex {

// How a run ended that nobody is to blame for. Values are exit codes of the command.
enum class SessionStatus { done = 0, infeasible = 3, interrupted = 130 };

struct SessionDiagnostic {
  std::string severity;  // "error", "warning", "note"
  std::string message;
  std::string file;  // empty: about none
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string suggestion;
  std::string excerpt;
};

// Bad input, or a failure of a component or of the machine. `what()`: as the command prints it.
class SessionError : public std::runtime_error {
 public:
  SessionError(imbrex_status status, const std::string& message,
               std::vector<SessionDiagnostic> diagnostics)
      : std::runtime_error(message), status_(status), diagnostics_(std::move(diagnostics)) {}
  bool is_bad_input() const noexcept { return status_ == IMBREX_BAD_INPUT; }
  const std::vector<SessionDiagnostic>& diagnostics() const noexcept { return diagnostics_; }

 private:
  imbrex_status status_;
  std::vector<SessionDiagnostic> diagnostics_;
};

// [one thread at a time, but `cancel`; several sessions are independent] Errors of all functions:
// SessionError, std::bad_alloc.
class Session {
 public:
  // Must not throw, nor call anything of the session but `cancel`. [any thread of the run]
  using OnProgress = std::function<void(const imbrex_progress&)>;
  using OnLog = std::function<void(std::string_view severity, std::string_view component,
                                   std::string_view line)>;

  Session() : handle_(imbrex_session_create()), calls_(std::make_unique<Calls>()) {
    if (imbrex_session_interface() != IMBREX_SESSION_INTERFACE) {
      throw SessionError(IMBREX_FAILED, "libimbrex_session.so has another interface", {});
    }
    if (handle_ == nullptr) {
      throw std::bad_alloc();
    }
  }

  // What to run. See the functions of these names.
  Session& add_plugin(const std::string& file) {
    return require(imbrex_session_add_plugin(handle_.get(), file.c_str()));
  }
  Session& read_file(const std::string& path) {
    return require(imbrex_session_read_file(handle_.get(), path.c_str()));
  }
  Session& read_text(const std::string& recipe, const std::string& folder = "") {
    return require(imbrex_session_read_text(handle_.get(), recipe.c_str(), folder.c_str()));
  }
  Session& set(const std::string& setting) {
    return require(imbrex_session_set(handle_.get(), setting.c_str()));
  }
  Session& unset(const std::string& key) {
    return require(imbrex_session_unset(handle_.get(), key.c_str()));
  }
  Session& use_profile(const std::string& profile) {
    return require(imbrex_session_use_profile(handle_.get(), profile.c_str()));
  }
  Session& resolve() { return require(imbrex_session_resolve(handle_.get())); }
  std::string plan_toml(const std::string& folder = "") {
    return text(imbrex_session_plan_toml(handle_.get(), folder.c_str()));
  }

  // Of the last call: why it was infeasible or interrupted, and what resolving had to tell.
  std::string message() const { return imbrex_session_message(handle_.get()); }
  std::vector<SessionDiagnostic> diagnostics() const {
    std::vector<SessionDiagnostic> all;
    for (const imbrex_diagnostic& one :
         all_of<imbrex_diagnostic>(imbrex_session_diagnostic_count, imbrex_session_diagnostic)) {
      all.push_back(
          {one.severity, one.message, one.file, one.line, one.column, one.suggestion, one.excerpt});
    }
    return all;
  }

  // Empty functions end it.
  void on_progress(OnProgress call) {
    calls_->progress = std::move(call);
    imbrex_session_on_progress(handle_.get(), calls_->progress ? &tell_progress : nullptr,
                               calls_.get());
  }
  void on_log(OnLog call) {
    calls_->log = std::move(call);
    imbrex_session_on_log(handle_.get(), calls_->log ? &tell_log : nullptr, calls_.get());
  }

  // threads: 0 for all cores; results do not depend on it.
  SessionStatus run(int threads = 0) {
    const imbrex_status status = imbrex_session_run(handle_.get(), threads);
    if (status != IMBREX_INFEASIBLE && status != IMBREX_INTERRUPTED) {
      require(status);
    }
    return static_cast<SessionStatus>(status);
  }
  void cancel() noexcept { imbrex_session_cancel(handle_.get()); }  // [any thread]

  // Results: nothing without a run that was done, or interrupted with a partial result.
  bool has_result() const noexcept { return imbrex_session_result_json(handle_.get()) != nullptr; }
  std::string result_json() const {
    const char* const json = imbrex_session_result_json(handle_.get());
    return json != nullptr ? json : "";
  }
  // Views: valid until the session changes.
  std::vector<imbrex_metric> metrics() const {
    return all_of<imbrex_metric>(imbrex_session_metric_count, imbrex_session_metric);
  }
  std::optional<double> metric(std::string_view name) const {
    for (const imbrex_metric& one : metrics()) {
      if (name == one.name) {
        return one.real;
      }
    }
    return std::nullopt;
  }
  std::vector<imbrex_operator> operators() const {
    return all_of<imbrex_operator>(imbrex_session_operator_count, imbrex_session_operator);
  }
  Session& write(const std::string& folder, bool replace = false) {
    return require(imbrex_session_write(handle_.get(), folder.c_str(), replace ? 1 : 0));
  }

  // JSON, as `imbrex plugins --json` and `imbrex describe ID --json`.
  std::string components_json() { return text(imbrex_session_components_json(handle_.get())); }
  std::string describe_json(const std::string& id) {
    return text(imbrex_session_describe_json(handle_.get(), id.c_str()));
  }

 private:
  struct Calls {  // stays where it is when the session is moved
    OnProgress progress;
    OnLog log;
  };
  struct Destroy {
    void operator()(imbrex_session* session) const noexcept { imbrex_session_destroy(session); }
  };

  template <class Item, class Count, class At>
  std::vector<Item> all_of(Count count, At at) const {
    std::vector<Item> all(count(handle_.get()));
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i] = *at(handle_.get(), i);
    }
    return all;
  }
  Session& require(imbrex_status status) {
    if (status != IMBREX_DONE) {
      throw SessionError(status, message(), diagnostics());
    }
    return *this;
  }
  std::string text(const char* returned) {
    require(imbrex_session_status(handle_.get()));
    return returned;
  }
  static void tell_progress(const imbrex_progress* progress, void* calls) {
    static_cast<Calls*>(calls)->progress(*progress);
  }
  static void tell_log(const char* severity, const char* component, const char* line, void* calls) {
    static_cast<Calls*>(calls)->log(severity, component, line);
  }

  std::unique_ptr<imbrex_session, Destroy> handle_;
  std::unique_ptr<Calls> calls_;
};

}  // namespace imbrex
