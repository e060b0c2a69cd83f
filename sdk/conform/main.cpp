// imbrex-conform: does a plugin keep what the kernel and the other components rely on? Maps argv to
// a session; exit code 0: everything holds, 1: something does not, 2: bad input.
#include "reports.hpp"
#include "session.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace imbrex::conform {
namespace {

constexpr int kConforms = 0;
constexpr int kDoesNot = 1;
constexpr int kBadInput = 2;

struct CommandLine {
  SessionOptions session;
  std::string junit;
  bool list = false;
  bool json = false;
  bool brief = false;
};

// As CLI11 fills it; paths and patterns are checked afterwards.
struct Words {
  std::vector<std::string> files;
  std::string recipe;
  std::string only;
};

void declare(CLI::App& app, Words& words, CommandLine& line) {
  SessionOptions& session = line.session;
  app.set_version_flag("--version", std::string("imbrex-conform ") + IMBREX_VERSION);
  app.add_option("FILE", words.files, "Plugin libraries, NAME.imbrex.so");
  app.add_flag("--list", line.list, "Print the checks and what they ask, and end");
  app.add_option("--only", words.only,
                 "Checks whose id, or \"COMPONENT: id\", this regular expression is found in");
  app.add_option("--recipe", words.recipe,
                 "A recipe that uses the component: it is examined with the parameters and beside "
                 "the components that stand there. Default: what is installed and fits");
  app.add_flag("--json", line.json, "The report as JSON on standard output");
  app.add_option("--junit", line.junit, "Write the report as JUnit's XML to this file as well");
  app.add_flag("-q,--quiet", line.brief, "Print only what did not pass");
  app.add_option("--fuzz", session.fuzz_seconds,
                 "Ask about other problems for so many seconds when all is asked once")
      ->check(CLI::Range(0, 1'000'000));
  app.add_option("--seed", session.seed, "Draw the problems from this seed")->capture_default_str();
  app.add_option("-j,--jobs", session.jobs, "Checks at a time")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app.add_option("--seconds", session.limits.seconds,
                 "What one check may take of the processor; while it waits six times as long")
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
  app.add_flag("--in-process", session.in_process,
               "All checks in this process, for a debugger: the first crash ends it");
}

std::filesystem::path existing(const std::string& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    throw InputError("no file '" + file + "'");
  }
  return std::filesystem::absolute(file);
}

void take(const Words& words, CommandLine& line) {
  if (words.files.empty() && !line.list) {
    throw InputError("name a plugin library, e.g. imbrex-conform my_plugin.imbrex.so");
  }
  std::transform(words.files.begin(), words.files.end(), std::back_inserter(line.session.libraries),
                 existing);
  if (!words.recipe.empty()) {
    line.session.recipe = existing(words.recipe);
  }
  if (!words.only.empty()) {
    try {
      line.session.only.emplace(words.only);
    } catch (const std::regex_error& error) {
      throw InputError("--only '" + words.only + "' is no regular expression: " + error.what());
    }
  }
}

void write_file(const std::string& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  if (!out.flush()) {
    throw InputError("cannot write '" + file + "'");
  }
}

int run(const CommandLine& line) {
  if (line.list) {
    std::cout << check_list();
    return kConforms;
  }
  const Reports reports = run_session(line.session);
  const bool none = std::all_of(reports.begin(), reports.end(),
                                [](const LibraryReport& report) { return report.entries.empty(); });
  if (none) {
    throw InputError("--only leaves no check; --list prints what there is");
  }
  std::cout << (line.json ? json_report(reports) : text_report(reports, line.brief));
  if (!line.junit.empty()) {
    write_file(line.junit, junit_report(reports));
  }
  return any_red(reports) ? kDoesNot : kConforms;
}

int guarded_main(int argc, const char* const* argv) {
  CLI::App app("Checks a plugin against what the kernel and other components rely on.",
               "imbrex-conform");
  Words words;
  CommandLine line;
  declare(app, words, line);
  try {
    app.parse(argc, argv);
    take(words, line);
    return run(line);
  } catch (const CLI::Success& done) {
    return app.exit(done);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "imbrex-conform: {}\nTry 'imbrex-conform --help'.\n", error.what());
    return kBadInput;
  } catch (const Error& error) {
    fmt::print(stderr, "imbrex-conform: {}\n", error.what());
    return error.code() == ErrorCode::bad_input ? kBadInput : kDoesNot;
  } catch (const std::exception& error) {
    fmt::print(stderr, "imbrex-conform: {}\n", error.what());
    return kDoesNot;
  }
}

}  // namespace
}  // namespace imbrex::conform

int main(int argc, char** argv) {
  return imbrex::conform::guarded_main(argc, argv);
}
