// A bar per operator.
#include "axis.hpp"
#include "figure.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::svg {
namespace {

double value_of(const OperatorResult& op, Quantity quantity) {
  switch (quantity) {
    case Quantity::time:
      return static_cast<double>(op.times.longest_server_ps);
    case Quantity::units:
      return static_cast<double>(op.units_per_copy * op.copies);
    case Quantity::mac_utilisation:
      break;
  }
  return 100 * op.mac_utilisation;
}

struct Axis {
  Unit unit;
  std::string_view name;
};

Axis axis_of(double most, Quantity quantity) {
  switch (quantity) {
    case Quantity::time:
      return {time_unit(most), "busy time of the busiest server"};
    case Quantity::units:
      return {count_unit(most), "units"};
    case Quantity::mac_utilisation:
      break;
  }
  return {{1, "%"}, "utilisation of multiply-accumulates"};
}

}  // namespace

std::string bars(const Result& result, const Options& options) {
  std::vector<std::string> names;
  double most = 0;
  for (const OperatorResult& op : result.operators) {
    names.push_back(op.name);
    most = std::max(most, value_of(op, options.quantity));
  }
  most = most > 0 ? most : 1;
  RowChart chart(options, names, most, false);
  const Axis axis = axis_of(most, options.quantity);
  chart.draw_frame(axis.unit, axis.name);
  for (std::size_t i = 0; i < result.operators.size(); ++i) {
    const OperatorResult& op = result.operators[i];
    Box box = chart.row(i);
    box.width = chart.x(value_of(op, options.quantity)) - box.left;
    chart.drawing().path(rectangle(box), colour(i), op.name);
  }
  return chart.finish(result.name + ": " + std::string(axis.name),
                      fmt::format("{} operators of {}.", names.size(), result.workload_name));
}

}  // namespace imbrex::svg
