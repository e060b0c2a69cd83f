"""run_page_test.py: a page that does not do what it shows is refused, at its line."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

RUN_PAGE = pathlib.Path(__file__).with_name("run_page.py")
FENCE = "```"


def block(words, *lines):
    return "\n".join([f"{FENCE}{words}", *lines, FENCE, ""])


class RunPage(unittest.TestCase):
    def run_page(self, *blocks):
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "page.md"
            page.write_text("# A page\n\n" + "\n".join(blocks), encoding="utf-8")
            done = subprocess.run([sys.executable, RUN_PAGE, page, f"{folder}/work", f"{folder}/build"],
                                  capture_output=True, text=True, check=False)
            return done.returncode, done.stdout + done.stderr

    def assert_refused(self, part, *blocks):
        code, said = self.run_page(*blocks)
        self.assertEqual(code, 1, said)
        self.assertIn(part, said)

    def test_files_scripts_and_outputs_follow_one_another(self):
        code, said = self.run_page(block("toml file=a/b.toml", "x = 1"), block("sh run", "cat a/b.toml"),
                                   block("text output", "x = 1"), block("sh run=3", "echo no >&2; exit 3"),
                                   block("text output", "no"), block("sh", "not run"), block("", "not read"))
        self.assertEqual((code, said), (0, "page.md: 2 scripts run as shown\n"))

    def test_dots_stand_for_any_lines(self):
        script = block("sh run", "seq 5")
        for shown in (["1", "...", "5"], ["..."], ["1", "2", "...", "3", "4", "5"]):
            self.assertEqual(self.run_page(script, block("text output", *shown))[0], 0, shown)
        self.assert_refused("page.md:7: the page shows", script, block("text output", "1", "...", "4"))
        self.assert_refused("page.md:7: the page shows", script, block("text output", "1.", "...", "5"))

        self.assertEqual(self.run_page(script, block("text output", "...", "4...", "5"))[0], 0)
        self.assert_refused("page.md:7: the page shows", script, block("text output", "...", "3...", "5"))

    def test_what_is_not_as_shown_is_refused(self):
        self.assert_refused("page.md:3: the script ends with 1, not 0", block("sh run", "false", "true"))
        self.assert_refused("page.md:3: the script ends with 0, not 2", block("sh run=2", "true"))
        self.assert_refused("page.md:3: output of what?", block("text output", "x"), block("sh run", "true"))
        self.assert_refused("nobody knows what 'rnu'", block("sh rnu", "true"))
        self.assert_refused("nothing of it is run", block("sh", "true"))


if __name__ == "__main__":
    unittest.main()
