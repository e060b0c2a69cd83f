// What goes wrong is told as the command tells it, and no other way.
#include "folder_names.hpp"
#include "session_fixture.hpp"

#include <string>
#include <string_view>

namespace imbrex {
namespace {

class SessionMessages : public test::SessionFixture {};

// The command's stderr without what it puts before messages that name no file.
std::string without_name(std::string text) {
  constexpr std::string_view kName = "imbrex: error: ";
  return text.starts_with(kName) ? text.substr(kName.size()) : text;
}

std::string error_of(Session& session) {
  try {
    session.run(1);
  } catch (const SessionError& error) {
    EXPECT_TRUE(error.is_bad_input());
    EXPECT_EQ(error.what(), session.message());
    return error.what();
  }
  return "";
}

TEST_F(SessionMessages, OfBadRecipesAreThoseOfTheCommand) {
  int compared = 0;
  for (const std::string& name : test::golden_cases("errors")) {
    const std::string recipe = (test::golden_folder("errors") / name / "recipe.toml").string();
    const auto command = imbrex("run '" + recipe + "' --quiet --out r");
    if (command.code != 2) {
      continue;  // wrong only with overrides
    }
    std::string message;
    try {
      Session session;
      session.read_file(recipe);
      message = error_of(session);
    } catch (const SessionError& error) {
      message = error.what();
    }
    EXPECT_EQ(message + "\n", without_name(command.err)) << name;
    ++compared;
  }
  EXPECT_GT(compared, 30);
}

TEST_F(SessionMessages, ComeInParts) {
  Session session;
  session.read_file(shipped("tinyyolov4-clsa-cim"));
  session.set("stage.2.granularity=pixle").set("seed=7").set("seed=8");
  EXPECT_NE(error_of(session), "");
  const std::vector<SessionDiagnostic> all = session.diagnostics();
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all[0].severity, "error");
  EXPECT_EQ(all[0].file, "--set");
  EXPECT_EQ(all[0].suggestion, "pixel");
  EXPECT_EQ(all[0].line, 1u);
  EXPECT_NE(all[0].excerpt.find('^'), std::string::npos);
}

// "seed=42" says what the recipe says already.
TEST_F(SessionMessages, HaveTheNotesOfTheCommand) {
  Session session;
  session.read_file(shipped("tinyyolov4-clsa-cim")).set("seed=42").resolve();
  const auto command = imbrex("run '" + shipped("tinyyolov4-clsa-cim") + "' --set seed=42 --out r");
  ASSERT_NE(command.err, "");
  ASSERT_EQ(session.diagnostics().size(), 1u);
  EXPECT_EQ(session.diagnostics()[0].severity, "note");
  EXPECT_NE(command.err.find(session.diagnostics()[0].message), std::string::npos) << command.err;
  EXPECT_EQ(session.message(), "");
}

TEST_F(SessionMessages, OfWhatFitsNowhere) {
  for (const std::string& name : test::golden_cases("infeasible")) {
    const std::string recipe = (test::golden_folder("infeasible") / name / "recipe.toml").string();
    Session session;
    session.read_file(recipe);
    EXPECT_EQ(session.run(1), SessionStatus::infeasible) << name;
    EXPECT_EQ(session.message() + "\n", without_name(imbrex("run '" + recipe + "' --out r").err));
    EXPECT_FALSE(session.has_result());
    EXPECT_EQ(session.metrics().size(), 0u);
  }
}

TEST_F(SessionMessages, NameTheComponentThatFailed) {
  Session session = with_tests_loaded();
  session.read_file(chain(stage("test.partition.thrower") + stage("imbrex.overlap.clsa-cim")));
  try {
    session.run(1);
    FAIL() << "the component throws";
  } catch (const SessionError& error) {
    EXPECT_FALSE(error.is_bad_input());
    EXPECT_NE(std::string(error.what()).find("test.partition.thrower"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("index 7"), std::string::npos);
  }
}

// Calls in C that no wrapper makes.
TEST_F(SessionMessages, OfCallsThatAreWrong) {
  imbrex_session* const session = imbrex_session_create();
  EXPECT_EQ(imbrex_session_run(session, 1), IMBREX_BAD_INPUT);
  EXPECT_STREQ(imbrex_session_message(session),
               "the session has no recipe: read a file or a text first");
  EXPECT_EQ(imbrex_session_write(session, "r", 0), IMBREX_BAD_INPUT);
  EXPECT_EQ(imbrex_session_read_file(session, nullptr), IMBREX_BAD_INPUT);
  EXPECT_STREQ(imbrex_session_message(session), "NULL is no recipe");
  EXPECT_EQ(imbrex_session_describe_json(session, "imbrex.overlap.clsa-kim"), nullptr);
  EXPECT_EQ(imbrex_session_status(session), IMBREX_BAD_INPUT);
  EXPECT_NE(std::string(imbrex_session_message(session)).find("imbrex.overlap.clsa-cim"),
            std::string::npos);
  EXPECT_EQ(imbrex_session_result_json(session), nullptr);
  EXPECT_EQ(imbrex_session_metric(session, 0), nullptr);
  EXPECT_EQ(imbrex_session_operator(session, 0), nullptr);
  EXPECT_EQ(imbrex_session_read_file(session, shipped("tinyyolov4-clsa-cim").c_str()), IMBREX_DONE);
  EXPECT_EQ(imbrex_session_run(session, -1), IMBREX_BAD_INPUT);
  imbrex_session_destroy(session);
  imbrex_session_destroy(nullptr);
}

}  // namespace
}  // namespace imbrex
