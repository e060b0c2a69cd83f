#include "function_lengths.hpp"

#include "source_files.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace imbrex::test {
namespace {

enum class Opens { scope, function, initializer };

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\n");
  const std::size_t last = text.find_last_not_of(" \t\n");
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, last - first + 1);
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// template <...> in front of a declaration.
std::string_view without_template(std::string_view head) {
  while (head.starts_with("template")) {
    std::size_t at = head.find('<');
    int depth = 0;
    int parentheses = 0;  // what is larger or smaller inside them is no bracket
    for (; at < head.size(); ++at) {
      parentheses += head[at] == '(' ? 1 : head[at] == ')' ? -1 : 0;
      if (parentheses == 0) {
        depth += head[at] == '<' ? 1 : head[at] == '>' ? -1 : 0;
      }
      if (depth == 0) {
        break;
      }
    }
    head = trimmed(head.substr(std::min(at + 1, head.size())));
  }
  return head;
}

// The part of a declaration's head that is outside parentheses and brackets.
std::string outside_parentheses(std::string_view head) {
  std::string kept;
  int depth = 0;
  for (const char c : head) {
    depth -= c == ')' || c == ']' ? 1 : 0;
    if (depth == 0) {
      kept += c;
    }
    depth += c == '(' || c == '[' ? 1 : 0;
  }
  return kept;
}

bool has_single_colon(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ':') {
      if (i + 1 == text.size() || text[i + 1] != ':') {
        return true;
      }
      ++i;
    }
  }
  return false;
}

// What the brace after `head` begins.
Opens opened_by(std::string_view head) {
  const std::string_view declaration = without_template(head);
  for (const char* word :
       {"namespace", "inline namespace", "extern", "class", "struct", "union", "enum"}) {
    const std::string_view text = word;
    if (declaration.starts_with(text) &&
        (declaration.size() == text.size() || !is_word(declaration[text.size()]))) {
      return text == "extern" && declaration.find('(') != std::string_view::npos ? Opens::function
                                                                                 : Opens::scope;
    }
  }
  const std::string outside = outside_parentheses(declaration);
  const std::size_t equals = outside.find('=');
  if (equals != std::string::npos && outside.find("operator") == std::string::npos) {
    return trimmed(std::string_view(outside).substr(equals + 1)).starts_with('[')
               ? Opens::function
               : Opens::initializer;
  }
  if (outside.find('(') == std::string::npos) {
    return Opens::initializer;
  }
  // X(...) : a_(1), b_{2} {: a brace behind a member's name is no body.
  const char last = declaration.back();
  const bool in_initializers = has_single_colon(outside.substr(outside.find(')')));
  return in_initializers && last != ')' && last != '}' ? Opens::initializer : Opens::function;
}

std::string name_of(std::string_view head) {
  head = without_template(head);
  const std::string outside = outside_parentheses(head);
  const std::size_t equals = outside.find('=');
  const bool is_lambda =
      equals != std::string::npos && outside.find("operator") == std::string::npos;
  std::size_t end = is_lambda ? head.find('=') : head.find('(');
  if (head.substr(0, end).ends_with("operator")) {
    end = head.find('(', end + 1);  // operator()(...)
  }
  const std::string_view before = trimmed(head.substr(0, end));
  std::size_t begin = before.size();
  const std::size_t keyword = before.rfind("operator");
  if (keyword != std::string_view::npos) {
    begin = keyword;
  }
  while (begin > 0 &&
         (is_word(before[begin - 1]) || before[begin - 1] == ':' || before[begin - 1] == '~')) {
    --begin;
  }
  const std::string_view name = before.substr(begin);
  const bool is_test = name == "TEST" || name == "TEST_F" || name == "TEST_P";
  return std::string(is_test ? head.substr(begin, head.find(')') + 1 - begin) : name);
}

class Reading {
 public:
  explicit Reading(std::string text) : text_(std::move(text)) {}

  std::vector<FunctionLength> run() {
    for (; at_ < text_.size(); ++at_) {
      step(text_[at_]);
    }
    if (scopes_ != 0 || parentheses_ != 0) {
      throw std::runtime_error("braces or parentheses do not balance");
    }
    return std::move(found_);
  }

 private:
  void step(char c) {
    if (c == '(' || c == '[') {
      ++parentheses_;
    } else if (c == ')' || c == ']') {
      --parentheses_;
    } else if (c == '{') {
      open();
    } else if (parentheses_ == 0 && c == '}') {
      if (scopes_-- == 0) {
        throw std::runtime_error("a brace closes what none has opened");
      }
      head_ = at_ + 1;
    } else if (parentheses_ == 0 && (c == ';' || (c == ':' && is_access(head())))) {
      head_ = at_ + 1;
    }
  }

  void open() {
    const Opens what = parentheses_ > 0 ? Opens::initializer : opened_by(head());
    if (what == Opens::scope) {
      ++scopes_;
      head_ = at_ + 1;
      return;
    }
    const std::string_view declaration = head();
    const std::size_t end = closing_brace();
    if (what == Opens::function) {
      const auto begin = static_cast<std::size_t>(declaration.data() - text_.data());
      found_.push_back({name_of(declaration), line_of(begin), line_of(end) - line_of(begin) + 1});
      head_ = end + 1;
    }
    at_ = end;
  }

  std::string_view head() const {
    return trimmed(std::string_view(text_).substr(head_, at_ - head_));
  }

  static bool is_access(std::string_view text) {
    return text == "public" || text == "protected" || text == "private";
  }

  std::size_t closing_brace() const {
    int depth = 0;
    for (std::size_t i = at_; i < text_.size(); ++i) {
      depth += text_[i] == '{' ? 1 : text_[i] == '}' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    throw std::runtime_error("a brace is never closed");
  }

  std::size_t line_of(std::size_t position) const {
    const auto end = text_.begin() + static_cast<std::ptrdiff_t>(position);
    return 1 + static_cast<std::size_t>(std::count(text_.begin(), end, '\n'));
  }

  std::string text_;
  std::vector<FunctionLength> found_;
  std::size_t at_ = 0;
  std::size_t head_ = 0;  // where the declaration begins
  std::size_t scopes_ = 0;
  int parentheses_ = 0;
};

}  // namespace

std::vector<FunctionLength> function_lengths(std::string_view source) {
  return Reading(braces_only(source)).run();
}

}  // namespace imbrex::test
