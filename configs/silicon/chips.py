#!/usr/bin/env python3
"""Holds Imbrex against measurements of two chips: Eyeriss (JSSC 2017) and the CIM chip of Jia et al. (ISSCC 2021).

    IMBREX=build/release/bin/imbrex configs/silicon/chips.py [--quick]

Runs the recipes of this folder and prints them beside the measurements of ../shared/oracles/silicon beside
the repository, with what was calibrated and the errors. `--quick`: few samples, one seed, no free search.
Standard library only. Exit status: 0, 1 where a bound is missed, 2 where command or measurements are missing.
"""
import argparse, csv, json, os, pathlib, shutil, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent.parent.parent / "shared" / "oracles" / "silicon"
BUFFER = "shared_glb"
SEEDS = 4
ALEXNET_LAYER, VGG_TOTAL, TRAFFIC = (0.80, 1.05), (0.95, 1.05), (0.75, 1.25)
JIA_CYCLES = 66302  # Jia et al., ISSCC 2021, as set up by the authors of Stream
missed = []


def fail(message):
    print(f"chips.py: {message}", file=sys.stderr)
    sys.exit(2)


def command():
    found = shutil.which(os.environ.get("IMBREX", "imbrex"))
    if not found:
        fail("no imbrex command; set IMBREX")
    return str(pathlib.Path(found).resolve())


def measured(name, **wanted):
    path = DATA / name
    if not path.exists():
        fail(f"measurements not at hand: {path} is missing")
    with open(path, newline="") as file:
        return [row for row in csv.DictReader(file)
                if all(row[key] == value for key, value in wanted.items())]


