// Checks what needs no shapes: keys, operator words, names of blocks. Runs over the whole file, so
// that a misspelling in a block that nobody calls is found as well.
#include "network.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::toml_reader {
namespace {

using Words = std::vector<std::string_view>;

// Of a block, required and optional ones; every key of every call is compared with all of them.
constexpr std::size_t kMaxArguments = 100;

std::string suggestion(std::string_view given, const Words& known) {
  const std::string_view nearest = nearest_name(given, known);
  return nearest.empty() ? std::string() : fmt::format("; did you mean '{}'?", nearest);
}

class Structure {
 public:
  Structure(DocumentNode root, Complaints& complaints) : root_(root), complaints_(complaints) {}

  void check() {
    check_keys(root_, {"imbrex_workload", "description", "input", "defaults", "network", "block"},
               "a workload file");
    const DocumentNode version = root_.find("imbrex_workload");
    if (version.integer() != 1) {
      complaints_.add(version ? version.position() : root_.position(),
                      "expected imbrex_workload = 1, the version of this format");
    }
    check_tables("input", {"shape", "bits", "batch_axis"});
    check_defaults();
    const DocumentNode network = expect(root_, "network", NodeKind::table);
    check_keys(network, {"layers", "outputs"}, "[network]");
    check_layers(expect(network, "layers", NodeKind::array));
    check_blocks();
  }

 private:
  void check_keys(DocumentNode table, const Words& known, std::string_view what) {
    for (std::size_t i = 0; i < table.size() && table.kind() == NodeKind::table; ++i) {
      const std::string_view key = table[i].key();
      if (std::find(known.begin(), known.end(), key) == known.end()) {
        complaints_.add(table[i].key_position(),
                        fmt::format("unknown key '{}' in {}{}", key, what, suggestion(key, known)));
      }
    }
  }

  DocumentNode expect(DocumentNode parent, std::string_view key, NodeKind kind) {
    const DocumentNode node = parent.find(key);
    if (node.kind() == kind) {
      return node;
    }
    if (node) {
      complaints_.add(node.position(), fmt::format("expected '{}' to be {}, given {}", key,
                                                   to_string(kind), to_string(node.kind())));
    } else if (parent) {
      complaints_.add(parent.position(), fmt::format("expected the key '{}'", key));
    }
    return {};
  }

  bool is_table(DocumentNode node) {
    if (node.kind() != NodeKind::table) {
      complaints_.add(node.position(),
                      fmt::format("expected a table, given {}", to_string(node.kind())));
    }
    return node.kind() == NodeKind::table;
  }

  void check_tables(std::string_view key, const Words& known) {
    const DocumentNode tables = expect(root_, key, NodeKind::table);
    for (std::size_t i = 0; i < tables.size(); ++i) {
      if (is_table(tables[i])) {
        check_keys(tables[i], known, fmt::format("[{}.{}]", key, tables[i].key()));
      }
    }
  }

  void check_defaults() {
    const DocumentNode defaults = root_.find("defaults");
    if (!defaults || !is_table(defaults)) {
      return;
    }
    for (std::size_t i = 0; i < defaults.size(); ++i) {
      const std::string_view word = defaults[i].key();
      const OperatorForm* form = find_form(word);
      if (form == nullptr) {
        complaints_.add(defaults[i].key_position(), fmt::format("unknown operator '{}'{}", word,
                                                                suggestion(word, form_words())));
      } else if (is_table(defaults[i])) {
        Words known(form->keys.begin(), form->keys.end());
        known.push_back("activation");
        check_keys(defaults[i], known, fmt::format("[defaults.{}]", word));
      }
    }
  }

  void check_blocks() {
    const DocumentNode blocks = root_.find("block");
    if (!blocks || !is_table(blocks)) {
      return;
    }
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      if (!is_table(blocks[i])) {
        continue;
      }
      check_keys(blocks[i], {"arguments", "optional", "layers", "output"},
                 fmt::format("[block.{}]", blocks[i].key()));
      check_arguments(blocks[i]);
      check_layers(expect(blocks[i], "layers", NodeKind::array));
    }
  }

  void check_arguments(DocumentNode block) {
    const DocumentNode arguments = block.find("arguments");
    const DocumentNode optional = block.find("optional");
    if (arguments.size() + optional.size() > kMaxArguments) {
      complaints_.add(block.position(),
                      fmt::format("expected at most {} arguments, given {}", kMaxArguments,
                                  arguments.size() + optional.size()));
      return;
    }
    if (arguments && expect(block, "arguments", NodeKind::array)) {
      for (std::size_t i = 0; i < arguments.size(); ++i) {
        check_argument(arguments[i], arguments[i].string());
      }
    }
    if (optional && expect(block, "optional", NodeKind::table)) {
      for (std::size_t i = 0; i < optional.size(); ++i) {
        check_argument(optional[i], optional[i].key());
      }
    }
  }

  void check_argument(DocumentNode node, std::optional<std::string_view> name) {
    const auto reserved = block_keys();
    if (!name) {
      complaints_.add(node.position(), "expected the name of an argument");
    } else if (std::find(reserved.begin(), reserved.end(), *name) != reserved.end()) {
      complaints_.add(node.position(), fmt::format("expected a name other than {} for an argument",
                                                   fmt::join(reserved, ", ")));
    }
  }

  void check_layers(DocumentNode layers) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
      if (is_table(layers[i])) {
        check_layer(layers[i]);
      }
    }
  }

  void check_layer(DocumentNode layer) {
    const DocumentNode op = layer.find("op");
    const DocumentNode block = layer.find("block");
    if (static_cast<bool>(op) == static_cast<bool>(block)) {
      complaints_.add(layer.position(), "expected either 'op' or 'block' in a layer");
    } else if (op) {
      check_operator(layer, op);
    } else {
      check_call(layer, block);
    }
  }

  void check_operator(DocumentNode layer, DocumentNode op) {
    const std::string_view word = op.string().value_or("");
    const OperatorForm* form = find_form(word);
    if (form == nullptr) {
      complaints_.add(op.position(),
                      fmt::format("unknown operator '{}'{}", word, suggestion(word, form_words())));
      return;
    }
    Words known(common_keys().begin(), common_keys().end());
    known.insert(known.end(), form->keys.begin(), form->keys.end());
    check_keys(layer, known, fmt::format("operator '{}'", word));
  }

  void check_call(DocumentNode layer, DocumentNode call) {
    const DocumentNode blocks = root_.find("block");
    const std::string_view word = call.string().value_or("");
    const DocumentNode block = blocks.find(word);
    if (!block) {
      Words known;
      for (std::size_t i = 0; i < blocks.size() && complaints_.suggests(); ++i) {
        known.push_back(blocks[i].key());
      }
      complaints_.add(call.position(),
                      fmt::format("unknown block '{}'{}", word, suggestion(word, known)));
      return;
    }
    Words known(block_keys().begin(), block_keys().end());
    const DocumentNode arguments = block.find("arguments");
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      known.push_back(arguments[i].string().value_or(""));
    }
    const DocumentNode optional = block.find("optional");
    for (std::size_t i = 0; i < optional.size(); ++i) {
      known.push_back(optional[i].key());
    }
    check_keys(layer, known, fmt::format("a call of block '{}'", word));
  }

  DocumentNode root_;
  Complaints& complaints_;
};

}  // namespace

void check_structure(DocumentNode root, Complaints& complaints) {
  Structure(root, complaints).check();
}

}  // namespace imbrex::toml_reader
