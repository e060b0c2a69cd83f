// Completion for shells: a script that asks `imbrex complete`, and the answers.
#include "command_parts.hpp"
#include "command_text.hpp"
#include "plugin/parameter_text.hpp"
#include "recipe/parsed_recipe.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <system_error>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

namespace fs = std::filesystem;

// The shell counts what stands behind '=' and ':' as a word of its own and replaces only that.
constexpr std::string_view kBash =
    R"(# bash completion for imbrex: imbrex completion bash >/etc/bash_completion.d/imbrex
_imbrex() {
  local line=${COMP_LINE:0:COMP_POINT} word kept
  word=${line##* }
  kept=${word%"${word##*[=:]}"}
  mapfile -t COMPREPLY < <("$1" complete "$line" 2>/dev/null)
  COMPREPLY=("${COMPREPLY[@]%%$'\t'*}")
  COMPREPLY=("${COMPREPLY[@]#"$kept"}")
  if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=.] ]]; then
    compopt -o nospace
  fi
}
complete -o bashdefault -o default -F _imbrex imbrex
)";

constexpr std::string_view kZsh = R"(#compdef imbrex
# zsh completion for imbrex: imbrex completion zsh >FOLDER/_imbrex, where FOLDER is in fpath.
_imbrex() {
  local -a lines replies shown
  local line
  lines=("${(@f)$("${words[1]}" complete "$LBUFFER" 2>/dev/null)}")
  for line in $lines; do
    [[ -n $line ]] || continue
    replies+=("${line%%$'\t'*}")
    shown+=("${line/$'\t'/  }")
  done
  if (( ! ${#replies} )); then
    _files
  elif (( ${#replies} == 1 )) && [[ ${replies[1]} == *[=.] ]]; then
    compadd -Q -S '' -- $replies
  else
    compadd -Q -l -d shown -- $replies
  fi
}
if [[ ${funcstack[1]} == _imbrex ]]; then
  _imbrex "$@"
else
  compdef _imbrex imbrex
fi
)";

// Words of a line, the last of them perhaps empty; quotes are not needed for what is completed.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words(1);
  for (const char c : line) {
    if (c != ' ' && c != '\t') {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  return words;
}

bool has_name(const OptionLine& option, std::string_view name) {
  const std::string names = "," + option.names + ",";
  return names.find("," + std::string(name) + ",") != std::string::npos;
}

// Answers for one line.
class Completion {
 public:
  Completion(std::string_view line, const std::vector<CommandText>& commands)
      : commands_(commands), words_(words_of(line)), last_(words_.back()) {}

  std::string answer() {
    if (words_.size() == 2) {
      for (const CommandText& command : commands_) {
        offer(command.name, command.summary);
      }
      return std::move(out_);
    }
    const auto command = std::find_if(commands_.begin(), commands_.end(), [&](const auto& one) {
      return words_.size() > 2 && one.name == words_[1];
    });
    if (command != commands_.end()) {
      of_command(*command);
    }
    return std::move(out_);
  }

 private:
  void offer(const std::string& word, std::string_view meaning) {
    if (word.starts_with(last_)) {
      meaning = meaning.substr(0, meaning.find(". "));
      out_ += word + (meaning.empty() ? "" : "\t" + std::string(meaning)) + "\n";
    }
  }

  void of_command(const CommandText& command) {
    const std::string& before = words_[words_.size() - 2];
    for (const OptionLine& option : command.options) {
      if (!option.is_word() && !option.value.empty() && has_name(option, before)) {
        value(option, "");
        return;
      }
      const std::string name = last_.substr(0, last_.find('='));
      if (name.starts_with("--") && name.size() < last_.size() && has_name(option, name)) {
        value(option, name + "=");
        return;
      }
    }
    if (last_.starts_with('-')) {
      for (const OptionLine& option : command.options) {
        const std::string name = option.names.substr(0, option.names.find(','));
        option.is_word() ? void() : offer(name, option.doc);
      }
      return;
    }
    for (const OptionLine& option : command.options) {
      if (option.is_word()) {
        value(option, "");
      }
    }
  }

  // `lead`: what of the word stands before the value, "--set=".
  void value(const OptionLine& option, const std::string& lead) {
    const std::string what = option.is_word() ? option.names : option.value;
    for (const std::string& choice : option.choices) {
      offer(lead + choice, "");
    }
    if (what == "COMPONENT") {
      for (const Component* component : registry().components()) {
        offer(lead + std::string(component->id), component->summary);
      }
    } else if (what == "COMMAND") {
      for (const CommandText& command : commands_) {
        offer(lead + command.name, command.summary);
      }
    } else if (what == "KEY=VALUE" || what == "KEY") {
      keys(lead, what == "KEY" ? "" : "=");
    }
  }

  const plugin::Registry& registry() {
    if (!registry_) {
      registry_ = open_registry({}, nullptr);
    }
    return *registry_;
  }

  // The recipe among the words, as it stands.
  std::optional<recipe::ResolvedPlan> plan() {
    for (std::size_t i = 2; i + 1 < words_.size(); ++i) {
      std::error_code ignored;
      if (words_[i].starts_with('-') || !fs::exists(words_[i], ignored)) {
        continue;
      }
      const recipe::RecipeSource source = recipe_source({words_[i], {}});
      registry_ = open_registry({}, &source);
      const auto parsed = recipe::ParsedRecipe::of_file(source.path);
      return recipe::resolve_variant(parsed, {}, *registry_).plan;
    }
    return std::nullopt;
  }

  void keys(const std::string& lead, const std::string& end) {
    const std::optional<recipe::ResolvedPlan> found = plan();
    if (!found) {
      for (const Component* component : registry().components()) {
        parameters(lead + std::string(component->id) + ".", plugin::ConfigHandle(*component), end);
      }
      return;
    }
    for (const char* key : {"name", "objective", "seed"}) {
      offer(lead + key + end, "");
    }
    parameters(lead + "workload.", found->workload.config, end);
    parameters(lead + "architecture.", found->architecture.config, end);
    parameters(lead + "cost.", found->cost.config, end);
    for (std::size_t i = 0; i < found->stages.size(); ++i) {
      parameters(lead + fmt::format("stage.{}.", i + 1), found->stages[i].config, end);
    }
    for (std::size_t i = 0; i < found->reports.size(); ++i) {
      parameters(lead + fmt::format("report.{}.", i + 1), found->reports[i].config, end);
    }
  }

  // Once the '=' is there, values.
  void parameters(const std::string& lead, const plugin::ConfigHandle& config,
                  const std::string& end) {
    for (const ParamSpec& spec : config.component().params) {
      const std::string key = lead + std::string(spec.name) + end;
      if (end.empty() || !last_.starts_with(key)) {
        offer(key, spec.doc);
      } else if (spec.type == ParamType::boolean) {
        offer(key + "true", "");
        offer(key + "false", "");
      } else if (spec.type == ParamType::choice) {
        for (const std::string_view choice : spec.choices) {
          offer(key + std::string(choice), "");
        }
      } else {
        offer(key + plugin::value_text(spec, config.value(spec)), "");
      }
    }
  }

  const std::vector<CommandText>& commands_;
  std::vector<std::string> words_;
  std::string last_;
  std::unique_ptr<plugin::Registry> registry_;
  std::string out_;
};

}  // namespace

std::string completion_script(std::string_view shell) {
  return std::string(shell == "bash" ? kBash : kZsh);
}

std::string complete(std::string_view line, const std::vector<CommandText>& commands) noexcept {
  try {
    return Completion(line, commands).answer();
  } catch (const std::exception&) {  // a half-written line, a recipe that is being edited
    return "";
  }
}

}  // namespace imbrex::app
