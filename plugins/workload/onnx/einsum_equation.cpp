#include "einsum_equation.hpp"

#include "text.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

constexpr std::string_view kEllipsis = "...";
// Letters for the axes of an ellipsis, last axis first: none that a formula can hold.
constexpr std::string_view kEllipsisLetters = "0123456789";

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts{""};
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

[[noreturn]] void fail_on_formula(const NodeView& node, const std::string& formula) {
  node.fail(fmt::format("its equation {} is damaged", in_quotes(formula)));
}

// Letters of one term; `rank` axes, so many of which an ellipsis stands for.
std::string letters_of(const NodeView& node, std::string term, std::size_t ellipsis_axes) {
  const std::string given = term;
  const std::size_t dots = term.find(kEllipsis);
  if (dots != std::string::npos) {
    std::string letters(kEllipsisLetters.substr(0, ellipsis_axes));
    std::reverse(letters.begin(), letters.end());
    term.replace(dots, kEllipsis.size(), letters);
  }
  const bool possible = std::all_of(term.begin(), term.end(), [](unsigned char c) {
    return std::isalpha(c) != 0 || std::isdigit(c) != 0;
  });
  if (!possible || std::any_of(given.begin(), given.end(),
                               [](unsigned char c) { return std::isdigit(c) != 0; })) {
    fail_on_formula(node, given);
  }
  return term;
}

std::size_t ellipsis_axes(const NodeView& node, const std::string& term, std::size_t rank) {
  const bool dots = term.find(kEllipsis) != std::string::npos;
  const std::size_t letters = term.size() - (dots ? kEllipsis.size() : 0);
  const bool fits =
      dots ? letters <= rank && rank - letters <= kEllipsisLetters.size() : letters == rank;
  if (!fits) {
    node.fail(fmt::format("term {} of its equation does not fit an operand of rank {}",
                          in_quotes(term), rank));
  }
  return rank - letters;
}

void add_extents(const NodeView& node, const std::string& letters, const Dims& dims,
                 EinsumEquation& equation) {
  for (std::size_t axis = 0; axis < dims.size(); ++axis) {
    const auto [known, fresh] = equation.extent.emplace(letters[axis], dims[axis]);
    if (!fresh && known->second != dims[axis]) {
      node.fail(fmt::format("axis '{}' of its equation has extents {} and {}", letters[axis],
                            known->second, dims[axis]));
    }
  }
}

// Without "->": axes of an ellipsis, then the letters that occur once.
std::string implied_result(const std::string& terms, std::size_t widest_ellipsis) {
  std::string letters;
  for (const char c : terms) {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0 &&
        std::count(terms.begin(), terms.end(), c) == 1) {
      letters += c;
    }
  }
  std::sort(letters.begin(), letters.end());
  return (widest_ellipsis > 0 ? std::string(kEllipsis) : std::string()) + letters;
}

}  // namespace

Dims EinsumEquation::dims(const std::string& letters) const {
  Dims dims;
  for (const char letter : letters) {
    dims.push_back(extent.at(letter));
  }
  return dims;
}

EinsumEquation read_equation(const NodeView& node) {
  std::string formula = node.text("equation", "");
  std::erase(formula, ' ');
  const std::size_t arrow = formula.find("->");
  const std::string left = formula.substr(0, arrow);
  const std::vector<std::string> terms = split(left, ',');
  if (terms.size() != node.input_count()) {
    node.fail(fmt::format("its equation {} has {} terms for {} operands", in_quotes(formula),
                          terms.size(), node.input_count()));
  }
  EinsumEquation equation;
  std::size_t widest = 0;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const Dims& dims = node.dims(i);
    const std::size_t hidden = ellipsis_axes(node, terms[i], dims.size());
    widest = std::max(widest, hidden);
    equation.operands.push_back(letters_of(node, terms[i], hidden));
    add_extents(node, equation.operands.back(), dims, equation);
  }
  const std::string result =
      arrow == std::string::npos ? implied_result(left, widest) : formula.substr(arrow + 2);
  equation.result = letters_of(node, result, widest);
  for (const char letter : equation.result) {
    if (!equation.extent.contains(letter) ||
        std::count(equation.result.begin(), equation.result.end(), letter) != 1) {
      fail_on_formula(node, formula);
    }
  }
  return equation;
}

}  // namespace imbrex::onnx_reader
