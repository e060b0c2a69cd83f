"""certificate_test.py IMBREX: what imbrex.search.optimal states against a checker that shares no code with it."""

import copy
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from check_certificate import check, read  # noqa: E402  (where it lies is known only now)
from walked_nests import Refused, all_costs  # noqa: E402

IMBREX = os.path.abspath(sys.argv.pop(1))
OBJECTIVES = ("latency", "energy", "edp")
PRODUCT = "input.vectors = { shape = [2, 4] }", "{ op = 'dense', units = 4, name = 'product' }"
WINDOW = "input.image = { shape = [1, 2, 4, 4] }", "{ op = 'conv', filters = 2, kernel = 3, pad = 1, name = 'window' }"
STRIDED = ("input.image = { shape = [1, 2, 4, 4] }",
           "{ op = 'conv', filters = 2, kernel = 3, stride = 2, pad = 1, name = 'window' },\n"
           "{ op = 'flatten' },\n{ op = 'dense', units = 3, name = 'product' },\n"
           "{ op = 'dense', units = 3, name = 'alike' }")
THREE_LEVELS = """rows = 2
columns = 2
macs_per_pe = 2
level_names = ['memory', 'buffer', 'registers']
level_words = [0, 80, 12]
level_read_words_per_cycle = [2, 4, 3]
level_write_words_per_cycle = [2, 3, 3]
level_energy_pj_per_word = [200, 6, 1]
"""
TWO_LEVELS = """rows = 1
columns = 2
macs_per_pe = 2
cycle_ns = 0.7
level_names = ['memory', 'registers']
level_words = [0, 24]
level_read_words_per_cycle = [3, 0]
level_write_words_per_cycle = [2, 5]
level_energy_pj_per_word = [50, 1]
"""
FREE = "constraints = []"
# So few loops that a walk through all mappings takes seconds.
NARROW = """constraints = ["*: registers temporal dims = R S C", "*: buffer temporal dims = P Q K",
               "*: memory temporal dims = C P K R S", "*: registers spatial dims = C", "*: buffer spatial dims = Q K"]"""
LIMITED = """keep = ["WIO", "IO"]
constraints = ["window: memory temporal dims = K C P S", "window: registers temporal P <= 1",
               "window: memory spatial dims = Q K R", "prod*: memory spatial >= 2"]"""
CASES = {"product": (PRODUCT, THREE_LEVELS, FREE), "window": (WINDOW, THREE_LEVELS, NARROW),
         "strided": (STRIDED, TWO_LEVELS, LIMITED)}
RECIPE = """imbrex = 1
name = "tiny"
objective = "{objective}"
[workload]
use = "imbrex.workload.toml"
file = "net.toml"
[architecture]
use = "imbrex.architecture.pe-array"
mac_energy_pj = 1
{array}[cost]
use = "imbrex.cost.loop-nest"
{cost}
[[stage]]
use = "imbrex.partition.one-per-segment"
[[stage]]
use = "imbrex.search.optimal"
{options}
[[stage]]
use = "imbrex.overlap.layer-by-layer"
"""


class ChecksCertificates(unittest.TestCase):
    costs = {}

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = pathlib.Path(cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def stated(self, case, objective, options=""):
        """What a run leaves; what mappings cost is the same for all objectives."""
        (data, layers), array, cost = CASES[case]
        (self.path / "net.toml").write_text(f"imbrex_workload = 1\n{data}\n[network]\nlayers = [\n{layers}\n]\n",
                                            encoding="utf-8")
        (self.path / "recipe.toml").write_text(
            RECIPE.format(objective=objective, array=array, cost=cost, options=options), encoding="utf-8")
        subprocess.run([IMBREX, "run", "recipe.toml", "--quiet", "--force", "--out", "run"], cwd=self.path, check=True)
        plan, network, result = read(self.path / "run")
        if case not in self.costs:
            self.costs[case] = all_costs(plan, network)
        return plan, network, result, self.costs[case]

    def facts(self, stated):
        return next(stage["statistics"] for stage in stated[2]["stages"] if stage["use"] == "imbrex.search.optimal")

    def test_what_is_stated_is_true(self):
        mappings = 0
        for case in CASES:
            for objective in OBJECTIVES:
                with self.subTest(case=case, objective=objective):
                    stated = self.stated(case, objective)
                    self.assertEqual(self.facts(stated)["proved"], self.facts(stated)["layers"])
                    mappings += check(*stated)
        self.assertGreater(mappings, 3 * 3000)

    def test_a_gap_or_a_limit_is_not_called_more_than_it_is(self):
        for options in ("gap = 0.2", "max_states = 1"):
            with self.subTest(options=options):
                stated = self.stated("window", "energy", options)
                check(*stated)
                self.assertLess(self.facts(stated)["bound"], 0.999 * self.facts(stated)["found"])

    def refuses(self, stated, reason, change):
        changed = copy.deepcopy(stated[2])
        change(changed, self.facts((None, None, changed)))
        with self.assertRaisesRegex(Refused, reason):
            check(stated[0], stated[1], changed, stated[3])

    def test_what_is_not_true_is_refused(self):
        for objective in OBJECTIVES:
            stated = self.stated("window", objective)
            facts = self.facts(stated)
            found, bound, mappings = facts["found"], facts["bound"], int(facts["mappings"])

            def says(found=found, bound=bound, mappings=mappings):
                """Other numbers, in the sums as in the text."""
                def change(_, facts):
                    text = re.sub(r"objective \S+,", f"objective {found},", facts["certificate"])
                    text = re.sub(r"bound \S+,", f"bound {bound},", text)
                    text = re.sub(r"\d+ mappings", f"{mappings} mappings", text)
                    facts.update(certificate=text, found=found, bound=bound, mappings=mappings)
                return change

            with self.subTest(objective=objective):
                self.refuses(stated, "a mapping is worth", says(bound=bound * 1.01))
                self.refuses(stated, "no mapping is worth", says(found=found * 0.99, bound=bound * 0.99))
                self.refuses(stated, "no mapping is worth", says(found=found * 1.0001))
                self.refuses(stated, "farther away", says(bound=bound * 0.99))
                self.refuses(stated, "mappings are stated", says(mappings=mappings + 1))
                self.refuses(stated, "found = ", lambda _, facts: facts.update(found=found * 0.99))
                self.refuses(stated, "bound = ", lambda _, facts: facts.update(bound=bound * 1.01))
                self.refuses(stated, "proved = ", lambda _, facts: facts.update(proved=0))
                self.refuses(stated, "the mapping in the result", lambda result, _: result["operators"][0].update(
                    loops=result["operators"][0]["loops"][:-1]))

    # A mapping that is not the best, its bound and the word "proved".
    def test_proofs_that_were_not_made_are_refused(self):
        stated = self.stated("window", "energy", "max_states = 1")

        def change(_, facts):
            facts.update(certificate=re.sub(r"not proved, [^;]+;", "proved;", facts["certificate"]), proved=1)
        self.refuses(stated, "farther away", change)

    def test_what_is_not_known_is_refused(self):
        stated = self.stated("window", "latency")
        for key, value in (("counting", "timeloop"), ("imperfect", True), ("partial_sum_bits", 16)):
            plan = copy.deepcopy(stated[0])
            plan["cost"][key] = value
            with self.assertRaisesRegex(Refused, "not known"):
                check(plan, *stated[1:3])


if __name__ == "__main__":
    unittest.main()
