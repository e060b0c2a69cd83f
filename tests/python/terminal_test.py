"""terminal_test.py IMBREX: what a person sees on a terminal, and what programs read instead."""

import fcntl
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unicodedata
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
IMBREX = sys.argv.pop(1)
RECIPES = ROOT / "configs" / "recipes"
DEMO = RECIPES / "tinyyolov4-clsa-cim.toml"
# A search that nobody waits for.
LONG = [RECIPES / "resnet18-fast-overlapim.toml", "--set", "stage.2.candidates=1000000"]
WIDE = """imbrex_workload = 1
input.image = { shape = [1, 3, 16, 16] }
[network]
layers = [
  { op = "conv", filters = 8, kernel = 3, pad = "same", name = "畳み込み" },
  { op = "conv", filters = 8, kernel = 3, pad = "same", name = "second" },
]
outputs = ["second"]
"""


def width(text):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in text)


def environment(**changes):
    values = dict(os.environ, LC_ALL="C.UTF-8", TERM="xterm", **changes)
    if "NO_COLOR" not in changes:
        values.pop("NO_COLOR", None)
    return values


class Seen:
    """What a command wrote to a terminal: every byte, and what is there in the end."""

    def __init__(self, text, code):
        self.text, self.code = text, code
        self.lines, column = [""], 0
        for part in re.findall(r"\x1b\[[0-9;]*[A-Za-z]|[^\x1b]", text):
            line = self.lines[-1]
            if part == "\r":
                column = 0
            elif part == "\n":
                self.lines.append("")
            elif part == "\x1b[K":
                self.lines[-1] = line[:column]
            elif not part.startswith("\x1b"):
                self.lines[-1] = line[:column] + part + line[column + 1:]
                column += 1


def on_terminal(*words, columns=80, until=None, env=None):
    """Runs it on a terminal; once the output matches `until`, somebody presses Ctrl-C."""
    process, terminal = pty.fork()
    if process == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        os.execvpe(IMBREX, [IMBREX, *map(str, words)], env or environment())
    output = b""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        ready, _, _ = select.select([terminal], [], [], 1)
        if not ready:
            continue
        try:
            part = os.read(terminal, 65536)
        except OSError:  # Linux: the other end is closed
            break
        if not part:
            break
        output += part
        if until and re.search(until, output.decode(errors="replace")):
            os.write(terminal, b"\x03")
            until = None
    else:
        os.kill(process, signal.SIGKILL)
    os.close(terminal)
    _, status = os.waitpid(process, 0)
    return Seen(output.decode(), os.waitstatus_to_exitcode(status))


def piped(*words, **settings):
    return subprocess.run([IMBREX, *map(str, words)], capture_output=True, text=True,
                          env=environment(), **settings)


class OnATerminal(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)

    def tearDown(self):
        self.folder.cleanup()

    def test_progress_is_rewritten_and_disappears_and_ctrl_c_keeps_what_is_known(self):
        shown = r"stage 2 of 3, \S*fast-overlapim: .*\r\x1b\[K.*stage 2 of 3, .*best [0-9.]+ ms"
        seen = on_terminal("run", *LONG, "--out", self.path / "out", until=shown)
        self.assertRegex(seen.text, shown)
        self.assertEqual(seen.code, 130)
        self.assertFalse([line for line in seen.lines if "stage 2 of 3" in line], seen.lines)
        self.assertIn(f"imbrex: interrupted; partial results kept in {self.path}/out",
                      " ".join(seen.lines).replace("  ", " "))
        drawn = [part for part in seen.text.split("\r\x1b[K") if "stage 2 of 3" in part]
        self.assertGreater(len(drawn), 1)
        for line in drawn:
            self.assertLess(width(line.split("\r")[0]), 80)

    def test_what_is_printed_fits(self):
        workload = self.path / "wide.toml"
        workload.write_text(WIDE, encoding="utf-8")
        commands = [
            ["run", DEMO, "--out", self.path / "run"], ["check", DEMO, "--simulate"],
            ["describe", "imbrex.overlap.clsa-cim"], ["describe", "imbrex.architecture.tiled-cim"],
            ["plugins"], ["plugins", "--matrix"], ["inspect", workload],
            ["log", self.path], ["run", "--help"], ["help", "sweep"], ["help"],
            ["run", DEMO, "--set", "stage.2.granularty=row", "--set", "architecture.nothing=1"],
            ["sweep", DEMO, "--set", "architecture.extra_pes=0..32:16", "--out", self.path / "sweep"],
            ["compare", self.path / "run", self.path / "run", "--all"],
        ]
        wide = {}
        for columns in (80, 140):
            for words in commands:
                more = ["--force"] if words[0] == "run" and "--out" in words else []
                seen = on_terminal(*words, *more, columns=columns)
                wide[f"{words} at {columns}"] = [line for line in seen.lines if width(line) > columns]
                self.assertGreater(len("".join(seen.lines)), 40, words)
        self.assertFalse({words: lines for words, lines in wide.items() if lines})

    def test_wide_letters_keep_columns_straight(self):
        workload = self.path / "wide.toml"
        workload.write_text(WIDE, encoding="utf-8")
        seen = on_terminal("inspect", workload)
        rows = [line for line in seen.lines if "conv " in line or "KIND" in line]
        self.assertEqual(len(rows), 3, seen.lines)
        starts = {width(row[:re.search("KIND|convolution", row).start()]) for row in rows}
        self.assertEqual(len(starts), 1, rows)

    def test_colours_are_for_terminals_that_want_them(self):
        wrong = ["check", DEMO, "--set", "seeed=1"]
        self.assertIn("\x1b[1m\x1b[31merror: \x1b[0m", on_terminal(*wrong).text)
        for env in (environment(NO_COLOR="1"), dict(environment(), TERM="dumb")):
            self.assertNotRegex(on_terminal(*wrong, env=env).text, r"\x1b\[[0-9;]*m")
            run = on_terminal("run", DEMO, "--out", self.path / "out", "--force", env=env)
            self.assertNotRegex(run.text, r"\x1b\[[0-9;]*m")
        self.assertNotIn("\x1b", piped(*wrong).stderr)
        self.assertNotIn("\x1b", piped("describe", "imbrex.overlap.clsa-cim").stdout)


