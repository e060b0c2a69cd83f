// The functions of imbrex/session.h: no exception leaves them.
#include "embedded_run.hpp"
#include "told_values.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/session.h>

#include <exception>
#include <new>
#include <string>
#include <utility>
#include <vector>

struct imbrex_session {
  imbrex::session::EmbeddedRun run;
  imbrex_status status = IMBREX_DONE;  // of the last call that may fail, with its message
  std::string message;
  imbrex::session::Diagnostics diagnostics;
  std::string returned;  // by the last function that returns a text
  std::vector<imbrex_metric> metrics;
  std::vector<imbrex_operator> operators;
};

namespace imbrex::session {
namespace {

imbrex_status status_of(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::bad_input:
      return IMBREX_BAD_INPUT;
    case ErrorCode::infeasible:
      return IMBREX_INFEASIBLE;
    case ErrorCode::cancelled:
      return IMBREX_INTERRUPTED;
    case ErrorCode::failed:
      break;
  }
  return IMBREX_FAILED;
}

template <class Call>
imbrex_status status_and_message(std::string& message, const Call& call) {
  message.clear();
  try {
    call();
    return IMBREX_DONE;
  } catch (const Error& error) {
    message = error.what();
    return status_of(error.code());
  } catch (const std::bad_alloc&) {
    message = "out of memory";
  } catch (const std::exception& error) {
    message = error.what();
  } catch (...) {
    message = "unknown exception";
  }
  return IMBREX_FAILED;
}

// Calls, and keeps what there is to tell of it. Of a message that finds no memory only the status
// is left.
template <class Call>
imbrex_status told(imbrex_session& session, const Call& call) noexcept {
  imbrex_status status = IMBREX_FAILED;
  try {
    status = status_and_message(session.message, call);
    session.diagnostics.read(session.message, session.run.notes());
    if (session.run.result() == nullptr) {
      session.metrics.clear();
      session.operators.clear();
    }
  } catch (...) {
  }
  session.status = status;
  return status;
}

// The text that `call` makes; null when it fails.
template <class Call>
const char* told_text(imbrex_session& session, const Call& call) noexcept {
  const imbrex_status status = told(session, [&] { session.returned = call(); });
  return status == IMBREX_DONE ? session.returned.c_str() : nullptr;
}

std::string required(const char* text, const char* what) {
  if (text == nullptr) {
    throw InputError(std::string("NULL is no ") + what);
  }
  return text;
}

template <class Item>
const Item* item_of(const std::vector<Item>& items, std::size_t index) noexcept {
  return index < items.size() ? &items[index] : nullptr;
}

const char* severity_of(LogLevel level) noexcept {
  return level == LogLevel::error ? "error" : level == LogLevel::warning ? "warning" : "note";
}

OnProgress caller_of(imbrex_on_progress call, void* data) {
  return [call, data](const plugin::Progress& progress) {
    const imbrex_progress told{progress.stage.component.c_str(),
                               progress.what.c_str(),
                               progress.stage.number,
                               progress.stage.count,
                               progress.stage.is_baseline ? 1 : 0,
                               progress.fraction.value_or(-1),
                               progress.evaluations,
                               progress.best ? 1 : 0,
                               progress.best.value_or(0),
                               progress.elapsed_s};
    call(&told, data);
  };
}

OnLog caller_of(imbrex_on_log call, void* data) {
  return [call, data](LogLevel level, std::string_view component, std::string_view line) {
    call(severity_of(level), std::string(component).c_str(), std::string(line).c_str(), data);
  };
}

imbrex_status edit(imbrex_session& session, recipe::Edit::Kind kind, const char* text) noexcept {
  return told(session, [&] { session.run.edit({kind, required(text, "override")}); });
}

}  // namespace
}  // namespace imbrex::session

namespace here = imbrex::session;

int imbrex_session_interface(void) {
  return IMBREX_SESSION_INTERFACE;
}
const char* imbrex_session_version(void) {
  return IMBREX_VERSION;
}

imbrex_session* imbrex_session_create(void) {
  return new (std::nothrow) imbrex_session;
}
void imbrex_session_destroy(imbrex_session* session) {
  delete session;
}

