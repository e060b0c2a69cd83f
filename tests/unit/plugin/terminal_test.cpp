// What a run says on stderr, when that is a file and when it is a terminal.
#include "plugin/host_services.hpp"

#include <chrono>
#include <cmath>
#include <regex>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace imbrex {
namespace {

// stderr is a pseudo-terminal of the given width while this lives.
class PseudoTerminal {
 public:
  explicit PseudoTerminal(unsigned short columns) {
    controller_ = posix_openpt(O_RDWR | O_NOCTTY);
    EXPECT_GE(controller_, 0);
    EXPECT_EQ(grantpt(controller_), 0);
    EXPECT_EQ(unlockpt(controller_), 0);
    const int terminal = open(ptsname(controller_), O_RDWR | O_NOCTTY);
    const winsize size{24, columns, 0, 0};
    EXPECT_EQ(ioctl(terminal, TIOCSWINSZ, &size), 0);
    std::fflush(stderr);
    saved_ = dup(STDERR_FILENO);
    dup2(terminal, STDERR_FILENO);
    close(terminal);
  }
  ~PseudoTerminal() {
    restore();
    close(controller_);
  }
  // Everything written since; stderr is the old one again.
  std::string text() {
    std::string text;
    std::fflush(stderr);
    pollfd readable{controller_, POLLIN, 0};
    char buffer[4096];
    while (poll(&readable, 1, 50) == 1 && (readable.revents & POLLIN) != 0) {
      const auto count = read(controller_, buffer, sizeof(buffer));
      if (count <= 0) {
        break;
      }
      text.append(buffer, static_cast<std::size_t>(count));
    }
    restore();
    return text;
  }

 private:
  void restore() {
    if (saved_ >= 0) {
      std::fflush(stderr);
      dup2(saved_, STDERR_FILENO);
      close(saved_);
      saved_ = -1;
    }
  }
  int controller_ = -1;
  int saved_ = -1;
};

std::vector<int> percentages(const std::string& text) {
  std::vector<int> found;
  const std::regex pattern("(\\d+) %");
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) {
    found.push_back(std::stoi((*it)[1]));
  }
  return found;
}

plugin::HostOptions options_with(LogLevel level, bool quiet) {
  plugin::HostOptions options;
  options.threads = 1;
  options.log_level = level;
  options.quiet = quiet;
  return options;
}

std::string logged(const plugin::HostOptions& options, LogLevel level, std::string_view message) {
  testing::internal::CaptureStderr();
  plugin::HostServices(options).host_for("acme.search.x", 1, 0).log(level, message);
  return testing::internal::GetCapturedStderr();
}

TEST(Log, NamesTheLevelAndTheComponent) {
  EXPECT_EQ(logged(options_with(LogLevel::info, false), LogLevel::warning, "cold start"),
            "warning: acme.search.x: cold start\n");
  EXPECT_EQ(logged(options_with(LogLevel::info, false), LogLevel::info, "100 layers"),
            "info: acme.search.x: 100 layers\n");
  EXPECT_EQ(logged(options_with(LogLevel::info, false), LogLevel::error, "{} braces"),
            "error: acme.search.x: {} braces\n");
}

TEST(Log, DropsWhatIsBelowTheLevel) {
  EXPECT_EQ(logged(options_with(LogLevel::warning, false), LogLevel::info, "x"), "");
  EXPECT_EQ(logged(options_with(LogLevel::trace, false), LogLevel::trace, "x"),
            "trace: acme.search.x: x\n");
}

TEST(Log, KeepsWarningsButNotInformationWhenQuiet) {
  EXPECT_EQ(logged(options_with(LogLevel::trace, true), LogLevel::info, "x"), "");
  EXPECT_EQ(logged(options_with(LogLevel::trace, true), LogLevel::warning, "x"),
            "warning: acme.search.x: x\n");
  EXPECT_EQ(logged(options_with(LogLevel::error, true), LogLevel::warning, "x"), "");
}

TEST(Log, WritesOneLineWhateverTheMessageHolds) {
  EXPECT_EQ(logged(options_with(LogLevel::info, false), LogLevel::info, "a\nb\x1b[31m"),
            "info: acme.search.x: a b [31m\n");
}

TEST(Progress, IsSilentWhenStderrIsNotATerminal) {
  testing::internal::CaptureStderr();
  plugin::HostServices services(options_with(LogLevel::info, false));
  services.host_for("acme.search.x", 1, 0).progress(0.5, "half");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

// Where the system gives any pseudo-terminal: a bare chroot has no /dev/pts.
class TerminalProgress : public testing::Test {
 protected:
  void SetUp() override {
    const int controller = posix_openpt(O_RDWR | O_NOCTTY);
    if (controller < 0) {
      GTEST_SKIP() << "there are no pseudo-terminals here";
    }
    close(controller);
  }
};

TEST_F(TerminalProgress, IsSilentWhenQuiet) {
  PseudoTerminal terminal(80);
  plugin::HostServices(options_with(LogLevel::info, true))
      .host_for("a.search.x", 1, 0)
      .progress(0.5, "x");
  EXPECT_EQ(terminal.text(), "");
}

TEST_F(TerminalProgress, RewritesOneLineAndErasesItAtTheEnd) {
  PseudoTerminal terminal(80);
  plugin::HostServices(options_with(LogLevel::info, false))
      .host_for("acme.search.x", 1, 0)
      .progress(0.426, "layer 3");
  EXPECT_EQ(terminal.text(), "\r\033[Kacme.search.x: 42 %, layer 3\r\033[K");
}

TEST_F(TerminalProgress, NeverGoesBack) {
  PseudoTerminal terminal(80);
  plugin::HostServices services(options_with(LogLevel::info, false));
  Host& host = services.host_for("acme.search.x", 1, 0);
  for (const double fraction : {0.1, 0.6, 0.3, -1.0, 0.7, std::nan(""), 5.0}) {
    host.progress(fraction, "");
    std::this_thread::sleep_for(std::chrono::milliseconds(110));
  }
  EXPECT_EQ(percentages(terminal.text()), (std::vector<int>{10, 60, 60, 60, 70, 70, 100}));
}

TEST_F(TerminalProgress, IsDrawnAtMostTenTimesASecond) {
  PseudoTerminal terminal(80);
  plugin::HostServices services(options_with(LogLevel::info, false));
  Host& host = services.host_for("acme.search.x", 1, 0);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 20000; ++i) {
    host.progress(i / 30000.0, "busy");
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  EXPECT_LE(static_cast<double>(percentages(terminal.text()).size()), 1 + seconds.count() * 10);
}

TEST_F(TerminalProgress, FitsIntoTheTerminal) {
  PseudoTerminal terminal(20);
  plugin::HostServices(options_with(LogLevel::info, false))
      .host_for("a.search.x", 1, 0)
      .progress(0, std::string(200, 'y'));
  EXPECT_EQ(terminal.text(), "\r\033[Kx: 0 %, yyyyyyyyyyy\r\033[K");
}

TEST_F(TerminalProgress, GivesWayToALogLine) {
  PseudoTerminal terminal(80);
  {
    plugin::HostServices services(options_with(LogLevel::info, false));
    Host& host = services.host_for("a.search.x", 1, 0);
    host.progress(0, "");
    host.log(LogLevel::error, "broken");
  }
  const std::string text = terminal.text();
  EXPECT_LT(text.find("%"), text.rfind("\r\033[K"));
  EXPECT_LT(text.rfind("\r\033[K"), text.find("broken"));
}

}  // namespace
}  // namespace imbrex
