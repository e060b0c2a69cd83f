"""Reads what imbrex wrote: result folders of `imbrex run`, experiments of `imbrex sweep`.

One file and the standard library; pandas is used where it is installed and asked for. It can be copied next to a
notebook.

    from imbrex import results
    experiment = results.read_experiment("results/extra-pes-sweep")
    for row in experiment.rows("latency_ps", "energy_pj"):
        print(row)
    frame = experiment.frame("latency_ps")      # a pandas.DataFrame
"""

import csv
import json
import pathlib

__all__ = ["Experiment", "Result", "read_experiment", "read_result", "read_results"]


class Result(dict):
    """What result.json holds. `folder`: where it lies, with CSV files beside it; None: in none."""

    def __init__(self, data, folder=None):
        super().__init__(data)
        self.folder = folder

    @classmethod
    def of_folder(cls, folder):
        """The result folder of one run."""
        folder = pathlib.Path(folder)
        with open(folder / "result.json", encoding="utf-8") as file:
            return cls(json.load(file), folder)

    def __repr__(self):
        return f"{type(self).__name__}({self['name']!r}, folder={str(self.folder)!r})"

    @property
    def name(self):
        return self["name"]

    @property
    def metrics(self):
        """Name -> number; the unit is the end of the name: latency_ps, energy_pj."""
        return self["metrics"]

    @property
    def baseline(self):
        """The metrics of the baseline, or {}."""
        return self.get("baseline", {}).get("metrics", {})

    @property
    def speedup(self):
        """Of the latency over that of the baseline, or None."""
        return self.get("speedup")

    @property
    def operators(self):
        """A dictionary per mapped operator."""
        return self["operators"]

    @property
    def partial(self):
        """Whether it was interrupted: the best until then."""
        return self.get("partial", False)

    def table(self, name):
        """The rows of NAME.csv ("timeline", "operators", ...) as dictionaries; numbers are numbers."""
        if self.folder is None:
            raise FileNotFoundError("the result is in no folder yet: write(folder) leaves one with tables")
        return _read_csv(self.folder / f"{name}.csv")


class Experiment:
    """What `imbrex sweep` left: a row per point and quantity."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        with open(self.folder / "experiment.json", encoding="utf-8") as file:
            self.data = json.load(file)

    def __repr__(self):
        return f"Experiment({str(self.folder)!r}, {len(self.points)} points)"

    @property
    def name(self):
        return self.data["experiment"]

    @property
    def points(self):
        """A dictionary per point: levels, state, message, quantities, plan_sha256."""
        return self.data["points"]

    @property
    def axes(self):
        """The names of what varies, outermost first."""
        return list(self.points[0]["levels"]) if self.points else []

    @property
    def quantities(self):
        """The names of all quantities that any point has."""
        names = {}
        for point in self.points:
            names.update(dict.fromkeys(point["quantities"]))
        return list(names)

    @property
    def fronts(self):
        """A dictionary per Pareto front: title, metrics, and its points by index into `points`."""
        return self.data.get("fronts", [])

    def rows(self, *quantities, only_done=True):
        """A dictionary per point: its levels (numbers where they are some), its state, its quantities.

        Without names, all quantities. A quantity that a point does not have is None."""
        names = quantities or self.quantities
        unknown = set(names) - set(self.quantities)
        if unknown:
            raise KeyError(f"no point has {', '.join(sorted(unknown))}; there is {', '.join(self.quantities)}")
        out = []
        for point in self.points:
            if only_done and point["state"] != "done":
                continue
            row = {axis: _number(label) for axis, label in point["levels"].items()}
            row["state"] = point["state"]
            row.update((name, point["quantities"].get(name)) for name in names)
            out.append(row)
        return out

    def frame(self, *quantities, only_done=True):
        """The rows as a pandas.DataFrame."""
        import pandas  # only whoever asks for a frame needs it

        return pandas.DataFrame(self.rows(*quantities, only_done=only_done))


def read_result(folder):
    """The result folder of one run."""
    return Result.of_folder(folder)


def read_results(folder):
    """All result folders below FOLDER, by path."""
    return [Result.of_folder(path.parent) for path in sorted(pathlib.Path(folder).rglob("result.json"))]


def read_experiment(folder):
    """The folder of one sweep."""
    return Experiment(folder)


def _number(text):
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


def _read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        return [{key: _number(value) for key, value in row.items()} for row in csv.DictReader(file)]
