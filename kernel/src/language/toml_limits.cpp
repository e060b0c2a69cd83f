#include "language/toml_limits.hpp"

#include <vector>

#include <fmt/format.h>

namespace imbrex {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  std::optional<TomlExcess> run() {
    at_ = text_.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
    start_statement();
    while (at_ < text_.size() && !excess_) {
      step(text_[at_]);
    }
    return std::move(excess_);
  }

 private:
  // An array or an inline table that is not closed yet.
  struct Open {
    bool is_table;
    std::size_t depth;  // of what it is the value of
  };

  void step(char c) {
    switch (c) {
      case '#':
        skip_comment();
        return;
      case '"':
      case '\'':
        is_start_ = false;
        skip_string(c);
        return;
      case '[':
      case '{':
        open(c);
        break;
      case ']':
      case '}':
        close();
        break;
      case '\n':
        if (open_.empty()) {
          start_statement();
        }
        break;
      case ',':
        start_element();
        break;
      case '=':
        count(in_key_ ? 1 : 0);
        in_key_ = false;
        break;
      case '.':
        depth_ += in_key_ ? 1 : 0;
        count(in_key_ ? 1 : 0);
        break;
      default:
        is_start_ = is_start_ && (c == ' ' || c == '\t' || c == '\r');
    }
    ++at_;
  }

  void start_statement() {
    in_header_ = false;
    start_key(header_depth_);
    is_start_ = true;
  }

  void start_key(std::size_t depth_of_table) {
    in_key_ = true;
    depth_ = depth_of_table + 1;
  }

  // Of an array, or the next key of an inline table.
  void start_element() {
    if (open_.empty()) {
      return;
    }
    if (open_.back().is_table) {
      start_key(open_.back().depth);
    } else {
      depth_ = open_.back().depth + 1;
      count(1);
    }
  }

  void open(char c) {
    if (in_key_ && open_.empty() && is_start_) {  // "[" of a header, or the second one of "[["
      depth_ = in_header_ ? 2 : 1;
      in_header_ = true;
      return;
    }
    if (in_key_) {
      return;  // no TOML
    }
    open_.push_back({c == '{', depth_});
    if (c == '{') {
      start_key(depth_);
    } else {
      ++depth_;
      count(1);
    }
  }

  void close() {
    if (in_header_) {
      count(1);
      header_depth_ = depth_;
      in_key_ = false;
    } else if (!open_.empty()) {
      depth_ = open_.back().depth;
      in_key_ = false;
      open_.pop_back();
    }
  }

  // So many more values, the last of them as deep as `depth_`.
  void count(std::size_t values) {
    values_ += values;
    if (depth_ > kMaxTomlDepth) {
      refuse(fmt::format("nested more than {} deep; tables, arrays and parts of dotted keys count",
                         kMaxTomlDepth));
    } else if (values_ > kMaxTomlValues) {
      refuse(fmt::format("more than {} keys and values in one file", kMaxTomlValues));
    }
  }

  void refuse(std::string message) {
    if (!excess_) {
      excess_ = TomlExcess{at_, std::move(message)};
    }
  }

  void skip_comment() {
    const std::size_t end = text_.find('\n', at_);
    at_ = end == std::string_view::npos ? text_.size() : end;
  }

  void skip_string(char quote) {
    const std::string_view rest = text_.substr(at_);
    const std::string three(3, quote);
    const bool is_long = rest.starts_with(three);
    at_ += is_long ? 3 : 1;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\\' && quote == '"') {
        ++at_;
      } else if (c == '\n' && !is_long) {
        return;  // no TOML: it would have to be closed
      } else if (c == quote && (!is_long || text_.substr(at_).starts_with(three))) {
        close_string(quote, is_long);
        return;
      }
    }
  }

  // Up to two quotes before the three that end a long string belong to it.
  void close_string(char quote, bool is_long) {
    const std::size_t most = is_long ? 5 : 1;
    for (std::size_t i = 0; i < most && at_ < text_.size() && text_[at_] == quote; ++i) {
      ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Open> open_;
  std::size_t header_depth_ = 0;  // of the table that statements belong to
  std::size_t depth_ = 0;
  std::size_t values_ = 0;
  bool in_key_ = true;
  bool in_header_ = false;
  bool is_start_ = true;  // nothing but blanks since the statement began
  std::optional<TomlExcess> excess_;
};

}  // namespace

std::string oversized_toml(std::size_t bytes) {
  return bytes <= kMaxTomlBytes
             ? std::string()
             : fmt::format("has {} bytes; expected at most {}", bytes, kMaxTomlBytes);
}

std::optional<TomlExcess> toml_excess(std::string_view text) {
  if (text.size() > kMaxTomlBytes) {
    return TomlExcess{kMaxTomlBytes, "the file " + oversized_toml(text.size())};
  }
  return Scan(text).run();
}

}  // namespace imbrex
