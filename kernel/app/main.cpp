// Dispatches to a sub-command and turns every exception into one message and an exit code.
#include "commands.hpp"
#include "experiment/shell_word.hpp"
#include "interrupt.hpp"
#include "messages.hpp"
#include "plugin/faults.hpp"
#include "plugin/last_words.hpp"

#include <imbrex/plugin/error.hpp>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <variant>

namespace imbrex::app {
namespace {

int exit_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::bad_input:
      return kExitBadInput;
    case ErrorCode::infeasible:
      return kExitInfeasible;
    case ErrorCode::cancelled:
      return kExitInterrupted;
    case ErrorCode::failed:
      break;
  }
  return kExitFailed;
}

void print_error(std::string_view message) {
  tell(message, Severity::error);
}

int dispatch(const Command& command) {
  struct Visitor {
    int operator()(const ExitNow& exit_now) const { return exit_now.code; }
    int operator()(const RunOptions& options) const { return run_command(options); }
    int operator()(const CheckOptions& options) const { return check_command(options); }
    int operator()(const PluginsOptions& options) const { return plugins_command(options); }
    int operator()(const DescribeOptions& options) const { return describe_command(options); }
    int operator()(const InspectOptions& options) const { return inspect_command(options); }
    int operator()(const SweepOptions& options) const { return sweep_command(options); }
    int operator()(const CompareOptions& options) const { return compare_command(options); }
    int operator()(const ExplainOptions& options) const { return explain_command(options); }
    int operator()(const ReportOptions& options) const { return report_command(options); }
    int operator()(const LogOptions& options) const { return log_command(options); }
    int operator()(const GcOptions& options) const { return gc_command(options); }
    int operator()(const BundleOptions& options) const { return bundle_command(options); }
    int operator()(const SchemaOptions& options) const { return schema_command(options); }
    int operator()(const ReferenceOptions& options) const { return reference_command(options); }
    int operator()(const DoctorOptions& options) const { return doctor_command(options); }
    int operator()(const NewOptions& options) const { return new_command(options); }
  };
  return std::visit(Visitor{}, command);
}

int guarded_main(int argc, const char* const* argv) {
  try {
    return dispatch(parse_command_line(argc, argv));
  } catch (const Error& error) {
    print_error(error.what());
    return exit_code_of(error.code());
  } catch (const std::bad_alloc&) {
    print_error("out of memory");
  } catch (const std::exception& error) {
    print_error(error.what());
  } catch (...) {
    print_error("unknown exception");
  }
  return kExitFailed;
}

// Whatever a component does, the command has the last word, and says how to see it again.
void adopt_faults_of_plugins(int argc, const char* const* argv) {
  static std::string repeat = "imbrex";  // as long as the process
  for (int i = 1; i < argc; ++i) {
    repeat += " " + experiment::shell_word(argv[i]);
  }
  plugin::style_last_words({messages_are_json(), repeat});
  plugin::adopt_faults(kExitFailed);
}

// A full disk or a closed pipe must not look like success, though a run has kept its results.
int with_output_checked(int code) {
  const bool failed_before = std::ferror(stdout) != 0;
  errno = 0;
  if ((std::fflush(stdout) != 0 || failed_before) && code == kExitDone) {
    const std::string reason = errno == 0 ? "" : ": " + std::generic_category().message(errno);
    print_error("cannot write to standard output" + reason);
    return kExitFailed;
  }
  return code;
}

}  // namespace
}  // namespace imbrex::app

int main(int argc, char** argv) {
  imbrex::app::adopt_signals();
  imbrex::app::choose_message_format(argc, argv);
  imbrex::app::adopt_faults_of_plugins(argc, argv);
  return imbrex::app::with_output_checked(imbrex::app::guarded_main(argc, argv));
}
