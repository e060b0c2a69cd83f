// `imbrex inspect NETWORK`: what a reader makes of a file, before any hardware is chosen.
#include "command_parts.hpp"
#include "commands.hpp"
#include "inspect_json.hpp"
#include "recipe/plan_reader.hpp"
#include "run/load_workload.hpp"

#include <imbrex/toolkit/text/table.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace imbrex::app {
namespace {

std::string shape_text(const Shape& shape) {
  return fmt::format("[{}]",
                     fmt::join(shape.extent.begin(), shape.extent.begin() + shape.rank, ", "));
}

std::string inputs_text(const Workload& workload, const Operator& op) {
  std::string text;
  for (const TensorId input : op.inputs) {
    text += text.empty() ? "" : " ";
    text += shape_text(workload.at(input).shape);
  }
  return text;
}

std::string weights_text(const Operator& op) {
  return op.weight_elements() == 0
             ? "-"
             : fmt::format("{} x {} bit{}", op.weight_elements(), op.weight_bits_per_element,
                           op.shared_weights == kOwnWeights ? "" : ", shared");
}

void print_layers(const Workload& workload) {
  text::Table table({"LAYER", "KIND", "SOURCE", "INPUTS", "OUTPUT", "MACS", "WEIGHTS"}, "lllllrL");
  for (const Operator& op : workload.operators()) {
    table.row({op.name, op.unmapped ? "UNMAPPED" : std::string(to_string(op.kind)),
               op.source_type.empty() ? "-" : op.source_type, inputs_text(workload, op),
               shape_text(workload.at(op.output).shape),
               op.has_macs() ? fmt::format("{}", op.macs()) : "-", weights_text(op)});
  }
  fmt::print("{}", table.text(stdout_style(), 2));
}

void print_summary(const Workload& workload) {
  fmt::print("{}: {} operators, {} {} per run\n", workload.name(), workload.operators().size(),
             workload.samples(), workload.samples() == 1 ? "sample" : "samples");
  for (const TensorId id : workload.inputs()) {
    const Tensor& input = workload.at(id);
    fmt::print("  input {} {} x {} bit\n", input.name, shape_text(input.shape),
               input.bits_per_element);
  }
  fmt::print("  {} MACs\n  {} bit of weights", workload.macs(), workload.weight_bits());
  if (workload.mapped_weight_bits() != workload.weight_bits()) {
    fmt::print(", {} bit mapped: layers share some", workload.mapped_weight_bits());
  }
  fmt::print("\n");
  if (workload.unmapped() > 0) {
    fmt::print("  {} operators UNMAPPED: their work is in no figure\n", workload.unmapped());
  }
  fmt::print("\n");
}

}  // namespace

int inspect_command(const InspectOptions& options) {
  const auto registry = open_registry(options.common, nullptr);
  const recipe::PlannedComponent reader =
      recipe::plan_reader({options.network, options.reader, options.parameters}, *registry);
  plugin::HostServices services(host_options(options.common, 1));
  const std::shared_ptr<const Workload> workload = run::load_workload(reader, 0, services);
  if (options.json) {
    fmt::print("{}", inspect_json(*workload));
  } else {
    print_summary(*workload);
    print_layers(*workload);
  }
  return kExitDone;
}

}  // namespace imbrex::app
