// The sub-commands; each lives in a file of its own. They return an exit code or throw
// imbrex::Error.
#pragma once

#include "options.hpp"

namespace imbrex::app {

// Reads argv; prints help, version or a usage error itself. Never throws.
Command parse_command_line(int argc, const char* const* argv);

int run_command(const RunOptions& options);
int check_command(const CheckOptions& options);
int plugins_command(const PluginsOptions& options);
int describe_command(const DescribeOptions& options);
int inspect_command(const InspectOptions& options);
int sweep_command(const SweepOptions& options);
int compare_command(const CompareOptions& options);
int explain_command(const ExplainOptions& options);
int report_command(const ReportOptions& options);
int log_command(const LogOptions& options);
int gc_command(const GcOptions& options);
int bundle_command(const BundleOptions& options);
int schema_command(const SchemaOptions& options);
int reference_command(const ReferenceOptions& options);
int doctor_command(const DoctorOptions& options);
int new_command(const NewOptions& options);

}  // namespace imbrex::app
