// In place of the commands that work on experiments and on results that are there, and of those
// that help authors, where the command was built without them (IMBREX_WHOLE_COMMAND).
#include "commands.hpp"

#include <imbrex/plugin/error.hpp>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

[[noreturn]] void refuse(std::string_view name) {
  throw InputError(
      fmt::format("this build has no '{}': the demo leaves out what it does not run; "
                  "'./bootstrap.sh build' adds it",
                  name));
}

}  // namespace

int sweep_command(const SweepOptions& /*options*/) {
  refuse("sweep");
}

int compare_command(const CompareOptions& /*options*/) {
  refuse("compare");
}

int explain_command(const ExplainOptions& /*options*/) {
  refuse("explain");
}

int report_command(const ReportOptions& /*options*/) {
  refuse("report");
}

int log_command(const LogOptions& /*options*/) {
  refuse("log");
}

int gc_command(const GcOptions& /*options*/) {
  refuse("gc");
}

int bundle_command(const BundleOptions& /*options*/) {
  refuse("bundle");
}

int schema_command(const SchemaOptions& /*options*/) {
  refuse("schema");
}

int reference_command(const ReferenceOptions& /*options*/) {
  refuse("reference");
}

int doctor_command(const DoctorOptions& /*options*/) {
  refuse("doctor");
}

int new_command(const NewOptions& /*options*/) {
  refuse("new");
}

}  // namespace imbrex::app
