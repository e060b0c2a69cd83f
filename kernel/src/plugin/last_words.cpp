#include "plugin/last_words.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstring>

#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace imbrex::plugin {

// Lengths first: the child writes, and the parent reads what was written whole.
struct Testament::Page {
  std::atomic<std::size_t> where_size{0};
  std::atomic<std::size_t> what_size{0};
  std::array<char, 512> where;
  std::array<char, 3072> what;
};

namespace {

LastWordsStyle g_style;
std::atomic<Testament::Page*> g_page{nullptr};
std::string_view g_time_limit;  // what a child says that takes too long

extern "C" void on_time_limit(int) {
  say_who_is_waited_for(g_time_limit);
  _exit(1);
}

// Whom a message is about.
struct Culprit {
  std::string_view where;    // empty: nobody
  std::string_view asked;    // empty: not known
  std::string_view stage;    // the outermost call; empty when it is `where`
  std::string_view library;  // empty: not known
};

Culprit culprit_of(const CallPlace& place) noexcept {
  return {place.where, place.asked, place.stage == place.where ? std::string_view() : place.stage,
          library_of(place.where)};
}

Culprit find_culprit() noexcept {
  if (const CallMark* const call = current_call()) {
    return culprit_of(place_of_call(*call));
  }
  CallPlace place;
  const bool is_any_called = deepest_call(place);
  const std::string_view library = library_on_stack();
  if (!library.empty() && !(is_any_called && library_of(place.where) == library)) {
    const std::string_view name = library.substr(library.rfind('/') + 1);
    return {name, {}, is_any_called ? place.stage : std::string_view(), library};
  }
  return is_any_called ? culprit_of(place) : Culprit{};
}

// "crashed in search: signal 11 (segmentation fault)"
void add_what(FixedText& text, std::string_view verb, const Culprit& culprit,
              std::string_view how) noexcept {
  text.add(verb);
  if (!culprit.asked.empty()) {
    text.add(" in ").add(culprit.asked);
  } else if (!culprit.where.empty()) {
    text.add(" in a thread of its own");
  }
  if (!culprit.stage.empty()) {
    text.add(", during ").add(culprit.stage);
  }
  text.add(": ").add(how);
  if (!culprit.library.empty()) {
    text.add("; its library is ").add(culprit.library);
  }
}

void leave(Testament::Page& page, std::string_view where, std::string_view what) noexcept {
  const std::size_t where_size = std::min(where.size(), page.where.size());
  const std::size_t what_size = std::min(what.size(), page.what.size());
  std::memcpy(page.where.data(), where.data(), where_size);
  std::memcpy(page.what.data(), what.data(), what_size);
  page.where_size.store(where_size);
  page.what_size.store(what_size);
}

void add_json_field(FixedText& out, std::string_view name, std::string_view value) noexcept {
  if (!value.empty()) {
    out.add(",\"").add(name).add("\":\"").add_json(value).add("\"");
  }
}

void add_json_message(FixedText& out, const Culprit& culprit, std::string_view message,
                      int signal) noexcept {
  out.add("{\"severity\":\"error\",\"message\":\"").add_json(message).add("\"");
  add_json_field(out, "component", component_of(culprit.where));
  add_json_field(out, "where", culprit.where);
  add_json_field(out, "asked", culprit.asked);
  add_json_field(out, "stage", culprit.stage);
  add_json_field(out, "library", culprit.library);
  if (signal != 0) {
    out.add(",\"signal\":").add_number(static_cast<std::uint64_t>(signal));
  }
  add_json_field(out, "repeat", g_style.repeat);
  out.add("}\n");
}

void write_out(std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
    if (written <= 0) {
      return;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

FixedText& FixedText::add(std::string_view text) noexcept {
  const std::size_t fits = std::min(text.size(), bytes_.size() - size_);
  std::memcpy(bytes_.data() + size_, text.data(), fits);
  size_ += fits;
  return *this;
}

FixedText& FixedText::add_number(std::uint64_t number, unsigned base) noexcept {
  std::array<char, 64> digits;
  std::size_t at = digits.size();
  do {
    digits[--at] = "0123456789abcdef"[number % base];
    number /= base;
  } while (number != 0);
  return add({digits.data() + at, digits.size() - at});
}

FixedText& FixedText::add_json(std::string_view text) noexcept {
  for (const char c : text) {
    const bool is_quoted = c == '"' || c == '\\';
    const bool is_plain = c >= 0x20 && c < 0x7f;
    add(is_quoted ? "\\" : "").add(c == '\n' ? "\\n" : is_plain ? std::string_view(&c, 1) : "?");
  }
  return *this;
}

void style_last_words(const LastWordsStyle& style) noexcept {
  g_style = style;
}

namespace {

void say(const Culprit& culprit, std::string_view verb, std::string_view how, int signal) noexcept {
  FixedText what;
  add_what(what, verb, culprit, how);
  if (Testament::Page* const page = g_page.load()) {
    leave(*page, culprit.where, what.text());
    return;
  }
  FixedText message;
  message.add(culprit.where).add(culprit.where.empty() ? "" : ": ").add(what.text());
  message.add("; nothing half-done was written, and earlier results are as they were");
  FixedText out;
  if (g_style.is_json) {
    add_json_message(out, culprit, message.text(), signal);
  } else {
    // A line that is being rewritten on the terminal makes room.
    out.add(isatty(STDERR_FILENO) == 1 ? "\r\x1b[K" : "").add("imbrex: error: ");
    out.add(message.text()).add(g_style.repeat.empty() ? "" : "; to repeat it: ");
    out.add(g_style.repeat).add("\n");
  }
  write_out(out.text());
}

}  // namespace

void say_last_words(std::string_view verb, std::string_view how, int signal) noexcept {
  say(find_culprit(), verb, how, signal);
}

void say_who_is_waited_for(std::string_view how) noexcept {
  CallPlace place;
  if (deepest_call(place)) {
    say(culprit_of(place), "was still at work", how, 0);
  }
}

Testament::Testament() {
  void* const memory =
      mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    throw Error(ErrorCode::failed, "cannot share memory with a child process");
  }
  page_ = new (memory) Page;
}

Testament::~Testament() {
  munmap(page_, sizeof(Page));
}

void Testament::adopt(int parent, std::string_view how) noexcept {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) {
    _exit(0);
  }
  // An interrupt of the whole group is the parent's to answer: it must not look like a crash.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    std::signal(signal, SIG_IGN);
  }
  g_time_limit = how;
  g_page.store(page_);
  std::signal(SIGXCPU, on_time_limit);
}

Testament::Words Testament::words_at_time_limit(int child, int channel) const {
  constexpr int kRounds = 100;
  constexpr int kLookMs = 10;
  ::kill(child, SIGXCPU);
  for (int round = 0; round < kRounds; ++round) {
    pollfd end{channel, 0, 0};
    if (poll(&end, 1, kLookMs) > 0 && (end.revents & (POLLHUP | POLLERR)) != 0) {
      break;
    }
  }
  return words();
}

Testament::Words Testament::words() const {
  return {{page_->where.data(), page_->where_size.load()},
          {page_->what.data(), page_->what_size.load()}};
}

}  // namespace imbrex::plugin
