// Typed access to the keys of one layer. Complaints are collected with their position; a layer with
// a complaint answers with fallbacks and says so through `failed`, so that all complaints come at
// once.
#pragma once

#include "expression.hpp"

#include <imbrex/plugin/document.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <set>
#include <string>
#include <vector>

namespace imbrex::toml_reader {

// Complaints about one file, at most one per place: a repeated block would say the same many times.
class Complaints {
 public:
  explicit Complaints(const Document& document) : document_(document) {}
  void add(SourcePosition position, std::string_view message);
  bool empty() const noexcept { return diagnostics_.empty(); }
  bool holds(SourcePosition position) const {
    return places_.contains({position.line, position.column});
  }
  // Whether the next complaint may look for the nearest of many names. Later ones are rarely shown,
  // and a hostile file could have a hundred thousand of each.
  bool suggests() const noexcept { return places_.size() < 100; }
  void throw_if_any() const { diagnostics_.throw_if_any(); }

 private:
  const Document& document_;
  Diagnostics diagnostics_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> places_;
};

class Fields {
 public:
  // `defaults`: the table [defaults.OP], or none. `default_bits`: of weights and data that say
  // nothing else.
  Fields(DocumentNode layer, DocumentNode defaults, const Arguments& arguments,
         Complaints& complaints, std::int32_t default_bits = 8)
      : layer_(layer),
        defaults_(defaults),
        arguments_(arguments),
        complaints_(complaints),
        default_bits_(default_bits) {}

  // The layer's own value, else the default of its operator, else none.
  DocumentNode find(std::string_view key) const;
  bool has(std::string_view key) const { return static_cast<bool>(find(key)); }
  bool failed() const noexcept { return failed_; }
  void complain(DocumentNode at, std::string_view message);
  void complain(std::string_view message);  // about the whole layer

  std::int64_t integer(std::string_view key, std::int64_t fallback, std::int64_t minimum);
  std::int64_t required_integer(std::string_view key, std::int64_t minimum);
  std::int32_t bits(std::string_view key);  // in [1, 64]
  bool boolean(std::string_view key, bool fallback);
  std::string text(std::string_view key, std::string_view fallback);
  // An integer for both, or [rows, columns].
  std::array<std::int64_t, 2> pair(std::string_view key, std::array<std::int64_t, 2> fallback,
                                   std::int64_t minimum);
  std::vector<std::int64_t> required_integers(std::string_view key);
  // One of the words, given as its index. Complains with the nearest one.
  std::size_t word(std::string_view key, std::span<const std::string_view> words);
  // kernel, stride, dilation and pad of convolutions and pools on data of the given shape.
  Window window(const Shape& data, bool stride_is_kernel);

  // Any integer or expression. Complains and gives the fallback otherwise.
  std::int64_t value(DocumentNode node, std::int64_t fallback);
  // A string, or the text argument that it names.
  std::string text_value(DocumentNode node);

 private:
  std::vector<std::int64_t> values(DocumentNode array);
  void pads(const Shape& data, Window& window);

  DocumentNode layer_;
  DocumentNode defaults_;
  const Arguments& arguments_;
  Complaints& complaints_;
  std::int32_t default_bits_;
  bool failed_ = false;
};

}  // namespace imbrex::toml_reader
