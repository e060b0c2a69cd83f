"""All mappings of the layers of a tiny network, and what they cost, without any code of Imbrex.

Mappings are enumerated from a resolved recipe; words are counted by walking through every step of every instance with
sets of points. The rules are those of sdk/docs/loop-nest.md; what else a recipe may ask for is refused, not ignored.
"""

import fnmatch
import functools
import itertools
import math
import re

UNKNOWN = "is not known to this checker"
KNOWN = {"cost": {"use": "imbrex.cost.loop-nest", "memories": "layers", "counting": "exact", "link_transfers": False,
                  "imperfect": False, "partial_sum_bits": 0, "fill_drain_steps": 0, "buffering": "ideal", "refetch": []},
         "architecture": {"use": "imbrex.architecture.pe-array", "cycles_per_mac": 1, "level_per": [],
                          "level_latency_cycles": [], "level_write_energy_pj_per_word": []},
         "workload": {"use": "imbrex.workload.toml", "batch": 1}}


class Refused(Exception):
    """What the result states is not true, or cannot be checked."""


def require(holds, text):
    if not holds:
        raise Refused(text)


class Layer:
    """Loops and tensors of an operator. A coordinate of a tensor is (factors of dimensions, offset, extent): the
    points that exist lie in [0, extent). A place in the loops is one number, as in a number with a digit per loop."""

    def __init__(self, name, kind, bounds, tensors):
        self.name, self.kind, self.bounds, self.tensors = name, kind, bounds, tensors
        self.dims = list(bounds)
        self.radix = {d: math.prod(list(bounds.values())[i + 1:]) for i, d in enumerate(self.dims)}
        self.macs = math.prod(bounds.values())
        self.bits = {role: {} for role in tensors}   # of every point that is named
        self.exists = {role: 0 for role in tensors}  # the bits of those that are in memory, not in the padding
        self.tile = functools.cache(self._tile)
        self.room = functools.cache(self._room)

    def _tile(self, role, extents, origin):
        """The set of points, a bit each, that loops of these extents name from a place on."""
        tile = 0
        for steps in itertools.product(*map(range, extents)):
            at = {d: origin // self.radix[d] % self.bounds[d] + step for d, step in zip(self.dims, steps)}
            point = tuple(offset + sum(f * at[d] for d, f in factors.items())
                          for factors, offset, _ in self.tensors[role])
            bit = self.bits[role].setdefault(point, 1 << len(self.bits[role]))
            tile |= bit
            if all(0 <= x < extent for x, (_, _, extent) in zip(point, self.tensors[role])):
                self.exists[role] |= bit
        return tile

    def _room(self, role, extents):
        """Words that a tile takes: of every coordinate what it names, at most what exists of all that is named."""
        def named(factors, sizes):
            return {sum(f * x for f, x in zip(factors.values(), at))
                    for at in itertools.product(*(range(sizes[d]) for d in factors))}
        mine = dict(zip(self.dims, extents))
        return math.prod(min(len(named(factors, mine)),
                             sum(0 <= offset + x < extent for x in named(factors, self.bounds)))
                         for factors, offset, extent in self.tensors[role])

    def words(self, role, points):
        return (points & self.exists[role]).bit_count()


def layers_of(network):
    """Convolutions and products in a row; data is [batch, channels, rows, columns] or [rows, features]."""
    require(len(network["input"]) == 1, f"a network with several inputs {UNKNOWN}")
    shape, = (value["shape"] for value in network["input"].values())
    for number, line in enumerate(network["network"]["layers"]):
        if line["op"] == "flatten":
            shape = [shape[0], math.prod(shape[1:])]
        elif line["op"] == "dense" and set(line) <= {"op", "name", "units"} and len(shape) == 2:
            bounds = {"P": shape[0], "K": line["units"], "C": shape[1]}
            plain = {d: ({d: 1}, 0, bounds[d]) for d in bounds}
            yield Layer(line["name"], "dense", bounds, {"W": [plain["K"], plain["C"]], "I": [plain["P"], plain["C"]],
                                                        "O": [plain["P"], plain["K"]]})
            shape = [shape[0], line["units"]]
        elif line["op"] == "conv" and set(line) <= {"op", "name", "filters", "kernel", "stride", "pad"}:
            kernel, stride, pad = line["kernel"], line.get("stride", 1), line.get("pad", 0)
            rows, columns = ((x + 2 * pad - kernel) // stride + 1 for x in shape[2:])
            bounds = {"N": shape[0], "K": line["filters"], "C": shape[1], "P": rows, "Q": columns, "R": kernel,
                      "S": kernel}
            plain = {d: ({d: 1}, 0, bounds[d]) for d in bounds}
            yield Layer(line["name"], "conv", bounds, {
                "W": [plain[d] for d in "KCRS"],
                "I": [plain["N"], plain["C"], ({"P": stride, "R": 1}, -pad, shape[2]),
                      ({"Q": stride, "S": 1}, -pad, shape[3])],
                "O": [plain[d] for d in "NKPQ"]})
            shape = [shape[0], line["filters"], rows, columns]
        else:
            raise Refused(f"layer {number}, {line}, {UNKNOWN}")


class Machine:
    """Levels, outermost first, and the fan-out from each to the next; the last one's is that to its MACs."""

    def __init__(self, plan):
        for part, parameters in KNOWN.items():
            for key, value in parameters.items():
                require(plan[part][key] == value, f"{part}.{key} = {plan[part][key]!r} {UNKNOWN}")
        array, self.plan = plan["architecture"], plan
        require(plan["workload"]["bits"] == array["word_bits"], f"data of another width than a word {UNKNOWN}")
        self.names, self.count = array["level_names"], len(array["level_names"])
        pes = array["rows"] * array["columns"]
        # Where nothing else is said, a level has one instance, the last one an instance per element.
        instances = array["level_instances"] or [1] * (self.count - 1) + [pes]
        inside = instances[1:] + [pes * array["macs_per_pe"]]
        self.fanouts = [b // a for a, b in zip(instances, inside)]
        self.keep = plan["cost"]["keep"] or ["WIO"] * self.count
        self.rates = list(zip(array["level_read_words_per_cycle"], array["level_write_words_per_cycle"]))
        self.room, self.energies = array["level_words"], array["level_energy_pj_per_word"]
        # A slot is a place for loops; levels without fan-out have no spatial one.
        self.slots = [(level, kind) for level in range(self.count) for kind in ("temporal", "spatial")
                      if kind == "temporal" or self.fanouts[level] > 1]

    def rules(self, layer):
        """Of every slot: dimensions that may loop there, and (dimension, comparison, number)."""
        masks, limits = {slot: set(layer.dims) for slot in self.slots}, []
        for text in self.plan["cost"]["constraints"]:
            match = re.fullmatch(r"(.+): (\S+) (temporal|spatial) (dims = (?P<dims>.+)|"
                                 r"((?P<dim>[NGKCPQRS]) )?(?P<how>=|<=|>=) (?P<number>\d+))", text)
            require(match, f"the constraint '{text}' {UNKNOWN}")
            if any(fnmatch.fnmatch(layer.name, pattern.strip()) for pattern in match[1].split(",")):
                slot = self.names.index(match[2]), match[3]
                if match["dims"]:
                    masks[slot] &= set(match["dims"].split())
                else:
                    limits.append((slot, match["dim"], match["how"], int(match["number"])))
        return masks, limits

    def factorisations(self, layer):
        """All ways to share every dimension among the slots that may loop over it, within fan-outs and limits."""
        masks, limits = self.rules(layer)
        chains = [[chain for chain in divisor_chains(layer.bounds[d], len(self.slots))
                   if all(f == 1 or d in masks[slot] for f, slot in zip(chain, self.slots))
                   and all(compare(chain[self.slots.index(slot)], how, number)
                           for slot, dim, how, number in limits if dim == d)] for d in layer.dims]
        for chosen in itertools.product(*chains):
            loops = {slot: tuple((d, f) for d, f in zip(layer.dims, factors) if f > 1)
                     for slot, factors in zip(self.slots, zip(*chosen))}
            width = {slot: math.prod(f for _, f in mine) for slot, mine in loops.items()}
            if all(kind == "temporal" or width[level, kind] <= self.fanouts[level] for level, kind in self.slots) and \
                    all(dim or compare(width[slot], how, number) for slot, dim, how, number in limits):
                yield loops

    def nests(self, loops):
        """The temporal loops of a level in all orders, but for the innermost level, inside which nothing is kept;
        the order of spatial loops only numbers the instances. A nest is ((level, kind, dimension, bound), ...)."""
        orders = [itertools.permutations(loops[slot]) if slot[1] == "temporal" and slot[0] + 1 < self.count
                  else [loops[slot]] for slot in self.slots]
        for chosen in itertools.product(*orders):
            yield tuple((*slot, d, f) for slot, mine in zip(self.slots, chosen) for d, f in mine)


def divisor_chains(number, length):
    if length == 1:
        return [(number,)]
    return [(f, *rest) for f in range(1, number + 1) if number % f == 0
            for rest in divisor_chains(number // f, length - 1)]


def compare(number, how, limit):
    return {"=": number == limit, "<=": number <= limit, ">=": number >= limit}[how]


class Counter:
    """What a mapping of a layer takes."""

    def __init__(self, layer, machine):
        self.layer, self.machine = layer, machine
        self.handed, self.turnover = functools.cache(self._handed), functools.cache(self._turnover)

    def inside(self, loops):
        """The extents that loops outside a level leave for it."""
        outside = {d: math.prod(f for _, _, dim, f in loops if dim == d) for d in self.layer.dims}
        return tuple(self.layer.bounds[d] // outside[d] for d in self.layer.dims)

    def places(self, loops, kind, first=0):
        """All places that the loops of a kind from a level on go to, one after another."""
        places, left = [0], dict(self.layer.bounds)
        for level, mine, dim, bound in loops:
            left[dim] //= bound
            if mine == kind and level >= first:
                stride = left[dim] * self.layer.radix[dim]
                places = [place + i * stride for place in places for i in range(bound)]
        return places

    def history(self, role, loops, instance):
        """The tiles of an instance, one per step of the temporal loops outside it."""
        extents = self.inside(loops)
        return [self.layer.tile(role, extents, instance + step) for step in self.places(loops, "temporal")]

    def _handed(self, role, level, loops, to_macs):
        """Words between each instance of a level and the next ones inside that keep the tensor (`loops`: all outside
        these): what their tiles lacked the step before, once for all that lack the same. MACs keep nothing."""
        words = []
        for parent in self.places([loop for loop in loops if loop[0] < level], "spatial"):
            tiles = [self.history(role, loops, parent + place) for place in self.places(loops, "spatial", level)]
            before = [[0] * len(one) if to_macs else [0, *one] for one in tiles]
            fresh = [[a & ~b for a, b in zip(one, last)] for one, last in zip(tiles, before)]
            words.append(sum(self.layer.words(role, points) for step in zip(*fresh) for points in set(step)))
        return words

    def _turnover(self, role, loops):
        """Words that enter each instance of a level, and the different ones among them."""
        found = []
        for instance in self.places(loops, "spatial"):
            tiles = self.history(role, loops, instance)
            entered = sum(self.layer.words(role, a & ~b) for a, b in zip(tiles, [0, *tiles]))
            found.append((entered, self.layer.words(role, functools.reduce(int.__or__, tiles))))
        return found

    def ports(self, role, level, nest):
        """(words read, words written) of each instance of a level."""
        child = next((l for l in range(level + 1, self.machine.count) if role in self.machine.keep[l]),
                     self.machine.count)
        inner = tuple(loop for loop in nest if loop[0] < child)
        to_macs = child == self.machine.count
        if to_macs:  # what keeps nothing takes the same in whatever order its steps come
            inner = tuple(sorted(inner, key=lambda loop: (loop[0], loop[1] == "spatial", loop[2])))
        handed = self.handed(role, level, inner, to_macs)
        for out, (entered, ever) in zip(handed, self.turnover(role, tuple(x for x in nest if x[0] < level))):
            entered = entered if level > 0 else 0  # all is in the memory already
            # Partial sums come in from inside and are read to be continued, but for the first of every point; what
            # a level drains outwards it reads, and what comes back to be continued it writes.
            yield (out, entered) if role != "O" else (out - ever + entered, out + (entered - ever if level > 0 else 0))

    def fits(self, loops):
        nest = [(*slot, d, f) for slot, mine in loops.items() for d, f in mine]
        tiles = [self.inside([loop for loop in nest if loop[0] < level]) for level in range(self.machine.count)]
        return all(room == 0 or sum(self.layer.room(role, tile) for role in keep) <= room
                   for tile, keep, room in zip(tiles, self.machine.keep, self.machine.room))

    def cost(self, nest):
        """(latency in ps, energy in pJ): cycles are the steps, or what the busiest port needs; the time is that of
        the jobs, which are the iterations of the outermost level and are as long as each other, in whole ps."""
        array = self.machine.plan["architecture"]
        cycles = math.prod(f for _, kind, _, f in nest if kind == "temporal")
        energy = self.layer.macs * array["mac_energy_pj"]
        for level in range(self.machine.count):
            ports = [list(self.ports(role, level, nest)) for role in self.machine.keep[level]]
            for side, rate in enumerate(self.machine.rates[level]):
                most = sum(max(one[side] for one in of_role) for of_role in ports)
                cycles = max(cycles, most / rate) if rate > 0 else cycles
                energy += self.machine.energies[level] * sum(one[side] for of_role in ports for one in of_role)
        jobs = math.prod(f for level, kind, _, f in nest if level == 0 and kind == "temporal")
        return jobs * -(-math.floor(cycles * array["cycle_ns"] * 1000 + 0.5) // jobs), energy


def all_costs(plan, network):
    """Of every layer by its name: {nest: (latency, energy)} of the mappings that fit, and how many there are in all."""
    machine, found = Machine(plan), {}
    for layer in layers_of(network):
        counter, costs, count = Counter(layer, machine), {}, 0
        for loops in machine.factorisations(layer):
            nests = list(machine.nests(loops))
            count += len(nests)
            if counter.fits(loops):
                costs.update((nest, counter.cost(nest)) for nest in nests)
        found[layer.name] = costs, count
    return found
