#include "result/json_text.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace imbrex::result {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLineLength = 100;

bool is_numbers(const Json& json) {
  return json.is_array() && !json.empty() &&
         std::all_of(json.begin(), json.end(), [](const Json& item) { return item.is_number(); });
}

bool is_pairs(const Json& json) {
  return json.is_array() && !json.empty() &&
         std::all_of(json.begin(), json.end(),
                     [](const Json& item) { return is_numbers(item) && item.size() == 2; });
}

class Writer {
 public:
  std::string text(const Json& json) {
    value(json, 0);
    return std::move(out_) + "\n";
  }

 private:
  static std::string one_line(const Json& json) {
    if (!json.is_array()) {
      return json.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    std::string line;
    for (const Json& item : json) {
      line += (line.empty() ? "" : ", ") + one_line(item);
    }
    return "[" + line + "]";
  }

  void new_line(std::size_t depth) { out_.append("\n").append(2 * depth, ' '); }

  void value(const Json& json, std::size_t depth) {
    if (json.is_object() && !json.empty()) {
      object(json, depth);
    } else if (is_numbers(json) || is_pairs(json)) {
      side_by_side(json, depth);
    } else if (json.is_array() && !json.empty()) {
      list(json, depth);
    } else {
      out_ += one_line(json);
    }
  }

  void object(const Json& json, std::size_t depth) {
    out_ += '{';
    bool first = true;
    for (const auto& [key, item] : json.items()) {
      out_ += first ? "" : ",";
      first = false;
      new_line(depth + 1);
      out_ += one_line(Json(key)) + ": ";
      value(item, depth + 1);
    }
    new_line(depth);
    out_ += '}';
  }

  void list(const Json& json, std::size_t depth) {
    out_ += '[';
    bool first = true;
    for (const Json& item : json) {
      out_ += first ? "" : ",";
      first = false;
      new_line(depth + 1);
      if (is_numbers(item)) {
        out_ += one_line(item);
      } else {
        value(item, depth + 1);
      }
    }
    new_line(depth);
    out_ += ']';
  }

  void side_by_side(const Json& json, std::size_t depth) {
    out_ += '[';
    new_line(depth + 1);
    std::size_t used = 2 * (depth + 1);
    for (std::size_t i = 0; i < json.size(); ++i) {
      const std::string item = one_line(json[i]) + (i + 1 < json.size() ? "," : "");
      const bool first = used == 2 * (depth + 1);
      if (!first && used + 1 + item.size() > kLineLength) {
        new_line(depth + 1);
        used = 2 * (depth + 1);
      } else if (!first) {
        out_ += ' ';
        ++used;
      }
      out_ += item;
      used += item.size();
    }
    new_line(depth);
    out_ += ']';
  }

  std::string out_;
};

}  // namespace

std::string json_text(const Json& json) {
  return Writer().text(json);
}

}  // namespace imbrex::result
