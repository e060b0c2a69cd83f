#include "result/process_identity.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace imbrex::result {
namespace {

struct Identity {
  std::uint64_t process = 0;
  std::uint64_t start = 0;  // in ticks since the boot; 0: not known
  std::uint32_t host = 0;
  std::uint32_t boot = 0;
};

std::uint32_t fnv1a(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  }
  return hash;
}

std::string content(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// What /proc/N/stat says. The name of the program stands in brackets and may hold anything, so
// fields are counted from the last bracket: the state is the third of the file, the start the 22nd.
struct Seen {
  char state = '?';
  std::uint64_t start = 0;
};

std::optional<Seen> seen(std::uint64_t process) {
  const std::string text = content("/proc/" + std::to_string(process) + "/stat");
  const std::size_t bracket = text.rfind(')');
  if (bracket == std::string::npos) {
    return std::nullopt;
  }
  std::istringstream fields(text.substr(bracket + 1));
  Seen result;
  fields >> result.state;
  std::string skipped;
  for (int field = 4; field < 22; ++field) {
    fields >> skipped;
  }
  fields >> result.start;
  return fields ? std::optional(result) : std::nullopt;
}

std::uint32_t this_host() {
  utsname system{};
  std::string text = uname(&system) == 0 ? system.nodename : "";
  std::array<char, 64> process_table{};  // containers of one host number their processes alike
  const ssize_t size = readlink("/proc/self/ns/pid", process_table.data(), process_table.size());
  text.append(process_table.data(), size < 0 ? 0 : static_cast<std::size_t>(size));
  return fnv1a(text);
}

// Asked again each time: a fork has another number.
Identity own_identity() {
  const auto process = static_cast<std::uint64_t>(getpid());
  const auto self = seen(process);
  return {process, self ? self->start : 0, this_host(),
          fnv1a(content("/proc/sys/kernel/random/boot_id"))};
}

std::string text_of(const Identity& identity) {
  return fmt::format("{}-{}-{:08x}-{:08x}", identity.process, identity.start, identity.host,
                     identity.boot);
}

template <class Number>
bool read_number(std::string_view& text, Number& number, int base) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with('-')) {
    text.remove_prefix(1);
  }
  return error == std::errc();
}

std::optional<Identity> parsed(std::string_view text) {
  Identity identity;
  std::string_view rest = text;
  const bool numbers = read_number(rest, identity.process, 10) &&
                       read_number(rest, identity.start, 10) &&
                       read_number(rest, identity.host, 16) && read_number(rest, identity.boot, 16);
  return numbers && text_of(identity) == text ? std::optional(identity) : std::nullopt;
}

bool is_running(const Identity& identity) {
  if (kill(static_cast<pid_t>(identity.process), 0) != 0 && errno == ESRCH) {
    return false;
  }
  const auto now = seen(identity.process);
  if (!now || identity.start == 0) {
    return true;  // there is one of this number, and nothing tells it apart
  }
  // A zombie has ended and only waits for its parent to ask how.
  return now->start == identity.start && now->state != 'Z' && now->state != 'X';
}

}  // namespace

std::string this_process() {
  return text_of(own_identity());
}

bool names_a_process(std::string_view process) {
  return parsed(process).has_value();
}

bool is_dead(std::string_view process) {
  const auto identity = parsed(process);
  if (!identity) {
    return false;
  }
  const Identity own = own_identity();
  return identity->host == own.host && (identity->boot != own.boot || !is_running(*identity));
}

}  // namespace imbrex::result
