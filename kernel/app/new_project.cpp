#include "new_project.hpp"

#include "plugin/descriptor_check.hpp"
#include "plugin/kinds.hpp"
#include "project_templates.hpp"
#include "usage.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace imbrex::app {
namespace {

using Words = std::map<std::string, std::string, std::less<>>;

constexpr std::string_view kShippedVendor = "imbrex";

// What classes are called behind their name, so that none is called like what they use.
std::string_view class_ending(Kind kind) {
  switch (kind) {
    case Kind::workload_reader:
      return "Reader";
    case Kind::architecture_model:
      return "Architecture";
    case Kind::cost_model:
      return "Cost";
    case Kind::partitioner:
      return "Partitioner";
    case Kind::search_strategy:
      return "Search";
    case Kind::overlap_analyzer:
      return "Analyzer";
    case Kind::reporter:
      break;
  }
  return "Reporter";
}

Kind kind_of(std::string_view word) {
  std::vector<std::string_view> known;
  for (std::size_t i = 0; i < plugin::kKindWords.size(); ++i) {
    known.push_back(plugin::kKindWords[i].id_part);
    if (known.back() == word) {
      return static_cast<Kind>(i);
    }
  }
  throw InputError(with_suggestion(
      fmt::format("no kind of component {}; there are {}", in_quotes(word), fmt::join(known, ", ")),
      word, known));
}

std::vector<std::string> parts_of(std::string_view id) {
  std::vector<std::string> parts(1);
  for (const char c : id) {
    if (c == '.') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// A part of an id that looks like `text`.
std::string as_part(std::string_view text, std::string_view otherwise) {
  std::string part;
  for (const char c : text) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    const bool is_good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    part += is_upper ? static_cast<char>(c - 'A' + 'a') : is_good ? c : '-';
  }
  const bool has_letter = part.find_first_not_of('-') != std::string::npos;
  return has_letter ? part : std::string(otherwise);
}

// The id of this kind that was meant, as far as one can tell.
std::string id_like(const std::string& id, Kind kind) {
  const std::vector<std::string> parts = parts_of(id);
  const std::string vendor = parts.size() > 1 ? as_part(parts.front(), "acme") : "acme";
  return fmt::format("{}.{}.{}", vendor == kShippedVendor ? "acme" : vendor,
                     plugin::words_of(kind).id_part, as_part(parts.back(), "mine"));
}

// Words become a name as classes have it: "roof-line" is RoofLine.
std::string camel_case(std::string_view name) {
  std::string out = name.front() >= '0' && name.front() <= '9' ? "The" : "";
  bool starts_word = true;
  for (const char c : name) {
    if (c != '-') {
      out += starts_word && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    starts_word = c == '-';
  }
  return out;
}

std::string with(std::string text, char from, char to) {
  std::replace(text.begin(), text.end(), from, to);
  return text;
}

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

// The text with every @WORD@ replaced, also in what words stand for.
std::string filled_in(std::string_view text, const Words& words) {
  std::string out;
  while (!text.empty()) {
    const std::size_t at = text.find('@');
    const std::size_t end = at == text.npos ? at : text.find('@', at + 1);
    const std::string_view word =
        end == text.npos ? std::string_view() : text.substr(at + 1, end - at - 1);
    if (!is_word(word)) {  // a lone '@', or none
      const std::size_t kept = at == text.npos ? text.size() : at + 1;
      out += text.substr(0, kept);
      text.remove_prefix(kept);
      continue;
    }
    const auto found = words.find(word);
    if (found == words.end()) {
      throw Error(ErrorCode::failed, fmt::format("the templates know no word @{}@", word));
    }
    out += text.substr(0, at);
    out += filled_in(found->second, words);
    text.remove_prefix(end + 1);
  }
  return out;
}

Words words_for(const ProjectNames& names) {
  const std::vector<std::string> parts = parts_of(names.id);
  const std::string version = IMBREX_VERSION;
  return {{"id", names.id},
          {"vendor", parts.front()},
          {"name", parts.back()},
          {"title", with(parts.back(), '-', ' ')},
          {"interface", std::string(plugin::words_of(names.kind).interface_name)},
          {"target", names.target},
          {"file", names.file},
          {"class", names.class_name},
          {"imbrex_version", version.substr(0, version.rfind('.'))},
          {"imbrex_full_version", version}};
}

// "_what.md" is a text for @what@; other files have no word.
std::string word_of(std::string_view path) {
  return path.starts_with('_') ? std::string(path.substr(1, path.find('.') - 1)) : std::string();
}

std::string without_last_newline(std::string_view text) {
  return std::string(text.ends_with('\n') ? text.substr(0, text.size() - 1) : text);
}

}  // namespace

ProjectNames project_names(std::string_view kind_word, const std::string& id) {
  const Kind kind = kind_of(kind_word);
  std::string problem = plugin::component_id_problem(id);
  const std::vector<std::string> parts = parts_of(id);
  if (problem.empty() && parts[1] != kind_word) {
    problem =
        fmt::format("{} is no id of a {}", in_quotes(id), plugin::words_of(kind).interface_name);
  } else if (problem.empty() && parts.front() == kShippedVendor) {
    problem =
        fmt::format("{} would be a component of Imbrex itself, others have vendors of their own",
                    in_quotes(id));
  }
  if (!problem.empty()) {
    throw InputError(fmt::format("{}; did you mean {}?", problem, in_quotes(id_like(id, kind))));
  }
  return {id, kind, with(with(id, '.', '_'), '-', '_'), with(parts.back(), '-', '_'),
          camel_case(parts.back()) + std::string(class_ending(kind))};
}

std::vector<ProjectFile> project_files(const ProjectNames& names) {
  Words words = words_for(names);
  std::map<std::string_view, std::string_view> chosen;  // by path
  for (const std::string_view group :
       {std::string_view("common"), plugin::words_of(names.kind).id_part}) {
    for (const ProjectTemplate& file : kProjectTemplates) {
      if (file.group != group) {
        continue;
      }
      if (const std::string word = word_of(file.path); !word.empty()) {
        words[word] = without_last_newline(file.text);
      } else {
        chosen[file.path] = file.text;
      }
    }
  }
  std::vector<ProjectFile> files;
  for (const auto& [path, text] : chosen) {
    if (!text.empty()) {
      files.push_back({filled_in(path, words), filled_in(text, words)});
    }
  }
  return files;
}

}  // namespace imbrex::app
