"""check_certificate.py FOLDER: whether what imbrex.search.optimal states in a result is true.

It reads plan.toml, the workload beside it and result.json of a tiny network, and looks at all mappings of every layer
one by one (walked_nests.py). Exit code 0: all that is stated is true; 1: it is not, or it cannot be checked.
"""

import json
import pathlib
import re
import sys
import tomllib

from walked_nests import Refused, all_costs, require

# Within which relative distance what is worth the same need not be told apart, as sdk/docs/optimal.md says.
MARGIN = {"latency": 0, "energy": 1e-9, "edp": 1e-9}
SUMS = 1e-12   # by which sums of doubles differ that are added up in another order
LINE = re.compile(r"(?P<names>.+?): (?P<proof>proved|not proved, .+?); objective (?P<objective>\S+), "
                  r"bound (?P<bound>\S+), start gap [^;]+?, (?P<mappings>\d+) mappings, \d+ states(; .*)?")
WORTH = {"latency": lambda latency, energy: latency, "energy": lambda latency, energy: energy,
         "edp": lambda latency, energy: energy * latency * 1e-12}


def is_near(one, other):
    return abs(one - other) <= SUMS * abs(other)


def nest_of(operator, machine_levels):
    """A mapping as result.json has it: "NAME LEVEL KIND DIMENSION BOUND" per loop, outermost first."""
    loops = [line[len(operator["name"]) + 1:].split() for line in operator["loops"]]
    return [(machine_levels.index(level), kind, dim, int(bound)) for level, kind, dim, bound in loops]


def canonical(nest, levels):
    """Spatial loops and those of the innermost level in the order of their dimensions: it makes no difference."""
    return tuple(sorted(nest, key=lambda loop: (loop[0], loop[1] == "spatial", loop[2] if loop[1] == "spatial" or
                                                loop[0] + 1 == levels else "")))


def check_layer(name, line, worths, count, margin):
    """What is stated of a layer against what all its mappings are worth."""
    objective, bound = float(line["objective"]), float(line["bound"])
    require(int(line["mappings"]) == count, f"{name}: {line['mappings']} mappings are stated, there are {count}")
    require(worths, f"{name}: a mapping is stated, none fits")
    least = min(worths.values())
    require(least >= bound, f"{name}: a mapping is worth {least}, the bound is {bound}")
    require(any(is_near(worth, objective) for worth in worths.values()),
            f"{name}: no mapping is worth {objective}; the least is {least}")
    if line["proof"] == "proved":
        require(objective * (1 - margin) * (1 - SUMS) <= bound,
                f"{name}: {objective} is called proved, the bound of {bound} is farther away than {margin}")
    return objective, bound


def lines_of(facts):
    """Of every layer by its name what `certificate` says of it; layers that are alike share a part."""
    lines = {}
    for part in facts["certificate"].split(" | "):
        line = LINE.fullmatch(part)
        require(line, f"the part '{part}' of the certificate is not of the form that is documented")
        lines.update((name, line) for name in line["names"].split(", "))
    return lines


def check(plan, network, result, costs=None):
    """Returns the number of mappings looked at. `costs`: all_costs(plan, network), if known. Errors: Refused."""
    stage = next((s for s in plan["stage"] if s["use"] == "imbrex.search.optimal"), None)
    require(stage, "no imbrex.search.optimal in the recipe")
    facts = next(s["statistics"] for s in result["stages"] if s["use"] == stage["use"])
    lines, worth = lines_of(facts), WORTH[plan["objective"]]
    margin = max(stage["gap"], MARGIN[plan["objective"]])
    costs = costs or all_costs(plan, network)
    require(set(lines) == set(costs), f"the certificate is about {sorted(lines)}, the layers are {sorted(costs)}")
    stated = {"layers": len(costs), "proved": 0, "found": 0.0, "bound": 0.0, "mappings": 0}
    chosen = {operator["name"]: operator for operator in result["operators"]}
    levels = plan["architecture"]["level_names"]
    for name, (of_nests, count) in costs.items():
        worths = {canonical(nest, len(levels)): worth(*cost) for nest, cost in of_nests.items()}
        objective, bound = check_layer(name, lines[name], worths, count, margin)
        nest = canonical(nest_of(chosen[name], levels), len(levels))
        require(stage["keep_design"] or (nest in worths and is_near(worths[nest], objective)),
                f"{name}: the mapping in the result is not worth {objective}")
        for fact, value in (("found", objective), ("bound", bound), ("mappings", count),
                            ("proved", lines[name]["proof"] == "proved")):
            stated[fact] += value
    for fact, value in stated.items():
        require(is_near(facts[fact], value), f"{fact} = {facts[fact]} is stated, the layers make {value}")
    return stated["mappings"]


def read(folder):
    """(recipe with all defaults, network, result) of a run."""
    folder = pathlib.Path(folder)
    plan = tomllib.loads((folder / "plan.toml").read_text(encoding="utf-8"))
    network = tomllib.loads((folder / plan["workload"]["file"]).read_text(encoding="utf-8"))
    return plan, network, json.loads((folder / "result.json").read_text(encoding="utf-8"))


if __name__ == "__main__":
    try:
        print(f"holds for all {check(*read(sys.argv[1]))} mappings")
    except Refused as refusal:
        sys.exit(f"refused: {refusal}")
