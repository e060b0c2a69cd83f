#include "usage.hpp"

#include "messages.hpp"
#include "options.hpp"

#include <imbrex/plugin/document.hpp>

#include <algorithm>

namespace imbrex::app {

std::string in_quotes(std::string_view word) {
  return "'" + std::string(word) + "'";
}

int usage_error(const std::string& message, std::string_view command) {
  const std::string help =
      command.empty() ? "imbrex --help" : "imbrex " + std::string(command) + " --help";
  tell(message + "\nTry '" + help + "'.", Severity::error);
  return kExitBadInput;
}

std::string with_suggestion(const std::string& message, std::string_view given,
                            const std::vector<std::string_view>& known) {
  const std::string_view nearest = nearest_name(given, known);
  return nearest.empty() ? message : message + "; did you mean " + in_quotes(nearest) + "?";
}

std::string describe_stray(const std::vector<std::string>& words,
                           const std::vector<std::string_view>& options) {
  if (words.empty()) {
    return "unexpected argument";
  }
  const std::string word = words.front().substr(0, words.front().find('='));
  if (!word.starts_with("-")) {
    return "unexpected argument " + in_quotes(words.front());
  }
  return with_suggestion("no option " + in_quotes(word), word, options);
}

int check_command_word(int argc, const char* const* argv,
                       const std::vector<std::string_view>& known) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word.starts_with("-")) {
      continue;
    }
    return std::find(known.begin(), known.end(), word) != known.end()
               ? kExitDone
               : usage_error(with_suggestion("no command " + in_quotes(word), word, known), "");
  }
  return kExitDone;
}

}  // namespace imbrex::app
