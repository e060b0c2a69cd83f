"""session_test.py IMBREX TEST_COMPONENTS: the package imbrex against the command, and the blocks of its page."""

import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "sdk" / "python"))
import imbrex  # noqa: E402  (where it lies is known only now)

TEST_COMPONENTS = os.path.abspath(sys.argv.pop(2))
IMBREX = os.path.abspath(sys.argv.pop(1))
RECIPE = ROOT / "configs" / "recipes" / "tinyyolov4-clsa-cim.toml"
SLEEPER = """imbrex = 1
name = "sleeper"
[workload]
use = "test.workload.chain"
[architecture]
use = "imbrex.architecture.tiled-cim"
extra_pes = 4
[cost]
use = "imbrex.cost.crossbar"
[[stage]]
use = "test.search.sleeper"
marker = "MARKER"
score_first = true
[[stage]]
use = "imbrex.overlap.clsa-cim"
"""


class RunsRecipes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)

    def command(self, *words, code=0):
        done = subprocess.run([IMBREX, *map(str, words)], cwd=self.path, capture_output=True, text=True)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def bytes_of(self, *words):
        self.command("run", *words, "--quiet", "--force", "--out", "of-command")
        return (self.path / "of-command" / "result.json").read_bytes()

    def test_a_result_is_the_commands(self):
        result = imbrex.run(RECIPE, threads=2)
        self.assertEqual(result.json.encode(), self.bytes_of(RECIPE))
        self.assertIsInstance(result, dict)
        self.assertEqual(result["metrics"]["latency_ps"], 7152600000)
        self.assertEqual(result.metrics, result["metrics"])
        self.assertEqual(len(result.operators), 21)
        self.assertFalse(result.partial)

    def test_overrides_of_every_type(self):
        settings = {"architecture.extra_pes": 16, "name": "other", "imbrex.overlap.clsa-cim.granularity": "pixel",
                    "report": [{"use": "imbrex.report.csv"}]}
        result = imbrex.run(RECIPE, set=settings, unset="baseline", out=self.path / "out")
        self.assertEqual(result["name"], settings["name"])
        self.assertEqual(result.baseline, {})
        self.assertTrue((self.path / "out" / "operators.csv").exists())
        self.assertEqual(result.json.encode(), self.bytes_of(
            RECIPE, "--set", "architecture.extra_pes=16", "--set", "name=other", "--unset", "baseline", "--set",
            "imbrex.overlap.clsa-cim.granularity=pixel", "--set", 'report=[{use="imbrex.report.csv"}]'))
        self.assertEqual(imbrex.run(RECIPE, set=["architecture.extra_pes=16"]).metrics["latency_ps"],
                         imbrex.run(RECIPE, set={"architecture.extra_pes": 16}).metrics["latency_ps"])
        for value in ('a "quoted" \\ näme\n\x01', [1, 2.5, True], {"a b": ["c"]}):
            self.assertEqual(tomllib.loads("value = " + imbrex.session.toml(value))["value"], value)
        with self.assertRaises(imbrex.InputError):
            imbrex.run(RECIPE, set={"seed": object()})

    def test_a_recipe_in_a_text(self):
        text = 'extends = "tinyyolov4-clsa-cim.toml"\n[[profile.none.stage]]\nuse = "imbrex.overlap.layer-by-layer"\n'
        self.assertEqual(imbrex.run(text=text, folder=RECIPE.parent).metrics["latency_ps"], 7152600000)
        with self.assertRaises(imbrex.InputError):
            imbrex.run(RECIPE, text=text)

    def test_writing_gives_tables(self):
        result = imbrex.run(RECIPE)
        with self.assertRaises(FileNotFoundError):
            result.table("timeline")
        written = result.write(self.path / "out")
        self.assertEqual(dict(written), dict(result))
        self.assertEqual(max(row["end_ps"] for row in written.table("timeline")), 7152600000)
        with self.assertRaises(imbrex.InputError):
            result.write(self.path / "out")
        result.write(self.path / "out", replace=True)
        self.assertEqual(imbrex.run(self.path / "out").json, result.json)

    def test_bad_input_says_what_the_command_says(self):
        with self.assertRaises(imbrex.InputError) as raised:
            imbrex.run(RECIPE, set={"stage.2.granularity": "pixle"})
        said = self.command("run", RECIPE, "--set", 'stage.2.granularity="pixle"', code=2).stderr
        self.assertEqual(str(raised.exception) + "\n", said)
        (diagnostic,) = raised.exception.diagnostics
        self.assertEqual((diagnostic.severity, diagnostic.suggestion, diagnostic.line), ("error", "pixel", 1))
        with self.assertRaises(imbrex.InputError):
            imbrex.run(self.path / "missing.toml")

    def test_infeasible_and_failed_runs(self):
        recipe = ROOT / "tests" / "golden" / "infeasible"
        for folder in sorted(recipe.iterdir()):
            if folder.is_dir():
                with self.assertRaises(imbrex.InfeasibleError):
                    imbrex.run(folder / "recipe.toml")
        text = SLEEPER.replace("test.search.sleeper", "test.partition.thrower").replace(
            'marker = "MARKER"\nscore_first = true\n', "")
        with self.assertRaisesRegex(imbrex.FailedError, "test.partition.thrower.*index 7"):
            imbrex.run(text=text, plugins=TEST_COMPONENTS)

    def test_components(self):
        ids = [component["id"] for component in imbrex.components()]
        self.assertIn("imbrex.overlap.clsa-cim", ids)
        self.assertNotIn("test.search.sleeper", ids)
        self.assertIn("test.search.sleeper", [one["id"] for one in imbrex.components([TEST_COMPONENTS])])
        granularity = [one for one in imbrex.describe("imbrex.overlap.clsa-cim")["parameters"]
                       if one["name"] == "granularity"]
        self.assertIn("pixel", granularity[0]["choices"])
        with self.assertRaisesRegex(imbrex.InputError, "imbrex.overlap.clsa-cim"):
            imbrex.describe("imbrex.overlap.clsa-kim")

    def test_progress_and_what_it_raises(self):
        seen = []
        imbrex.run(RECIPE, on_progress=seen.append)
        self.assertEqual([(one["stage"], one["baseline"]) for one in seen if one["evaluations"] == 0][0], (1, False))
        self.assertTrue(seen[-1]["baseline"])

        def fails(_progress):
            raise ZeroDivisionError
        with self.assertRaises(ZeroDivisionError):
            imbrex.run(RECIPE, on_progress=fails)

    def test_lines_that_components_log(self):
        lines = []
        stages = [{"use": "imbrex.search.random"}, {"use": "imbrex.overlap.clsa-cim"}]
        imbrex.run(RECIPE, set={"stage": stages}, on_log=lambda *line: lines.append(line))
        self.assertEqual([line[:2] for line in lines], [("warning", "imbrex.search.random")])
        with self.assertRaises(TypeError):
            imbrex.run(RECIPE, set={"stage": stages}, on_log=lambda too_few: None)

    def test_cancel_from_another_thread(self):
        marker = self.path / "marker"
        session = imbrex.Session(TEST_COMPONENTS)
        session.read_text(SLEEPER.replace("MARKER", str(marker)))

        def cancel():
            while not marker.exists():
                time.sleep(0.001)
            session.cancel()
        threading.Thread(target=cancel).start()
        result = session.run()
        self.assertTrue(result.partial)
        self.assertEqual(result.operators[0]["copies"], 2)

    def test_ctrl_c_ends_a_run(self):
        marker = self.path / "marker"
        program = ("import imbrex, sys\ntry:\n    imbrex.run(text=sys.argv[1], plugins=sys.argv[2])\n"
                   "except KeyboardInterrupt:\n    sys.exit('interrupted')\n")
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "sdk" / "python")}
        with subprocess.Popen([sys.executable, "-c", program, SLEEPER.replace("MARKER", str(marker)), TEST_COMPONENTS],
                              stderr=subprocess.PIPE, text=True, env=environment) as process:
            while not marker.exists():
                self.assertIsNone(process.poll(), "it ended before it began")
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            asked = time.monotonic()
            _, said = process.communicate()
            self.assertEqual(said, "interrupted\n")
            self.assertLess(time.monotonic() - asked, 30, "it ends by itself after a minute")

    def test_the_blocks_of_the_page_run(self):
        page = (ROOT / "sdk" / "docs" / "embedding.md").read_text(encoding="utf-8")
        blocks = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
        self.assertGreaterEqual(len(blocks), 4)
        os.symlink(ROOT / "configs", self.path / "configs")
        before = os.getcwd()
        os.chdir(self.path)
        self.addCleanup(os.chdir, before)
        names = {}
        for block in blocks:
            exec(compile(block, "embedding.md", "exec"), names)  # pylint: disable=exec-used
            for line, value in re.findall(r"^(.+?) *# prints (.+)$", block, re.MULTILINE):
                shown = re.fullmatch(r"print\((.*)\)", line.strip()).group(1)
                self.assertEqual(str(eval(shown, names)), value)  # pylint: disable=eval-used

    def test_a_library_that_is_not_there(self):
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "sdk" / "python"), "IMBREX_LIBRARY": "/nowhere.so"}
        done = subprocess.run(
            [sys.executable, "-c", "import imbrex\ntry:\n    imbrex.version()\nexcept imbrex.FailedError as error:\n"
             "    print(error)"], env=environment, capture_output=True, text=True, check=True)
        self.assertIn("IMBREX_LIBRARY", done.stdout)


if __name__ == "__main__":
    unittest.main()
