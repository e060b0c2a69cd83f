// Mistakes of the command line, in words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace imbrex::app {

std::string in_quotes(std::string_view word);

// Says what is wrong and whom to ask; `command` empty: the command as a whole. Returns the exit
// code.
int usage_error(const std::string& message, std::string_view command);

// The message, and the nearest of the known words, if one is near.
std::string with_suggestion(const std::string& message, std::string_view given,
                            const std::vector<std::string_view>& known);

// Words that are left over, of which the first is told, and the options that there are.
std::string describe_stray(const std::vector<std::string>& words,
                           const std::vector<std::string_view>& options);

// The first word that is no option must be a command. Returns the exit code.
int check_command_word(int argc, const char* const* argv,
                       const std::vector<std::string_view>& known);

}  // namespace imbrex::app
