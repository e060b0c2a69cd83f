// What a process says of a fault just before it ends, where nothing can be relied on: no memory is
// asked for and no lock taken. Everything here is async-signal-safe unless it says otherwise.
#pragma once

#include "plugin/call_mark.hpp"

#include <imbrex/plugin/descriptor.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace imbrex::plugin {

// A text of limited length; what does not fit is left out.
class FixedText {
 public:
  FixedText& add(std::string_view text) noexcept;
  FixedText& add_number(std::uint64_t number, unsigned base = 10) noexcept;
  // As the inside of a text in JSON. Bytes that are no ASCII become '?'.
  FixedText& add_json(std::string_view text) noexcept;
  std::string_view text() const noexcept { return {bytes_.data(), size_}; }

 private:
  std::array<char, 8192> bytes_;
  std::size_t size_ = 0;
};

// The file of a library that was loaded, for messages; kept for ever, as libraries are. Not in a
// handler. Complexity: O(libraries).
void remember_library(const PluginDescriptor& descriptor, const std::string& path);
// The file that offers the component which `where` names ("stage 2 (imbrex.search.anneal)", or the
// id alone). Empty: not known.
std::string_view library_of(std::string_view where) noexcept;
// The id in such a text.
std::string_view component_of(std::string_view where) noexcept;
// The library whose code this thread runs, found on its stack: whom a thread of a plugin's own
// belongs to. Empty: none.
std::string_view library_on_stack() noexcept;

// How a message about the end of this process looks. Texts must live as long as the process.
struct LastWordsStyle {
  bool is_json = false;
  std::string_view repeat;  // the command line
};
void style_last_words(const LastWordsStyle& style) noexcept;

// Names who is to blame: the call that this thread is in, else the library on its stack, else the
// deepest call there is: "WHERE: VERB in ASKED, during STAGE: HOW", e.g. "crashed" and
// "signal 11 (segmentation fault)". `signal` is 0 where none was the cause. Writes one message on
// stderr, or into the `Testament` of this process.
void say_last_words(std::string_view verb, std::string_view how, int signal) noexcept;
// The same of the deepest call: "was still at work in evaluate, during ..."; nothing where there is
// none.
void say_who_is_waited_for(std::string_view how) noexcept;

// Where a child process leaves its last words to its parent instead of writing them on stderr. Made
// before the fork. Errors: Error when there is no memory. [one thread]
class Testament {
 public:
  Testament();
  ~Testament();
  Testament(const Testament&) = delete;
  Testament& operator=(const Testament&) = delete;

  // In the child, which from here on ends with its parent, leaves the signals of the terminal to
  // it, and at SIGXCPU says whom it waits for, and ends; `how` lives as long as it.
  void adopt(int parent, std::string_view how) noexcept;
  struct Words {
    std::string where;  // empty: nobody was to blame
    std::string what;   // "crashed in search: signal 11 (segmentation fault), ..."; empty: none
  };
  Words words() const;  // in the parent, after the end of the child
  // In the parent: sends SIGXCPU to a child that takes too long and gives it a second. The child
  // has ended when `channel`, of which it has the other end, is closed. It is not waited for.
  Words words_at_time_limit(int child, int channel) const;

  struct Page;

 private:
  Page* page_;
};

}  // namespace imbrex::plugin
