// spare_elements RECIPE [FOLDER]: how much faster a network becomes by spare processing elements.
// Runs the recipe with more and more of them until another eight gain less than 5 %, and leaves the
// last result in FOLDER.
#include <imbrex/session.hpp>

#include <cstdio>
#include <string>

namespace {

int find(const std::string& recipe, const std::string& folder) {
  constexpr double kWorthwhile = 0.95;
  constexpr int kStep = 8;
  constexpr int kMost = 64;
  imbrex::Session session;
  session.read_file(recipe);
  session.on_log([](std::string_view, std::string_view component, std::string_view line) {
    std::fprintf(stderr, "%s: %s\n", std::string(component).c_str(), std::string(line).c_str());
  });
  double before = 0;
  for (int spare = 0; spare <= kMost; spare += kStep) {
    session.set("architecture.extra_pes=" + std::to_string(spare));
    if (session.run() != imbrex::SessionStatus::done) {
      std::printf("%2d spare elements: %s\n", spare, session.message().c_str());
      continue;
    }
    const double latency_ps = session.metric("latency_ps").value();
    std::printf("%2d spare elements: %.3f ms\n", spare, latency_ps * 1e-9);
    if (before > 0 && latency_ps > before * kWorthwhile) {
      break;
    }
    before = latency_ps;
  }
  if (!folder.empty() && session.has_result()) {
    session.write(folder);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: spare_elements RECIPE [FOLDER]\n");
    return 2;
  }
  try {
    return find(argv[1], argc > 2 ? argv[2] : "");
  } catch (const imbrex::SessionError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return error.is_bad_input() ? 2 : 1;
  }
}
