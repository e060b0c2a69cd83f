"""results_test.py IMBREX: the reader of results against what the command leaves."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "sdk" / "python"))
from imbrex import results  # noqa: E402  (where it lies is known only now)

IMBREX = sys.argv.pop(1)
RECIPE = ROOT / "configs" / "recipes" / "tinyyolov4-clsa-cim.toml"


def imbrex(*words):
    subprocess.run([IMBREX, *map(str, words), "--quiet"], check=True, stdout=subprocess.DEVNULL)


class ReadsResults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = pathlib.Path(cls.folder.name)
        imbrex("run", RECIPE, "--out", cls.path / "run")
        imbrex("sweep", RECIPE, "--set", "architecture.extra_pes=0..32:16",
               "--set", "stage.2.granularity=row,pixel", "--out", cls.path / "sweep")
        compass = ROOT / "configs" / "recipes" / "resnet18-compass.toml"
        imbrex("sweep", compass, "--set", "architecture.preset=none", "--set", "architecture.crossbars_per_core=9",
               "--set", "architecture.cores=1,16", "--set", "stage.1.use=imbrex.partition.greedy",
               "--out", cls.path / "partly")
        (cls.path / "search.toml").write_text(
            f"experiment = 1\nrecipe = '{RECIPE}'\nsearch = {{ objectives = ['latency_ps', 'utilisation'] }}\n"
            "axis = [{ key = 'architecture.extra_pes', values = [16, 32, 0] }]\n", encoding="utf-8")
        imbrex("sweep", cls.path / "search.toml", "--out", cls.path / "search")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_a_result_has_its_metrics_and_tables(self):
        result = results.read_result(self.path / "run")
        self.assertEqual(result.name, "tinyyolov4-clsa-cim")
        self.assertEqual(result.metrics["latency_ps"], 7152600000)
        self.assertAlmostEqual(result.speedup, result.baseline["latency_ps"] / result.metrics["latency_ps"])
        self.assertEqual(len(result.operators), 21)
        timeline = result.table("timeline")
        self.assertEqual(max(row["end_ps"] for row in timeline), 7152600000)
        self.assertEqual([found.folder for found in results.read_results(self.path)], [self.path / "run"])

    def test_an_experiment_has_a_row_per_point(self):
        experiment = results.read_experiment(self.path / "sweep")
        self.assertEqual(experiment.axes, ["extra_pes", "granularity"])
        rows = experiment.rows("latency_ps", "speedup")
        self.assertEqual(len(rows), 6)
        self.assertEqual(rows[0], {"extra_pes": 0, "granularity": "row", "state": "done",
                                   "latency_ps": 62771800000, "speedup": rows[0]["speedup"]})
        self.assertEqual(rows[4]["latency_ps"], 7152600000)
        self.assertIn("stage.1.free_units", experiment.quantities)
        with self.assertRaises(KeyError):
            experiment.rows("latncy_ps")

    def test_fronts_name_their_points(self):
        experiment = results.read_experiment(self.path / "search")
        self.assertEqual([(front["title"], front["points"]) for front in experiment.fronts],
                         [("Pareto front: exact, of all 3 points", [1])])
        self.assertEqual(experiment.points[1]["levels"], {"extra_pes": "32"})
        self.assertEqual(results.read_experiment(self.path / "sweep").fronts, [])
        lines = (self.path / "search" / "points.csv").read_text(encoding="utf-8").splitlines()
        self.assertEqual([line for line in lines if "on_front" in line],
                         ["1,16,done,on_front,,0", "2,32,done,on_front,,1", "3,0,done,on_front,,0"])

    def test_the_long_table_says_the_same(self):
        experiment = results.read_experiment(self.path / "sweep")
        import csv
        with open(self.path / "sweep" / "points.csv", encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file))
        units = {line["quantity"]: line["unit"] for line in lines}
        self.assertEqual(units["latency_ps"], "ps")
        for number, point in enumerate(experiment.points, start=1):
            of_point = {line["quantity"]: line["value"] for line in lines if line["point"] == str(number)}
            self.assertEqual(set(of_point), set(point["quantities"]))
            for name, value in point["quantities"].items():
                self.assertEqual(type(value)(of_point[name]), value)

    def test_points_without_numbers_are_there_when_asked_for(self):
        experiment = results.read_experiment(self.path / "partly")
        self.assertEqual([row["cores"] for row in experiment.rows("latency_ps")], [16])
        both = experiment.rows("latency_ps", only_done=False)
        self.assertEqual([(row["state"], row["latency_ps"] is None) for row in both],
                         [("infeasible", True), ("done", False)])

    def test_frames_need_pandas_alone(self):
        experiment = results.read_experiment(self.path / "sweep")
        try:
            import pandas  # noqa: F401
        except ImportError:
            self.skipTest("pandas is not installed")
        frame = experiment.frame("latency_ps")
        self.assertEqual(frame.groupby("granularity").latency_ps.min()["row"], 7152600000)


if __name__ == "__main__":
    unittest.main()