class InAFile(unittest.TestCase):
    def test_progress_is_a_line_now_and_then(self):
        with tempfile.TemporaryDirectory() as folder:
            process = subprocess.Popen([IMBREX, "run", *map(str, LONG), "--out", folder + "/out"],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                       env=environment())
            start = time.monotonic()
            line = process.stderr.readline()
            self.assertGreater(time.monotonic() - start, 3)
            process.send_signal(signal.SIGINT)
            out, rest = process.communicate(timeout=120)
        self.assertRegex(line, r"^seed 42, stage \d of 3, imbrex\.\S+: .*\n$")
        self.assertNotIn("\x1b", line + rest + out)
        self.assertEqual(process.returncode, 130)

    def test_progress_is_json_when_asked(self):
        with tempfile.TemporaryDirectory() as folder:
            done = piped("run", LONG[0], "--progress", "json", "--out", folder + "/out")
            self.assertEqual(done.returncode, 0, done.stderr)
            told = [json.loads(line)["progress"] for line in done.stderr.splitlines()]
            sweep = piped("sweep", DEMO, "--set", "architecture.extra_pes=0..32:16", "--progress",
                          "json", "--message-format", "json", "--out", folder + "/sweep")
        stages = [(one["baseline"], one["stage"]) for one in told if one["elapsed_s"] < 0.05]
        self.assertEqual(sorted(set(stages)), [(b, s) for b in (False, True) for s in (1, 2, 3)])
        for one in told:
            self.assertEqual((one["stages"], one["seed"]), (3, 42))
            self.assertIn("component", one)
        last = [json.loads(line) for line in sweep.stderr.splitlines()]
        runs = [one["progress"] for one in last if "progress" in one]
        self.assertEqual((runs[-1]["runs_over"], runs[-1]["runs"]), (3, 3))

    def test_messages_are_json_when_asked(self):
        with tempfile.TemporaryDirectory() as folder:
            recipe = pathlib.Path(folder) / "bad.toml"
            recipe.write_text(DEMO.read_text(encoding="utf-8").replace("seed", "seeed", 1),
                              encoding="utf-8")
            wrong = piped("check", DEMO, "--set", "stage.2.granularty=row", "--message-format=json")
        self.assertEqual((wrong.returncode, wrong.stdout), (2, ""))
        message, = [json.loads(line) for line in wrong.stderr.splitlines()]
        self.assertEqual(message["severity"], "error")
        self.assertEqual((message["file"], message["line"], message["column"]), ("--set", 1, 9))
        self.assertEqual(message["suggestion"], "granularity")
        self.assertTrue(message["message"].startswith("unknown parameter 'granularty'"))
        usage = json.loads(piped("rnu", "--message-format", "json").stderr)
        self.assertEqual((usage["severity"], usage["suggestion"]), ("error", "run"))

    def test_only_data_is_on_stdout(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("a", "b"):
                pes = 16 if name == "a" else 32
                done = piped("run", DEMO, "--set", f"architecture.extra_pes={pes}", "--quiet",
                             "--out", f"{folder}/{name}")
                self.assertEqual((done.stdout, done.stderr), ("", ""))
            compared = json.loads(piped("compare", f"{folder}/a", f"{folder}/b",
                                        "--format", "json").stdout)
        latency, = [row for row in compared["quantities"] if row["quantity"] == "latency_ps"]
        self.assertGreater(latency["a"], latency["b"])
        checked = json.loads(piped("check", DEMO, "--simulate", "--format", "json").stdout)
        self.assertTrue(checked["valid"] and checked["simulation"]["agrees"])
        self.assertEqual(checked["components"][0]["role"], "workload")
        for words in (["plugins"], ["describe", "imbrex.overlap.clsa-cim"]):
            self.assertEqual(piped(*words, "--format", "json").stdout,
                             piped(*words, "--json").stdout)


class Help(unittest.TestCase):
    def test_of_a_command_is_that_of_its_option(self):
        self.assertEqual(piped("help", "run").stdout, piped("run", "--help").stdout)
        self.assertEqual(piped("help").stdout, piped("--help").stdout)
        self.assertEqual(piped("help", "rnu").returncode, 2)

    def test_manual_has_no_warnings(self):
        manual = piped("man").stdout
        for word in (".SS \"imbrex run RECIPE", "\\-\\-message\\-format", ".SH EXIT CODES"):
            self.assertIn(word, manual)
        for checker in (["mandoc", "-Tlint", "-Wwarning"], ["groff", "-man", "-ww", "-Tutf8", "-z"]):
            if shutil.which(checker[0]):
                done = subprocess.run(checker, input=manual, capture_output=True, text=True,
                                      check=False)
                self.assertEqual((done.stdout, done.stderr), ("", ""), checker)

    def complete(self, line):
        return [word.split("\t")[0] for word in piped("complete", line).stdout.splitlines()]

    def test_completion_knows_commands_options_and_components(self):
        self.assertEqual(self.complete("imbrex desc"), ["describe"])
        self.assertIn("--message-format", self.complete("imbrex run --"))
        self.assertEqual(self.complete("imbrex run x --progress "), ["auto", "json", "none"])
        self.assertEqual(self.complete("imbrex sweep x --format=m"), ["--format=md"])
        self.assertIn("imbrex.overlap.clsa-cim", self.complete("imbrex describe imbrex.overlap"))
        self.assertEqual(self.complete("imbrex run "), [], "names of files")
        self.assertEqual(self.complete("imbrex nothing "), [])

    def test_completion_knows_the_recipe(self):
        line = f"imbrex run {DEMO} --set stage.2.gra"
        self.assertEqual(self.complete(line), ["stage.2.granularity="])
        self.assertEqual(self.complete(line + "nularity=p"), ["stage.2.granularity=pixel"])
        self.assertEqual(self.complete(f"imbrex run {DEMO} --unset architecture.extra"),
                         ["architecture.extra_pes"])
        self.assertIn("imbrex.overlap.clsa-cim.granularity=",
                      self.complete("imbrex run --set imbrex.overlap.clsa-cim.g"))

    def bash(self, line):
        script = ('source <("$0" completion bash); COMP_LINE=$1; COMP_POINT=${#1}; '
                  'compopt() { :; }; _imbrex "$0" 2>/dev/null; printf "%s\\n" "${COMPREPLY[@]}"')
        done = subprocess.run(["bash", "-c", script, IMBREX, line], capture_output=True, text=True,
                              check=True)
        return done.stdout.split()

    def test_bash_replaces_what_stands_behind_the_last_sign(self):
        self.assertEqual(self.bash("imbrex inspe"), ["inspect"])
        line = f"imbrex run {DEMO} --set stage.2.granularity="
        self.assertEqual(self.bash(line), ["row", "rows", "block", "pixel", "layer"])

    def test_zsh_understands_its_script(self):
        if shutil.which("zsh"):
            script = piped("completion", "zsh").stdout
            subprocess.run(["zsh", "-n"], input=script, text=True, check=True)


def has_pseudo_terminals():
    try:
        for end in pty.openpty():
            os.close(end)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    if not has_pseudo_terminals():
        print("skipped: there are no pseudo-terminals here; is /dev/pts mounted?")
        sys.exit(77)
    unittest.main()
