// The only translation unit that includes the TOML library. Its tables iterate alphabetically, so
// the tree is copied into one that keeps file order, with columns in bytes.
#include "base/files.hpp"
#include "language/source_text.hpp"
#include "language/toml_limits.hpp"

#include <imbrex/plugin/document.hpp>

#include <algorithm>
#include <cmath>
#include <deque>

#include <fmt/format.h>
#include <toml++/toml.h>

namespace imbrex {

struct DocumentNode::Data {
  NodeKind kind = NodeKind::none;
  SourcePosition position;
  SourcePosition key_position;
  std::string key;
  std::string text;
  std::int64_t integer = 0;
  double real = 0;
  bool boolean = false;
  std::vector<const Data*> children;
  std::vector<const Data*> by_key;  // the same of a large table, ascending; else empty
};

struct Document::Impl {
  explicit Impl(std::string_view text, std::string_view file_name) : source(text, file_name) {}

  SourceText source;
  std::deque<DocumentNode::Data> nodes;  // stable addresses; the root is the first
};

namespace {

// Tables of components have fewer keys; one look at each of them is faster than a search.
constexpr std::size_t kLargeTable = 16;

void refuse_excess(const Document& document, const SourceText& source) {
  if (const std::optional<TomlExcess> excess = toml_excess(source.text())) {
    Diagnostics diagnostics;
    diagnostics.error(document, source.position(excess->offset), excess->message);
    diagnostics.throw_if_any();
  }
}

SourcePosition to_position(const SourceText& source, const toml::source_position& position) {
  if (!position) {
    return {};
  }
  return {position.line, source.byte_column(position.line, position.column)};
}

bool earlier(SourcePosition a, SourcePosition b) noexcept {
  return a.line != b.line ? a.line < b.line : a.column < b.column;
}

NodeKind to_kind(toml::node_type type) noexcept {
  switch (type) {
    case toml::node_type::table:
      return NodeKind::table;
    case toml::node_type::array:
      return NodeKind::array;
    case toml::node_type::string:
      return NodeKind::string;
    case toml::node_type::integer:
      return NodeKind::integer;
    case toml::node_type::floating_point:
      return NodeKind::real;
    case toml::node_type::boolean:
      return NodeKind::boolean;
    case toml::node_type::none:
      return NodeKind::none;
    default:
      return NodeKind::other;
  }
}

// Copies a TOML tree. `Node` is DocumentNode::Data, which only members of Document may name.
template <class Node>
class TreeCopier {
 public:
  TreeCopier(const SourceText& source, std::deque<Node>& nodes) : source_(source), nodes_(nodes) {}

  const Node* copy(const toml::node& from, std::string_view key, SourcePosition key_position) {
    Node& node = nodes_.emplace_back();
    node.kind = to_kind(from.type());
    node.key = key;
    node.position = to_position(source_, from.source().begin);
    node.key_position = key.data() == nullptr ? node.position : key_position;
    copy_scalar(from, node);
    if (const toml::table* table = from.as_table()) {
      for (const auto& [child_key, child] : *table) {
        node.children.push_back(copy(child, child_key.str(), position_of(child_key, child)));
      }
      if (node.children.size() > kLargeTable) {
        node.by_key = node.children;  // the library's tables iterate in this order
      }
      std::stable_sort(
          node.children.begin(), node.children.end(),
          [](const Node* a, const Node* b) { return earlier(a->key_position, b->key_position); });
    } else if (const toml::array* array = from.as_array()) {
      for (const toml::node& child : *array) {
        node.children.push_back(copy(child, {}, {}));
      }
    }
    return &node;
  }

 private:
  SourcePosition position_of(const toml::key& key, const toml::node& value) const {
    const SourcePosition position = to_position(source_, key.source().begin);
    return position.line != 0 ? position : to_position(source_, value.source().begin);
  }

  void copy_scalar(const toml::node& from, Node& node) const {
    if (const auto* text = from.as_string()) {
      node.text = text->get();
    } else if (const auto* integer = from.as_integer()) {
      node.integer = integer->get();
    } else if (const auto* real = from.as_floating_point()) {
      node.real = real->get();
    } else if (const auto* boolean = from.as_boolean()) {
      node.boolean = boolean->get();
    }
  }