imbrex_status imbrex_session_add_plugin(imbrex_session* session, const char* file) {
  return here::told(*session, [&] { session->run.add_plugin(here::required(file, "file")); });
}
imbrex_status imbrex_session_read_file(imbrex_session* session, const char* path) {
  return here::told(*session, [&] { session->run.read_file(here::required(path, "recipe")); });
}
imbrex_status imbrex_session_read_text(imbrex_session* session, const char* recipe,
                                       const char* folder) {
  return here::told(*session, [&] {
    session->run.read_text(here::required(recipe, "recipe"), here::required(folder, "folder"));
  });
}
imbrex_status imbrex_session_set(imbrex_session* session, const char* setting) {
  return here::edit(*session, imbrex::recipe::Edit::Kind::set, setting);
}
imbrex_status imbrex_session_unset(imbrex_session* session, const char* key) {
  return here::edit(*session, imbrex::recipe::Edit::Kind::unset, key);
}
imbrex_status imbrex_session_use_profile(imbrex_session* session, const char* profile) {
  return here::edit(*session, imbrex::recipe::Edit::Kind::profile, profile);
}

imbrex_status imbrex_session_resolve(imbrex_session* session) {
  return here::told(*session, [&] { session->run.resolve(); });
}
const char* imbrex_session_plan_toml(imbrex_session* session, const char* folder) {
  return here::told_text(*session,
                         [&] { return session->run.plan_toml(here::required(folder, "folder")); });
}

imbrex_status imbrex_session_status(const imbrex_session* session) {
  return session->status;
}
const char* imbrex_session_message(const imbrex_session* session) {
  return session->message.c_str();
}
const char* imbrex_session_notes(const imbrex_session* session) {
  return session->run.notes().c_str();
}
size_t imbrex_session_diagnostic_count(const imbrex_session* session) {
  return session->diagnostics.all().size();
}
const imbrex_diagnostic* imbrex_session_diagnostic(const imbrex_session* session, size_t index) {
  return here::item_of(session->diagnostics.all(), index);
}

void imbrex_session_on_progress(imbrex_session* session, imbrex_on_progress call, void* data) {
  session->run.on_progress(call != nullptr ? here::caller_of(call, data) : nullptr);
}
void imbrex_session_on_log(imbrex_session* session, imbrex_on_log call, void* data) {
  session->run.on_log(call != nullptr ? here::caller_of(call, data) : nullptr);
}

imbrex_status imbrex_session_run(imbrex_session* session, int threads) {
  bool is_whole = true;
  const imbrex_status status = here::told(*session, [&] {
    is_whole = session->run.run(threads);
    session->message = is_whole ? "" : "interrupted: the result is what was found until then";
    session->metrics = here::metrics_of(*session->run.result());
    session->operators = here::operators_of(*session->run.result());
  });
  session->status = is_whole ? status : IMBREX_INTERRUPTED;
  return session->status;
}
void imbrex_session_cancel(imbrex_session* session) {
  session->run.cancel();
}

const char* imbrex_session_result_json(const imbrex_session* session) {
  const std::string* const json = session->run.result_json();
  return json != nullptr ? json->c_str() : nullptr;
}
size_t imbrex_session_metric_count(const imbrex_session* session) {
  return session->metrics.size();
}
const imbrex_metric* imbrex_session_metric(const imbrex_session* session, size_t index) {
  return here::item_of(session->metrics, index);
}
size_t imbrex_session_operator_count(const imbrex_session* session) {
  return session->operators.size();
}
const imbrex_operator* imbrex_session_operator(const imbrex_session* session, size_t index) {
  return here::item_of(session->operators, index);
}

imbrex_status imbrex_session_write(imbrex_session* session, const char* folder, int replace) {
  return here::told(*session,
                    [&] { session->run.write(here::required(folder, "folder"), replace != 0); });
}

const char* imbrex_session_components_json(imbrex_session* session) {
  return here::told_text(*session, [&] { return session->run.components_json(); });
}
const char* imbrex_session_describe_json(imbrex_session* session, const char* id) {
  return here::told_text(*session,
                         [&] { return session->run.describe_json(here::required(id, "id")); });
}
