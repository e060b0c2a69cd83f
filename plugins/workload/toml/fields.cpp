#include "fields.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::toml_reader {

void Complaints::add(SourcePosition position, std::string_view message) {
  if (places_.insert({position.line, position.column}).second) {
    diagnostics_.error(document_, position, message);
  }
}

DocumentNode Fields::find(std::string_view key) const {
  const DocumentNode own = layer_.find(key);
  return own ? own : defaults_.find(key);
}

void Fields::complain(DocumentNode at, std::string_view message) {
  failed_ = true;
  complaints_.add(at.position(), message);
}

void Fields::complain(std::string_view message) {
  complain(layer_, message);
}

std::int64_t Fields::value(DocumentNode node, std::int64_t fallback) {
  if (const auto integer = node.integer()) {
    return *integer;
  }
  if (const auto text = node.string()) {
    const Evaluation result = evaluate(*text, arguments_);
    if (const auto* integer = std::get_if<std::int64_t>(&result)) {
      return *integer;
    }
    complain(node, std::get<std::string>(result));
    return fallback;
  }
  complain(node, fmt::format("expected an integer, given {}", to_string(node.kind())));
  return fallback;
}

std::string Fields::text_value(DocumentNode node) {
  const auto text = node.string();
  if (!text) {
    complain(node, fmt::format("expected a string, given {}", to_string(node.kind())));
    return {};
  }
  if (text->empty() || text->front() != '$') {
    return std::string(*text);
  }
  const Argument* argument = find_argument(*text, arguments_);
  if (argument == nullptr) {
    complain(node, unknown_argument(text->substr(1), arguments_));
    return {};
  }
  if (const auto* result = std::get_if<std::string>(argument)) {
    return *result;
  }
  complain(node, fmt::format("argument '{}' is a number, expected a text", *text));
  return {};
}

std::int64_t Fields::integer(std::string_view key, std::int64_t fallback, std::int64_t minimum) {
  const DocumentNode node = find(key);
  if (!node) {
    return fallback;
  }
  const std::int64_t result = value(node, fallback);
  if (result < minimum && !failed_) {
    complain(node, fmt::format("expected {} of at least {}, given {}", key, minimum, result));
  }
  return result;
}

std::int64_t Fields::required_integer(std::string_view key, std::int64_t minimum) {
  if (!has(key)) {
    complain(fmt::format("expected the key '{}'", key));
    return minimum;
  }
  return integer(key, minimum, minimum);
}

std::int32_t Fields::bits(std::string_view key) {
  const std::int64_t result = integer(key, default_bits_, 1);
  if (result > 64) {
    complain(find(key), fmt::format("expected {} of at most 64, given {}", key, result));
    return default_bits_;
  }
  return static_cast<std::int32_t>(result);
}

bool Fields::boolean(std::string_view key, bool fallback) {
  const DocumentNode node = find(key);
  if (!node) {
    return fallback;
  }
  if (const auto result = node.boolean()) {
    return *result;
  }
  complain(node, fmt::format("expected true or false, given {}", to_string(node.kind())));
  return fallback;
}

std::string Fields::text(std::string_view key, std::string_view fallback) {
  const DocumentNode node = find(key);
  return node ? text_value(node) : std::string(fallback);
}

std::vector<std::int64_t> Fields::values(DocumentNode array) {
  std::vector<std::int64_t> result;
  for (std::size_t i = 0; i < array.size(); ++i) {
    result.push_back(value(array[i], 1));
  }
  return result;
}

std::array<std::int64_t, 2> Fields::pair(std::string_view key, std::array<std::int64_t, 2> fallback,
                                         std::int64_t minimum) {
  const DocumentNode node = find(key);
  if (!node) {
    return fallback;
  }
  if (node.kind() != NodeKind::array) {
    const std::int64_t both = integer(key, fallback[0], minimum);
    return {both, both};
  }
  const std::vector<std::int64_t> list = values(node);
  if (list.size() != 2 || std::min(list[0], list[1]) < minimum) {
    complain(node, fmt::format("expected {} as [rows, columns] of at least {}", key, minimum));
    return fallback;
  }
  return {list[0], list[1]};
}

std::vector<std::int64_t> Fields::required_integers(std::string_view key) {
  const DocumentNode node = find(key);
  if (!node) {
    complain(fmt::format("expected the key '{}'", key));
    return {};
  }
  return node.kind() == NodeKind::array ? values(node) : std::vector{value(node, 1)};
}

std::size_t Fields::word(std::string_view key, std::span<const std::string_view> words) {
  const DocumentNode node = find(key);
  if (!node) {
    return 0;
  }
  const std::string given = text_value(node);
  const auto found = std::find(words.begin(), words.end(), given);
  if (found != words.end()) {
    return static_cast<std::size_t>(found - words.begin());
  }
  const std::string_view nearest = nearest_name(given, words);
  complain(node, fmt::format("expected one of {}, given '{}'{}", fmt::join(words, ", "), given,
                             nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest)));
  return 0;
}

void Fields::pads(const Shape& data, Window& window) {
  const DocumentNode node = find("pad");
  if (!node) {
    return;
  }
  const std::size_t spatial = data.rank > 2 ? data.rank - 2u : 0;
  if (node.kind() == NodeKind::array) {
    const std::vector<std::int64_t> list = values(node);
    if (list.size() != 2 * spatial || spatial > 2) {
      complain(node, spatial == 1 ? "expected pad as [begin, end]"
                                  : "expected pad as [top, left, bottom, right]");
      return;
    }
    for (std::size_t s = 0; s < spatial; ++s) {
      window.pad_begin[s] = list[s];
      window.pad_end[s] = list[spatial + s];
    }
  } else if (node.string() == "same") {
    pad_same(window, data);
  } else if (node.kind() == NodeKind::string &&
             node.string()->find('$') == std::string_view::npos) {
    complain(node, fmt::format("expected pad as \"same\", an integer or [top, left, bottom, right],"
                               " given '{}'",
                               *node.string()));
  } else {
    const std::int64_t all = value(node, 0);
    window.pad_begin = {all, all};
    window.pad_end = {all, all};
  }
}

Window Fields::window(const Shape& data, bool stride_is_kernel) {
  Window result;
  result.kernel = pair("kernel", {1, 1}, 1);
  result.stride = pair("stride", stride_is_kernel ? result.kernel : result.stride, 1);
  result.dilation = pair("dilation", {1, 1}, 1);
  result.ceil_mode = boolean("ceil_mode", false);
  for (const auto& pair : {result.kernel, result.stride, result.dilation}) {
    constexpr std::int64_t kMost = 1 << 24;
    if (std::max(pair[0], pair[1]) > kMost) {
      complain(fmt::format("expected kernel, stride and dilation of at most {}", kMost));
    }
  }
  if (!failed_) {
    pads(data, result);
  }
  return result;
}

}  // namespace imbrex::toml_reader