  const SourceText& source_;
  std::deque<Node>& nodes_;
};

}  // namespace

std::string_view to_string(NodeKind kind) noexcept {
  switch (kind) {
    case NodeKind::none:
      return "nothing";
    case NodeKind::table:
      return "a table";
    case NodeKind::array:
      return "an array";
    case NodeKind::string:
      return "a string";
    case NodeKind::integer:
      return "an integer";
    case NodeKind::real:
      return "a real number";
    case NodeKind::boolean:
      return "a boolean";
    case NodeKind::other:
      return "a date or time";
  }
  return "an unknown value";
}

NodeKind DocumentNode::kind() const noexcept {
  return data_ == nullptr ? NodeKind::none : data_->kind;
}
SourcePosition DocumentNode::position() const noexcept {
  return data_ == nullptr ? SourcePosition{} : data_->position;
}
SourcePosition DocumentNode::key_position() const noexcept {
  return data_ == nullptr ? SourcePosition{} : data_->key_position;
}
std::string_view DocumentNode::key() const noexcept {
  return data_ == nullptr ? std::string_view{} : std::string_view(data_->key);
}

std::optional<bool> DocumentNode::boolean() const noexcept {
  return kind() == NodeKind::boolean ? std::optional(data_->boolean) : std::nullopt;
}
std::optional<std::int64_t> DocumentNode::integer() const noexcept {
  return kind() == NodeKind::integer ? std::optional(data_->integer) : std::nullopt;
}
std::optional<double> DocumentNode::real() const noexcept {
  if (kind() == NodeKind::real) {
    return data_->real;
  }
  if (kind() == NodeKind::integer) {
    const double value = static_cast<double>(data_->integer);
    // 2^63 itself does not fit back into the integer type.
    if (std::abs(value) < 0x1p63 && static_cast<std::int64_t>(value) == data_->integer) {
      return value;
    }
  }
  return std::nullopt;
}
std::optional<std::string_view> DocumentNode::string() const noexcept {
  return kind() == NodeKind::string ? std::optional<std::string_view>(data_->text) : std::nullopt;
}

std::size_t DocumentNode::size() const noexcept {
  return data_ == nullptr ? 0 : data_->children.size();
}
DocumentNode DocumentNode::operator[](std::size_t i) const noexcept {
  return i < size() ? DocumentNode(data_->children[i]) : DocumentNode();
}
DocumentNode DocumentNode::find(std::string_view key) const noexcept {
  if (kind() == NodeKind::table && !data_->by_key.empty()) {
    const auto found = std::lower_bound(
        data_->by_key.begin(), data_->by_key.end(), key,
        [](const Data* child, std::string_view wanted) { return child->key < wanted; });
    return found != data_->by_key.end() && (*found)->key == key ? DocumentNode(*found)
                                                                : DocumentNode();
  }
  if (kind() == NodeKind::table) {
    for (const Data* child : data_->children) {
      if (child->key == key) {
        return DocumentNode(child);
      }
    }
  }
  return {};
}

Document::Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Document Document::parse_file(std::string_view path) {
  std::error_code unknown;  // then reading says why
  const std::uintmax_t bytes = std::filesystem::file_size(path, unknown);
  if (const std::string excess = unknown ? "" : oversized_toml(bytes); !excess.empty()) {
    throw InputError(fmt::format("{}: error: the file {}", path, excess));
  }
  return parse_text(read_text_file(std::filesystem::path(path)), path);
}

Document Document::parse_text(std::string_view text, std::string_view file_name) {
  Document document = without_values(text, file_name);
  const SourceText& source = document.impl_->source;
  refuse_excess(document, source);
  try {
    const toml::table table = toml::parse(std::string_view(source.text()));
    TreeCopier(source, document.impl_->nodes).copy(table, {}, {});
  } catch (const toml::parse_error& error) {
    Diagnostics diagnostics;
    SourcePosition position = to_position(source, error.source().begin);
    if (position.line == 0) {
      position = {1, 1};
    }
    diagnostics.error(document, position, error.description());
    diagnostics.throw_if_any();
  }
  return document;
}

Document Document::without_values(std::string_view text, std::string_view file_name) {
  Document document;
  document.impl_ = std::make_unique<Impl>(text, file_name);
  return document;
}

DocumentNode Document::root() const noexcept {
  return impl_->nodes.empty() ? DocumentNode() : DocumentNode(&impl_->nodes.front());
}
std::string_view Document::file_name() const noexcept {
  return impl_->source.file_name();
}
std::string_view Document::line(std::uint32_t number) const noexcept {
  return impl_->source.line(number);
}

}  // namespace imbrex