def run(recipe, *settings, seeds=1):
    """The results of one run per seed."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        arguments = [command(), "run", str(HERE / f"{recipe}.toml"), "--quiet", "--out", str(out)]
        arguments += ["--seeds", str(seeds)] if seeds > 1 else []
        for setting in settings:
            arguments += ["--set", setting]
        done = subprocess.run(arguments, capture_output=True, text=True)
        if done.returncode != 0:
            fail(f"{recipe}: exit status {done.returncode}\n{done.stderr}")
        folders = sorted(out.glob("seed-*")) or [out]
        return [json.loads((one / "result.json").read_text()) for one in folders]


def layers(result):
    """Per layer with multiply-accumulates: milliseconds and megabytes at the buffer and at the memory."""
    found = []
    times = {name: (one["end_ps"] - one["start_ps"]) / 1e9
             for one in result["segments"] for name in one["operators"]}
    for one in result["operators"]:
        if "accesses" not in one:
            continue

        def megabytes(level, tensor, *directions):
            return sum(access[way] * access["word_bits"] / 8e6 for access in one["accesses"]
                       for way in directions
                       if (access["level"], access["tensor"]) == (level, tensor))

        both = "read_words", "written_words"
        # What fills the buffer with inputs is no part of what the chip's authors count.
        found.append({
            "ms": times[one["name"]],
            "buffer": megabytes(BUFFER, "inputs", "read_words") + megabytes(BUFFER, "outputs", *both),
            "memory": sum(megabytes("DRAM", tensor, *both)
                          for tensor in ("weights", "inputs", "outputs")),
        })
    return found


def check(what, ratio, bounds):
    if not bounds[0] <= ratio <= bounds[1]:
        missed.append(f"{what}: {ratio:.3f} is not in {bounds[0]} .. {bounds[1]}")


def table(head, lines):
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for line in lines:
        print("| " + " | ".join(line) + " |")
    print()


def span(ratios):
    """One ratio, or the least and the largest of several seeds."""
    low, high = min(ratios), max(ratios)
    return f"{low:.3f}" if f"{low:.3f}" == f"{high:.3f}" else f"{low:.3f} .. {high:.3f}"


def times(rows, columns):
    """Lines of milliseconds and ratios; `columns`: per column the layers of every seed."""
    lines = []
    for i, row in enumerate(rows[:-1]):
        chip = float(row["processing_ms"])
        cells = [f"{runs[0][i]['ms']:.2f} ({span([one[i]['ms'] / chip for one in runs])})"
                 for runs in columns]
        lines.append([row["layer"], f"{chip:.1f}", *cells])
    chip = float(rows[-1]["processing_ms"])
    totals = [[sum(layer["ms"] for layer in one) for one in runs] for runs in columns]
    lines.append(["total", f"{chip:.1f}",
                  *(f"{one[0]:.1f} ({span([ms / chip for ms in one])})" for one in totals)])
    return lines


def traffic(rows, runs):
    """Lines of megabytes: at the buffer, with the ratio, and at the memory, where the chip compresses."""
    lines = []
    for i, row in enumerate(rows[:-1]):
        chip = float(row["buffer_mb"])
        ratios = [one[i]["buffer"] / chip for one in runs]
        lines.append([row["layer"], f"{chip:.1f}", f"{runs[0][i]['buffer']:.1f} ({span(ratios)})",
                      row["dram_mb"], f"{runs[0][i]['memory']:.1f}"])
    return lines


TRAFFIC_HEAD = ["layer", "chip: buffer, MB", "Imbrex (ratio)", "chip: DRAM, compressed, MB", "Imbrex: DRAM, MB"]


def alexnet(quick):
    rows = measured("eyeriss.csv", network="alexnet")
    published = layers(run("eyeriss-alexnet")[0])
    third = layers(run("eyeriss-alexnet-conv3")[0])[2]
    as_measured = published[:2] + [third] + published[3:]
    columns = [[published], [as_measured]]
    head = ["layer", "chip, ms", "published mapping, ms (ratio)", "conv3 by its traffic"]
    if not quick:
        columns.append([layers(run("eyeriss-alexnet-free")[0])])
        head.append("free search")
    print("Eyeriss, AlexNet, batch 4. Calibrated: the buffer's port, 4 + 4 words per cycle; conv3 of the "
          "second column.\n")
    table(head, times(rows, columns))
    table(TRAFFIC_HEAD, traffic(rows, [as_measured])
          + [["conv3 as published", *traffic(rows, [published])[2][1:]]])
    for row, by_table, by_traffic in zip(rows, published, as_measured):
        check(f"alexnet {row['layer']}", by_table["ms"] / float(row["processing_ms"]), ALEXNET_LAYER)
        check(f"alexnet {row['layer']}, buffer", by_traffic["buffer"] / float(row["buffer_mb"]), TRAFFIC)
    total = sum(layer["ms"] for layer in published) / float(rows[-1]["processing_ms"])
    check("alexnet total", total, ALEXNET_LAYER)


def vgg16(quick):
    rows = measured("eyeriss.csv", network="vgg16")
    few = ["stage.2.samples=5000"] if quick else []
    runs = [layers(result)
            for result in run("eyeriss-vgg16", *few, seeds=1 if quick else SEEDS)]
    columns, head = [runs], ["layer", "chip, ms", "calibrated, ms (ratio)"]
    if not quick:
        columns.append([layers(run("eyeriss-vgg16-free")[0])])
        head.append("free search")
    print("Eyeriss, VGG-16, batch 3. Calibrated: the channels between two visits to the buffer, per layer. "
          "Ratios over the seeds.\n")
    table(head, times(rows, columns))
    table(TRAFFIC_HEAD, traffic(rows, runs))
    for one in runs:
        check("vgg16 total", sum(layer["ms"] for layer in one) / float(rows[-1]["processing_ms"]),
              VGG_TOTAL)
        for row, layer in zip(rows, one):
            check(f"vgg16 {row['layer']}, buffer", layer["buffer"] / float(row["buffer_mb"]), TRAFFIC)


def jia():
    rows = measured("jia2021.csv")
    result = run("jia2021")[0]
    units = [one["units"] for one in result["operators"] if one.get("units")]
    cycles = result["metrics"]["latency_ps"] / 1000
    print("Jia et al., five layers of ResNet-50. Calibrated: 20.4 cycles per matrix-vector product.\n")
    lines = [[row["layer"], row["units"], str(one)] for row, one in zip(rows, units)]
    lines.append(["cycles", str(JIA_CYCLES), f"{cycles:.0f} ({cycles / JIA_CYCLES:.3f})"])
    table(["layer", "chip: units", "Imbrex"], lines)
    if units != [int(row["units"]) for row in rows]:
        missed.append(f"jia2021: units {units}")
    check("jia2021 cycles", cycles / JIA_CYCLES, (0.99, 1.01))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few samples, one seed, no free search")
    quick = parser.parse_args().quick
    alexnet(quick)
    vgg16(quick)
    jia()
    for text in missed:
        print(f"chips.py: bound missed: {text}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
