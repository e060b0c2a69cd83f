#!/usr/bin/env python3
"""Holds Imbrex against the RTL of an output-stationary 16 x 16 GEMM array (TileFlow, MICRO 2023).

    IMBREX=build/release/bin/imbrex configs/silicon/gemm.py [--fit | --points N] [--worst N]

Runs every tiling of ../shared/oracles/silicon/systolic-gemm.csv beside the repository, and the pairs of
fused-gemm.csv, and prints the errors. Every 11th tiling from the first on, 50 of them, are those that the
constants of systolic-gemm.toml were fitted to; `--fit` fits them again, by steps along one constant at a
time, and prints them. `--points N`: N tilings only, evenly spread. Standard library only.
Exit status: 0, 1 where a bound is missed, 2 where command or measurements are missing.
"""
import argparse, csv, json, math, os, pathlib, shutil, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent.parent.parent / "shared" / "oracles" / "silicon"
ARRAY = 16
PER_RUN = 100  # layers of one network: an argument of a command has its limit
MEAN_BOUND, P95_BOUND = 0.10, 0.25


def fail(message):
    print(f"gemm.py: {message}", file=sys.stderr)
    sys.exit(2)


def command():
    found = shutil.which(os.environ.get("IMBREX", "imbrex"))
    if not found:
        fail("no imbrex command; set IMBREX")
    return str(pathlib.Path(found).resolve())


def rows(name):
    path = DATA / name
    if not path.exists():
        fail(f"measurements not at hand: {path} is missing")
    with open(path, newline="") as file:
        return [{key: int(value) for key, value in row.items()} for row in csv.DictReader(file)]


