// What a job waited for, in the words of results and of people.
#pragma once

#include <imbrex/values/design.hpp>

#include <string_view>
#include <vector>

namespace imbrex::run {

// In the order of `Wait`; none for `Wait::nothing`.
inline std::vector<std::string_view> wait_words(Wait waited_for) {
  struct Word {
    Wait wait;
    std::string_view text;
  };
  constexpr Word kWords[] = {{Wait::source, "source"},
                             {Wait::server, "server"},
                             {Wait::buffer, "buffer"},
                             {Wait::link, "link"},
                             {Wait::sequence, "sequence"}};
  std::vector<std::string_view> words;
  for (const Word& word : kWords) {
    if (has(waited_for, word.wait)) {
      words.push_back(word.text);
    }
  }
  return words;
}

}  // namespace imbrex::run
