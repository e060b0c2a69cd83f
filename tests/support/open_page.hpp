// Opens a page in headless Chromium together with a script of tests/browser that says what it found
// wrong. Skips the test where there is no Chromium.
#pragma once

#include "temporary_folder.hpp"

#include <cstdlib>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <sys/wait.h>

namespace imbrex::test {

inline void expect_page_passes(const std::string& page, const std::string& check) {
  const TemporaryFolder folder;
  const std::string file = std::string(folder.path()) + "/page.html";
  std::ofstream(file) << page;
  const std::string tests = IMBREX_SOURCE_DIR "/tests/browser/";
  const int status = std::system((tests + "open_page.sh '" + file + "' " + tests + check).c_str());
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77) {
    GTEST_SKIP() << "there is no Chromium here: the page was not opened";
  }
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace imbrex::test