def nest(name, full, tile, rows_of_array=ARRAY):
    """Loops of one product: full and tile are (rows, columns, added up)."""
    loops = []

    def add(where, dim, bound):
        if bound > 1:
            loops.append(f"{name} {where} {dim} {bound}")

    add("DRAM t", "P", full[0] // tile[0])
    add("DRAM t", "K", full[1] // tile[1])
    add("DRAM t", "C", full[2] // tile[2])
    add("buffer t", "P", tile[0] // rows_of_array)
    add("buffer t", "K", tile[1] // ARRAY)
    add("buffer s", "P", rows_of_array)
    add("buffer s", "K", ARRAY)
    add("register t", "C", tile[2])
    return loops


def run(recipe, network, loops, overrides=()):
    """The result of one run, in cycles of 1 ns."""
    with tempfile.TemporaryDirectory() as folder:
        net = pathlib.Path(folder) / "gemm.net.toml"
        net.write_text(network)
        texts = "[" + ", ".join(f'"{text}"' for text in loops) + "]"
        out = pathlib.Path(folder) / "out"
        arguments = [command(), "run", str(HERE / recipe), "--quiet", "--out", str(out)]
        for value in (f"workload.file={net}", f"stage.2.loops={texts}", *overrides):
            arguments += ["--set", value]
        done = subprocess.run(arguments, capture_output=True, text=True)
        if done.returncode != 0:
            fail(f"{recipe}: exit status {done.returncode}\n{done.stderr}")
        return json.loads((out / "result.json").read_text())


def tilings_cycles(tilings, overrides=()):
    """Imbrex's cycles of each tiling: products that know nothing of one another, in turns."""
    cycles = []
    for begin in range(0, len(tilings), PER_RUN):
        inputs, layers, loops = [], [], []
        for i, row in enumerate(tilings[begin:begin + PER_RUN]):
            inputs.append(f"input.a{i} = {{ shape = [{row['M']}, {row['K']}], bits = 16 }}\n"
                          f"input.b{i} = {{ shape = [{row['K']}, {row['N']}], bits = 16 }}\n")
            layers.append(f'{{ op = "matmul", input = ["a{i}", "b{i}"], bits = 16, name = "g{i}" }}')
            loops += nest(f"g{i}", (row["M"], row["N"], row["K"]), (row["m"], row["n"], row["k"]))
        network = ("imbrex_workload = 1\n" + "".join(inputs) +
                   "[network]\nlayers = [\n" + ",\n".join(layers) + "\n]\n")
        result = run("systolic-gemm.toml", network, loops, overrides)
        times = {op["name"]: op["busy_ps"] for op in result["operators"]}
        cycles += [times[f"g{i}"] / 1000 for i in range(len(layers))]
    return cycles


def fused_cycles(pairs):
    """Imbrex's cycles of each fused pair: two layers on halves of the array, overlapped."""
    cycles = []
    for row in pairs:
        network = (
            "imbrex_workload = 1\n"
            f"input.a = {{ shape = [{row['M1']}, {row['K1']}], bits = 16 }}\n"
            f"input.b = {{ shape = [{row['K1']}, {row['N1']}], bits = 16 }}\n"
            f"input.c = {{ shape = [{row['K2']}, {row['N2']}], bits = 16 }}\n[network]\nlayers = [\n"
            '{ op = "matmul", input = ["a", "b"], bits = 16, name = "first" },\n'
            '{ op = "matmul", input = ["first", "c"], bits = 16, name = "second" }]\n')
        loops = []
        for name, i in (("first", 1), ("second", 2)):
            loops += nest(name, (row[f"M{i}"], row[f"N{i}"], row[f"K{i}"]),
                          (row[f"m{i}"], row[f"n{i}"], row[f"k{i}"]), ARRAY // 2)
        result = run("fused-gemm.toml", network, loops)
        cycles.append(result["metrics"]["latency_ps"] / 1000)
    return cycles


def errors(measured, cycles):
    """Mean and 95th percentile of |error|, and the geometric mean of Imbrex over RTL."""
    ratios = [ours / row["cycles"] for row, ours in zip(measured, cycles)]
    off = sorted(abs(ratio - 1) for ratio in ratios)
    return (sum(off) / len(off), off[math.ceil(0.95 * len(off)) - 1],
            math.exp(sum(map(math.log, ratios)) / len(ratios)), off[-1])


def fit(points):
    """Whole constants of least mean error, by steps along one of them at a time."""
    names = {"read": "architecture.level_read_words_per_cycle=[{},0,0]",
             "write": "architecture.level_write_words_per_cycle=[{},0,0]",
             "latency": "architecture.level_latency_cycles=[{},0,0]",
             "fill": "cost.fill_drain_steps={}"}
    steps = {"read": (1,), "write": (1,), "latency": (8, 1), "fill": (16, 4, 1)}
    at = {"read": 2, "write": 2, "latency": 0, "fill": 30}  # the wavefront's own steps

    def error(values):
        return errors(points, tilings_cycles(
            points, [names[name].format(value) for name, value in values.items()]))[0]

    best = error(at)
    moved = True
    while moved:
        moved = False
        for name in names:
            for step in steps[name]:
                for direction in (step, -step):
                    while at[name] + direction >= (1 if name in ("read", "write") else 0):
                        further = {**at, name: at[name] + direction}
                        now = error(further)
                        if now >= best - 1e-9:
                            break
                        at, best, moved = further, now, True
    print("fitted on 50: " + ", ".join(f"{name} {value}" for name, value in at.items()) +
          f"; mean error {100 * best:.2f} %")


def print_errors(what, measured, cycles):
    mean, p95, geometric, worst = errors(measured, cycles)
    print(f"| {what} | {len(measured)} | {100 * mean:.1f} % | {100 * p95:.1f} % | {geometric:.3f} | "
          f"{100 * worst:.1f} % |")
    return mean, p95


def print_worst(measured, cycles, count):
    for row, ours in sorted(zip(measured, cycles),
                            key=lambda pair: -abs(pair[1] / pair[0]["cycles"] - 1))[:count]:
        print(", ".join(f"{key} {value}" for key, value in row.items()) +
              f": {ours:.0f}, {ours / row['cycles']:.3f}")


def evenly(measured, count):
    """That many of the rows, all where none is asked for or there are no more."""
    if not count or count >= len(measured):
        return measured
    return [measured[i * len(measured) // count] for i in range(count)]


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--fit", action="store_true", help="fit the constants again")
    options.add_argument("--points", type=int, help="only so many tilings, evenly spread")
    options.add_argument("--worst", type=int, default=0, help="print so many of the worst")
    chosen = options.parse_args()
    tilings = rows("systolic-gemm.csv")
    fitted = tilings[::11][:50]
    if chosen.fit:
        fit(fitted)
        return 0
    tilings = evenly(tilings, chosen.points)
    cycles = tilings_cycles(tilings)
    print("GEMM array in RTL (TileFlow). Fitted to 50 of the tilings: the memory's words per cycle, in and "
          "out, and latency,\nand the steps in which the array fills and drains. Nothing else is "
          "calibrated, and nothing on the fused pairs.\n")
    print("| GEMM in RTL | points | mean error | 95th percentile | Imbrex / RTL, geometric | worst |")
    print("|---|---|---|---|---|---|")
    mean, p95 = print_errors("all at hand", tilings, cycles)
    kept = [(row, ours) for row, ours in zip(tilings, cycles) if row not in fitted]
    print_errors("not fitted to", *map(list, zip(*kept)))
    print_worst(tilings, cycles, chosen.worst)
    pairs = evenly(rows("fused-gemm.csv"), chosen.points)
    fused = fused_cycles(pairs)
    print_errors("fused pairs, nothing fitted", pairs, fused)
    print_worst(pairs, fused, chosen.worst)
    return 0 if mean <= MEAN_BOUND and p95 <= P95_BOUND else 1


if __name__ == "__main__":
    sys.exit(main())
