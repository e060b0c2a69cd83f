// Einsum: a formula of two operands is one matrix product, of one operand a sum along axes. Axes
// are sorted by who holds them: both operands and the result (batch), the left and the result
// (rows), the right and the result (columns), both operands alone (depth).
#include "einsum_equation.hpp"
#include "product.hpp"
#include "rules.hpp"

#include <imbrex/toolkit/extents/bounded_extents.hpp>

#include <algorithm>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

std::vector<Dims> einsum_shapes(const NodeView& node) {
  const EinsumEquation equation = read_equation(node);
  return {equation.dims(equation.result)};
}

bool repeats(const std::string& letters) {
  return std::any_of(letters.begin(), letters.end(),
                     [&](char c) { return std::count(letters.begin(), letters.end(), c) > 1; });
}

struct Roles {
  std::string batch;
  std::string rows;
  std::string columns;
  std::string depth;
};

Roles roles_of(const EinsumEquation& equation) {
  const std::string& left = equation.operands[0];
  const std::string& right = equation.operands[1];
  Roles roles;
  for (const char letter : equation.result) {
    const bool both = holds(left, letter) && holds(right, letter);
    (both ? roles.batch : holds(left, letter) ? roles.rows : roles.columns) += letter;
  }
  for (const char letter : left) {
    if (holds(right, letter) && !holds(equation.result, letter)) {
      roles.depth += letter;
    }
  }
  return roles;
}

// Element by element: every axis of an operand follows the axis of the result with its letter, or
// is summed up.
void lower_by_letters(const NodeView& node, const EinsumEquation& equation, Lowering& out) {
  const Shape output = to_shape(node.output(0).dims, in_quotes(node.node().name));
  std::vector<TensorId> operands;
  std::vector<BackwardMap> maps;
  bool sums = false;
  for (std::size_t i = 0; i < node.input_count(); ++i) {
    if (!node.is_dynamic(i)) {
      continue;
    }
    operands.push_back(out.operand(node, i));
    const Shape& input = out.shape(operands.back());
    std::vector<AxisRule> rules;
    for (std::size_t axis = 0; axis < input.rank; ++axis) {
      const std::size_t at = equation.result.find(equation.operands[i][axis]);
      sums = sums || at == std::string::npos;
      rules.push_back(at == std::string::npos ? whole_axis(input[axis]) : shifted_axis(at, 0));
    }
    maps.emplace_back(input, output, rules,
                      repeats(equation.operands[i]) ? Exactness::conservative : Exactness::exact);
  }
  const OperatorKind kind = node.input_count() > 1 ? OperatorKind::elementwise
                            : sums                 ? OperatorKind::reduce
                                                   : OperatorKind::transpose;
  out.custom(node, 0, kind, operands, maps);
}

// The operand with its axes as `groups` say, one axis per group after the batch axes; letters that
// nobody else holds are summed up first.
Factor arranged(const NodeView& node, std::size_t operand, const EinsumEquation& equation,
                const std::string& batch, const std::string& first, const std::string& second,
                Lowering& out) {
  Factor factor;
  factor.dims = equation.dims(batch);
  factor.dims.push_back(elements_of(equation.dims(first)));
  factor.dims.push_back(elements_of(equation.dims(second)));
  if (!node.is_dynamic(operand)) {
    return factor;
  }
  const std::string wanted = batch + first + second;
  std::string letters = equation.operands[operand];
  const std::string side = operand == 0 ? "left" : "right";
  TensorId tensor = out.operand(node, operand);
  std::vector<std::int64_t> alone;
  for (std::size_t axis = 0; axis < letters.size(); ++axis) {
    if (!holds(wanted, letters[axis])) {
      alone.push_back(static_cast<std::int64_t>(axis));
    }
  }
  if (!alone.empty()) {
    tensor = out.builder().reduce(out.part(node, side + "_sum"), tensor, alone, false);
    std::erase_if(letters, [&](char letter) { return !holds(wanted, letter); });
  }
  std::vector<std::int64_t> permutation;
  for (const char letter : wanted) {
    permutation.push_back(static_cast<std::int64_t>(letters.find(letter)));
  }
  tensor = out.transposed(node, tensor, permutation, side);
  factor.tensor = out.reshaped(node, tensor, factor.dims, side);
  return factor;
}

void lower_product(const NodeView& node, const EinsumEquation& equation, const Roles& roles,
                   Lowering& out) {
  const Factor left = arranged(node, 0, equation, roles.batch, roles.rows, roles.depth, out);
  const Factor right = arranged(node, 1, equation, roles.batch, roles.depth, roles.columns, out);
  const std::string made = roles.batch + roles.rows + roles.columns;
  TensorId result = add_product(node, out.name(node), left, right, out);
  result = out.reshaped(node, result, equation.dims(made), "axes");
  std::vector<std::int64_t> permutation;
  for (const char letter : equation.result) {
    permutation.push_back(static_cast<std::int64_t>(made.find(letter)));
  }
  out.bind(node, 0, out.transposed(node, result, permutation, "order"));
}

void lower_einsum(const NodeView& node, Lowering& out) {
  const EinsumEquation equation = read_equation(node);
  if (node.input_count() > 2) {
    node.fail(
        fmt::format("its equation {} multiplies {} operands, whose order decides the work; "
                    "write it as equations of two",
                    in_quotes(node.text("equation", "")), node.input_count()));
  }
  if (node.input_count() == 1) {
    lower_by_letters(node, equation, out);
    return;
  }
  const Roles roles = roles_of(equation);
  if (repeats(equation.operands[0]) || repeats(equation.operands[1])) {
    node.fail(
        fmt::format("its equation {} takes a diagonal of an operand of a product, which "
                    "cannot be mapped",
                    in_quotes(node.text("equation", ""))));
  }
  if (roles.depth.empty()) {
    lower_by_letters(node, equation, out);
  } else {
    lower_product(node, equation, roles, out);
  }
}

constexpr Rule kEinsumRules[] = {{"Einsum", einsum_shapes, lower_einsum}};

}  // namespace

std::span<const Rule> einsum_rules() {
  return kEinsumRules;
}

}  // namespace imbrex::onnx_reader
