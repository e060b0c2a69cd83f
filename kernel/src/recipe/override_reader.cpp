#include "recipe/override_reader.hpp"

#include "recipe/load_recipe.hpp"

#include <utility>

namespace imbrex::recipe {
namespace {

bool is_bare(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

class OverrideReader {
 public:
  OverrideReader(const Document& document, std::uint32_t line, Diagnostics& diagnostics)
      : document_(document), line_(line), text_(document.line(line)), diagnostics_(diagnostics) {}

  // Nothing after a complaint.
  std::optional<Override> read_set() {
    Override result;
    if (!read_path(result.path)) {
      return std::nullopt;
    }
    if (!accept('=')) {
      return fail("an override reads PATH=VALUE, e.g. stage.1.granularity=pixel");
    }
    skip_blanks();
    if (at_ == text_.size()) {
      return fail("a value is missing after '='; write \"\" for an empty text");
    }
    std::optional<RecipeValue> value = read_value();
    if (!value) {
      return std::nullopt;
    }
    result.value = std::move(*value);
    name_value(result);
    return result;
  }

  std::optional<Override> read_unset() {
    Override result;
    if (!read_path(result.path)) {
      return std::nullopt;
    }
    skip_blanks();
    if (at_ < text_.size()) {
      return fail("what is unset is named by its PATH alone, e.g. architecture.topology");
    }
    RecipeValue& mark = result.value;
    mark.kind = NodeKind::table;
    mark.document = &document_;
    mark.position = {line_, result.path.back().column};
    RecipeValue& word = mark.children.emplace_back();
    word.kind = NodeKind::boolean;
    word.boolean = true;
    word.key = "unset";
    word.document = &document_;
    name_value(result);
    return result;
  }

 private:
  bool read_path(OverridePath& path) {
    do {
      std::optional<OverridePart> part = read_part();
      if (!part) {
        return false;
      }
      path.push_back(std::move(*part));
    } while (accept('.'));
    return true;
  }

  void name_value(Override& result) const {
    result.value.key = result.path.back().text;
    result.value.key_position = {line_, result.path.back().column};
  }

  void skip_blanks() noexcept {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) {
      ++at_;
    }
  }

  bool accept(char c) noexcept {
    skip_blanks();
    const bool found = at_ < text_.size() && text_[at_] == c;
    at_ += found ? 1 : 0;
    return found;
  }

  std::nullopt_t fail(std::string_view message) {
    diagnostics_.error(document_, {line_, static_cast<std::uint32_t>(at_ + 1)}, message);
    return std::nullopt;
  }

  std::optional<OverridePart> read_part() {
    skip_blanks();
    OverridePart part{{}, static_cast<std::uint32_t>(at_ + 1)};
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) {
      const std::size_t end = text_.find(text_[at_], at_ + 1);
      if (end == std::string_view::npos) {
        return fail("the quote is not closed");
      }
      part.text = text_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
      return part;
    }
    while (at_ < text_.size() && is_bare(text_[at_])) {
      part.text += text_[at_++];
    }
    if (part.text.empty()) {
      return fail(
          "a name is missing; an override reads PATH=VALUE, e.g. stage.1.granularity=pixel");
    }
    return part;
  }

  // Positions inside the value are those of the override, not of the small document parsed here.
  void relocate(RecipeValue& value) const {
    const auto move = [&](SourcePosition& position) {
      const auto offset = static_cast<std::uint32_t>(at_);
      position = {line_, position.column > kPrefix.size()
                             ? position.column - static_cast<std::uint32_t>(kPrefix.size()) + offset
                             : offset + 1};
    };
    value.document = &document_;
    move(value.position);
    move(value.key_position);
    for (RecipeValue& child : value.children) {
      relocate(child);
    }
  }

  std::optional<RecipeValue> read_value() {
    const std::string_view rest = text_.substr(at_);
    try {
      const Document parsed =
          Document::parse_text(std::string(kPrefix) + std::string(rest), kOverridesName);
      if (parsed.root().size() == 1) {
        RecipeValue value = recipe_value_of(parsed, parsed.root()[0]);
        relocate(value);
        return value;
      }
    } catch (const InputError&) {
      constexpr std::string_view structure = "\"'[{";
      if (structure.find(rest.front()) != std::string_view::npos) {
        return fail("the value is not valid TOML");
      }
    }
    RecipeValue value;
    value.kind = NodeKind::string;
    value.text = rest.substr(0, rest.find_last_not_of(" \t") + 1);
    value.document = &document_;
    value.position = {line_, static_cast<std::uint32_t>(at_ + 1)};
    return value;
  }

  static constexpr std::string_view kPrefix = "v = ";
  const Document& document_;
  std::uint32_t line_;
  std::string_view text_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<Override> read_set(const Document& document, std::uint32_t line,
                                 Diagnostics& diagnostics) {
  return OverrideReader(document, line, diagnostics).read_set();
}

std::optional<Override> read_unset(const Document& document, std::uint32_t line,
                                   Diagnostics& diagnostics) {
  return OverrideReader(document, line, diagnostics).read_unset();
}

}  // namespace imbrex::recipe
