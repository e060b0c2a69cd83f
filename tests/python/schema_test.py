"""schema_test.py IMBREX: what `imbrex schema` says of recipes and ablations, against the reader itself.

Every shipped file has to pass, and whatever a schema can see of a mistake has to be refused: by the schema
and, as its twin, by `imbrex check`. Needs jsonschema (Debian: python3-jsonschema); exits 77 without it.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import tomllib
import unittest

try:
    import jsonschema
except ImportError:
    print("skipped: no Python module jsonschema (Debian: python3-jsonschema)")
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONFIGS = ROOT / "configs"
IMBREX = sys.argv.pop(1)
PLAIN = CONFIGS / "recipes" / "tinyyolov4-clsa-cim.toml"


def imbrex(*words):
    return subprocess.run([IMBREX, *map(str, words)], capture_output=True, text=True, check=False)


def schema(*words):
    printed = imbrex("schema", *words)
    assert printed.returncode == 0, printed.stderr
    return jsonschema.Draft4Validator(json.loads(printed.stdout))


def parsed(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))


def is_ablation(path):
    return "experiment" in parsed(path)


def complaints(validator, document):
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in validator.iter_errors(document)]


# What replaces a text of PLAIN, and is a mistake that a schema can see.
MISTAKES = {
    "unknown key": ('seed = 42', 'sede = 42'),
    "unknown section": ('[cost]', '[costs]'),
    "no format": ('imbrex = 1', ''),
    "future format": ('imbrex = 1', 'imbrex = 2'),
    "format as a text": ('imbrex = 1', 'imbrex = "1"'),
    "negative seed": ('seed = 42', 'seed = -1'),
    "fractional seed": ('seed = 42', 'seed = 1.5'),
    "no such objective": ('objective = "latency"', 'objective = "speed"'),
    "name that is a path": ('name = "tinyyolov4-clsa-cim"', 'name = "a/b"'),
    "unknown parameter": ('extra_pes = 32', 'extra_pse = 32'),
    "parameter of another component": ('extra_pes = 32', 'granularity = "row"'),
    "text for an integer": ('extra_pes = 32', 'extra_pes = "32"'),
    "real for an integer": ('extra_pes = 32', 'extra_pes = 32.0'),
    "boolean for an integer": ('extra_pes = 32', 'extra_pes = true'),
    "below its range": ('extra_pes = 32', 'extra_pes = -1'),
    "above its range": ('extra_pes = 32', 'extra_pes = 1073741825'),
    "above the range of this component": ('extra_pes = 32', 'rows = 1048577'),
    "no such choice": ('granularity = "row"', 'granularity = "rwo"'),
    "number for a choice": ('granularity = "row"', 'granularity = 1'),
    "one value for an array": ('granularity = "row"', 'granularity = "block"\nblock = 4'),
    "text in an array of integers": ('granularity = "row"', 'granularity = "block"\nblock = [4, "4"]'),
    "unknown component": ('"imbrex.cost.crossbar"', '"imbrex.cost.crosbar"'),
    "component of another kind": ('"imbrex.cost.crossbar"', '"imbrex.overlap.clsa-cim"'),
    "stage that is a reporter": ('"imbrex.partition.weight-duplication"\nsolver = "bottleneck-skip"',
                                 '"imbrex.report.csv"'),
    "component without a name": ('use = "imbrex.cost.crossbar"', ''),
    "use as a number": ('use = "imbrex.cost.crossbar"', 'use = 7'),
    "missing parameter": ('file = "../workloads/tinyyolov4.toml"', ''),
    "section as a text": ('[cost]\nuse = "imbrex.cost.crossbar"', '[plugins]\npaths = "x"'),
    "mark that says no": ('extra_pes = 32', 'extra_pes = { unset = false }'),
    "profile with a mistake": ('[cost]', '[profile.small]\nsede = 1\n[cost]'),
    "digest that is none": ('[cost]', '[plugins.pin]\n"acme.x" = "sha256:12"\n[cost]'),
}

# What replaces a text of PLAIN, and is none.
VARIATIONS = {
    "integer for a real": ('extra_pes = 32', 'extra_pes = 32\nmvm_latency_ns = 1400'),
    "borders of a range": ('extra_pes = 32', 'extra_pes = 0\nrows = 1048576'),
    "array": ('granularity = "row"', 'granularity = "block"\nblock = [4, 4]'),
    "objective": ('objective = "latency"', 'objective = "throughput"'),
    "profile": ('[cost]', '[profile.small]\nseed = 1\narchitecture = { extra_pes = { unset = true } }\n[cost]'),
    "another analyzer": ('"imbrex.overlap.clsa-cim"', '"imbrex.overlap.simulator"'),
}

EXPERIMENT = """experiment = 1
recipe = "r.toml"
[[axis]]
key = "architecture.extra_pes"
values = [0, 16]
[[table]]
rows = "extra_pes"
value = { metric = "latency_ps" }
"""
EXPERIMENT_MISTAKES = {
    "unknown key": ('[[axis]]', 'question_ = "?"\n[[axis]]'),
    "future format": ('experiment = 1', 'experiment = 2'),
    "no recipe": ('recipe = "r.toml"', ''),
    "too many seeds": ('recipe', 'seeds = 10001\nrecipe'),
    "no time": ('recipe', 'time_limit_s = 0\nrecipe'),
    "no such word": ('recipe', 'on_failure = "halt"\nrecipe'),
    "axis without values": ('values = [0, 16]', ''),
    "axis of two kinds": ('values = [0, 16]', 'values = [0, 16]\nrecipes = ["r.toml"]'),
    "unknown key of an axis": ('values', 'level = 1\nvalues'),
    "table without rows": ('rows = "extra_pes"', ''),
    "unknown key of a value": ('metric = "latency_ps"', 'metric = "latency_ps", places = 1'),
    "no such aggregate": ('rows', 'aggregate = "average"\nrows'),
    "front of one metric": ('[[axis]]', '[[front]]\nmetrics = ["latency_ps"]\n[[axis]]'),
    "search for one metric": ('[[axis]]', '[search]\nobjectives = ["latency_ps"]\n[[axis]]'),
    "population of five": ('[[axis]]',
                           '[search]\nobjectives = ["latency_ps", "energy_pj"]\npopulation = 9\n[[axis]]'),
    "zip of one axis": ('recipe', 'zip = ["extra_pes"]\nrecipe'),
}


class Schemas(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.recipe = schema("recipe")
        cls.ablation = schema("ablation")
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = pathlib.Path(cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def replaced(self, text, old, new):
        self.assertIn(old, text)
        return text.replace(old, new, 1)

    def plain(self, old="", new=""):
        return self.replaced(PLAIN.read_text(encoding="utf-8"), old, new)

    def checked(self, text):
        file = self.path / "recipe.toml"
        file.write_text(text.replace("../workloads", str(CONFIGS / "workloads")), encoding="utf-8")
        return imbrex("check", file)

    def test_they_are_schemas(self):
        for validator in (self.recipe, self.ablation):
            jsonschema.Draft4Validator.check_schema(validator.schema)

    def test_every_shipped_file_is_good(self):
        recipes = [*CONFIGS.glob("recipes/*.toml"), *CONFIGS.glob("ablations/*/*.toml"), *CONFIGS.glob("silicon/*.toml")]
        ablations = list(CONFIGS.glob("ablations/*.toml"))
        self.assertGreater(len(recipes), 50)
        self.assertGreater(len(ablations), 8)
        for file in recipes + ablations:
            validator = self.ablation if is_ablation(file) else self.recipe
            with self.subTest(file=file.relative_to(ROOT)):
                self.assertEqual(complaints(validator, parsed(file)), [])

    def test_a_plan_is_good(self):
        done = imbrex("run", PLAIN, "--out", self.path / "run", "--quiet")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(complaints(self.recipe, parsed(self.path / "run" / "plan.toml")), [])

    def test_mistakes_are_refused_by_schema_and_reader(self):
        self.assertEqual(self.checked(self.plain()).returncode, 0)
        for what, (old, new) in MISTAKES.items():
            with self.subTest(what):
                text = self.plain(old, new)
                self.assertNotEqual(complaints(self.recipe, tomllib.loads(text)), [])
                self.assertEqual(self.checked(text).returncode, 2)

    def test_variations_are_accepted_by_both(self):
        for what, (old, new) in VARIATIONS.items():
            with self.subTest(what):
                text = self.plain(old, new)
                self.assertEqual(complaints(self.recipe, tomllib.loads(text)), [])
                done = self.checked(text)
                self.assertEqual(done.returncode, 0, done.stderr)

    # The reader looks at the values of a profile when somebody lays it.
    def test_profiles_are_looked_into(self):
        text = self.plain('[cost]', '[profile.small]\nseed = "1"\n[cost]')
        self.assertNotEqual(complaints(self.recipe, tomllib.loads(text)), [])

    def test_a_recipe_that_extends_may_leave_things_out(self):
        self.assertEqual(complaints(self.recipe, tomllib.loads('extends = "a.toml"\ncost = { unset = true }')), [])
        self.assertEqual(complaints(self.recipe, tomllib.loads('extends = "a.toml"\n[architecture]\nrows = 64')), [])
        self.assertNotEqual(complaints(self.recipe, tomllib.loads('extends = "a.toml"\n[architecture]\nrwos = 64')), [])

    def test_mistakes_of_experiments_are_refused_by_schema_and_reader(self):
        (self.path / "r.toml").write_text(
            self.plain().replace("../workloads", str(CONFIGS / "workloads")), encoding="utf-8")
        self.assertEqual(complaints(self.ablation, tomllib.loads(EXPERIMENT)), [])
        for what, (old, new) in {"none": ("", ""), **EXPERIMENT_MISTAKES}.items():
            with self.subTest(what):
                text = self.replaced(EXPERIMENT, old, new)
                file = self.path / "experiment.toml"
                file.write_text(text, encoding="utf-8")
                done = imbrex("sweep", file, "--dry-run")
                self.assertEqual(done.returncode, 0 if what == "none" else 2, done.stderr)
                self.assertEqual(complaints(self.ablation, tomllib.loads(text)) == [], what == "none")

    def test_parameters_are_explained(self):
        described = json.loads(imbrex("describe", "imbrex.architecture.tiled-cim", "--json").stdout)
        spares = next(one for one in described["parameters"] if one["name"] == "extra_pes")
        meant = self.recipe.schema["definitions"]["imbrex.architecture.tiled-cim"]["properties"]["extra_pes"]
        self.assertEqual(meant, {"description": f"{spares['doc']} (unit: {spares['unit']})", "default": 0})

    # An editor underlines the value, and says what it should be.
    def test_a_mistake_is_told_where_it_is(self):
        for given, told in {
            'extra_pes = -1': "['architecture', 'extra_pes']: -1 is less than the minimum of 0",
            'extra_pes = "32"': "['architecture', 'extra_pes']: '32' is not of type 'integer', 'object'",
        }.items():
            document = tomllib.loads(self.plain('extra_pes = 32', given))
            self.assertEqual(complaints(self.recipe, document), [told])

    def test_no_such_file(self):
        done = imbrex("schema", "network")
        self.assertEqual((done.returncode, done.stdout), (2, ""))


if __name__ == "__main__":
    unittest.main()
