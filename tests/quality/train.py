#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Train the model of src/filter: labelled files in, weights.c out.

    ls-files of DIR | candidates > candidates.tsv
    train.py --labels DIR --candidates candidates.tsv --out src/filter/weights.c

DIR is what creddata.py wrote; `candidates` is built by tests/quality, and is
run in DIR/files. Figures are of repositories that the model was not trained
on: ten folds over repositories, the calibration fitted on the other folds'
predictions. Needs lightgbm and scikit-learn.
"""
import argparse
import collections
import datetime
import itertools

import lightgbm
import numpy as np

import labels

DEPTH = 5
UNIT = 1024
KNOTS = 33
REACH = 8
ROUNDS = 120
FOLDS = 10
SEEDS = (0, 1)
CLEAN_WEIGHT = 0.2
OPEN_KINDS = (2, 3)  # password, generic
HARD_REJECTS = (1, 2, 3, 5)  # length, entropy, checksum, template
HARD_FEATURES = ("IS_TEMPLATE", "IS_MASKED", "IS_VARIABLE", "IS_REPEATED")
PARAMETERS = {
    "objective": "binary", "num_leaves": 31, "max_depth": DEPTH,
    "learning_rate": 0.08, "min_data_in_leaf": 10, "feature_fraction": 0.4,
    "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5,
    "num_threads": 1, "deterministic": True, "verbose": -1, "seed": 1}


class Candidate:
    """A line of candidates.tsv and what the labels say of it."""

    def __init__(self, cells):
        self.repository, self.path = cells[0].split("/", 1)
        self.first, self.last = int(cells[1]), int(cells[2])
        self.column = int(cells[3])
        self.rule, self.kind = cells[4], int(cells[5])
        self.secret = bytes.fromhex(cells[6]).decode("utf-8", "replace")
        self.reject = int(cells[7])
        self.confidence = float(cells[8])
        self.features = np.array(cells[9:], dtype=np.int16)
        self.units = []
        self.is_true = False
        self.weight = 1.0

    @property
    def is_open(self):
        return self.kind in OPEN_KINDS

    def label(self, units):
        """Sure if the value is what was labelled, less so if its line is."""
        self.units = [unit for unit in units if unit.first <= self.last
                      and self.first <= unit.last]
        rows = [row for unit in self.units for row in unit.rows]
        same = [row for row in rows if not row["value"]
                or row["value"] in self.secret
                or self.secret in row["value"]
                or row["value"].strip()[:12] in self.secret]
        if any(row["label"] == "T" for row in same):
            self.is_true = True
        elif not same and any(row["label"] == "T" for row in rows):
            self.is_true = True
            self.weight = 0.15


def is_dropped(one, names):
    """Does the filter drop it without asking the model?"""
    if not one.is_open:
        return one.reject != 0
    return one.reject in HARD_REJECTS or any(
        one.features[names.index(name)] for name in HARD_FEATURES)


def read_candidates(path, units, ignored):
    out = []
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        names = file.readline().rstrip("\n").split("\t")[9:]
        for line in file:
            cells = line.rstrip("\n").split("\t")
            if len(cells) != len(names) + 9:
                continue
            one = Candidate(cells)
            key = (one.repository, one.path)
            one.label(units.get(key, ()))
            if not one.units and any(
                    place[2] <= one.last and one.first <= place[3]
                    for place in ignored.get(key, ())):
                continue
            if not is_dropped(one, names):
                out.append(one)
    return names, drop_covered(out)


def drop_covered(candidates):
    """Without those that a token or a block overlaps on its line."""
    covered = collections.defaultdict(list)
    for one in candidates:
        if not one.is_open:
            covered[one.repository, one.path].append(one)

    def is_covered(one):
        return one.is_open and any(
            other.first <= one.first <= other.last
            and (other.first < other.last
                 or other.column < one.column + len(one.secret)
                 and one.column < other.column + len(other.secret))
            for other in covered[one.repository, one.path])

    return [one for one in candidates if not is_covered(one)]


def weigh(candidates):
    """Large repositories count less than their share: they repeat much."""
    sizes = collections.Counter(one.repository for one in candidates)
    weights = np.array([one.weight / sizes[one.repository] ** 0.35
                        for one in candidates])
    return weights / weights.mean()


def fit(x, y, weights, clean):
    """${clean}: features of candidates that are no secrets, of no weight of
    their own."""
    data = lightgbm.Dataset(
        np.vstack([x, clean]), np.concatenate([y, np.zeros(len(clean))]),
        weight=np.concatenate([weights,
                               np.full(len(clean), CLEAN_WEIGHT)]))
    return lightgbm.train(PARAMETERS, data, ROUNDS)


def folds_of(candidates, seed):
    """Repositories in FOLDS parts of about as many candidates each."""
    sizes = collections.Counter(one.repository for one in candidates)
    names = sorted(sizes)
    np.random.RandomState(seed).shuffle(names)
    folds = [[0, set()] for _ in range(FOLDS)]
    for name in sorted(names, key=lambda name: -sizes[name]):
        fold = min(folds, key=lambda fold: fold[0])
        fold[0] += sizes[name]
        fold[1].add(name)
    return [names for _, names in folds]


def predict_unseen(candidates, x, y, weights, clean, seed):
    """Log odds of each candidate by a model that saw none of its
    repository."""
    odds = np.zeros(len(candidates))
    fold_of = np.zeros(len(candidates), dtype=int)
    for i, fold in enumerate(folds_of(candidates, seed)):
        test = np.array([one.repository in fold for one in candidates])
        model = fit(x[~test], y[~test], weights[~test], clean)
        odds[test] = model.predict(x[test], raw_score=True)
        fold_of[test] = i
    return odds, fold_of


def units_best(candidates, values):
    """The best value of each unit, and of each line without one, and if it
    is true."""
    best = {}
    for one, value in zip(candidates, values):
        keys = one.units or [(one.repository, one.path, one.first)]
        for key in keys:
            if value > best.get(key, (-99,))[0]:
                best[key] = (value, one)
    return best


def is_true(key):
    return isinstance(key, labels.Unit) and key.is_true


def calibrate(candidates, odds, which):
    """Knots of log odds -> probability, monotone, from units."""
    picked = [(value, is_true(key)) for key, (value, one) in units_best(
        [candidates[i] for i in which], odds[which]).items()]
    from sklearn.isotonic import IsotonicRegression
    from sklearn.linear_model import LogisticRegression
    values = np.array([value for value, _ in picked])
    truth = np.array([true for _, true in picked], dtype=float)
    line = LogisticRegression(C=1e6).fit(values[:, None], truth)
    steps = IsotonicRegression(out_of_bounds="clip").fit(values, truth)
    knots = np.linspace(-REACH, REACH, KNOTS)
    smooth = np.array([steps.predict(at + np.linspace(-.7, .7, 29)).mean()
                       for at in knots])
    platt = line.predict_proba(knots[:, None])[:, 1]
    return np.clip(np.maximum.accumulate((smooth + platt) / 2), .001, .995)


def probability(knots, odds):
    return np.interp(odds, np.linspace(-REACH, REACH, KNOTS), knots)


def figures(candidates, confidence, units):
    """Rows of (threshold, precision, recall, F1, strong) and calibration."""
    best = units_best(candidates, confidence)
    values = np.array([value for value, _ in best.values()])
    truth = np.array([is_true(key) for key in best])
    strong = np.array([is_true(key) and key.is_strong for key in best])
    total = sum(unit.is_true for unit in units)
    total_strong = sum(unit.is_true and unit.is_strong for unit in units)
    rows = []
    for threshold in np.arange(0.1, 0.97, 0.01):
        shown = values >= threshold
        precision = truth[shown].mean() if shown.any() else 1
        recall = truth[shown].sum() / total
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        rows.append((threshold, precision, recall, f1,
                     strong[shown].sum() / total_strong))
    shown = values >= 0.1
    error = 0
    for bin_ in range(1, 10):
        within = (values >= bin_ / 10) & (values < (bin_ + 1) / 10
                                          + (bin_ == 9))
        error += abs(values[within].sum() - truth[within].sum())
    return rows, error / shown.sum()


def validate(candidates, x, y, weights, clean, units):
    """Figures on unseen repositories, and the calibration for all."""
    opened = [i for i, one in enumerate(candidates) if one.is_open]
    subset = [candidates[i] for i in opened]
    all_odds = []
    all_confidence = []
    for seed in SEEDS:
        odds, fold_of = predict_unseen(subset, x[opened], y[opened],
                                       weights[opened], clean, seed)
        confidence = np.array([one.confidence for one in candidates])
        for fold in range(FOLDS):
            knots = calibrate(subset, odds, np.where(fold_of != fold)[0])
            for i in np.where(fold_of == fold)[0]:
                confidence[opened[i]] = probability(knots, odds[i])
        all_odds.append(odds)
        all_confidence.append(confidence)
        show(candidates, confidence, units)
    knots = np.mean([calibrate(subset, odds, np.arange(len(subset)))
                     for odds in all_odds], axis=0)
    return knots, all_confidence[0]


def show(candidates, confidence, units):
    rows, error = figures(candidates, confidence, units)
    best = max(rows, key=lambda row: row[3])
    text = "threshold %.2f P %.3f R %.3f F1 %.3f strong %.3f"
    print("best:", text % best, " calibration error %.3f" % error)
    for bound in (0.9, 0.93, 0.95, 0.98):
        fitting = [row for row in rows if row[1] >= bound]
        if fitting:
            print(f"P >= {bound}:", text % max(fitting, key=lambda r: r[2]))
    return best, error


def complete(tree):
    """A LightGBM tree as one whose branches are all DEPTH long."""
    nodes = [(0, 32767)] * ((1 << DEPTH) - 1)
    leaves = [0.0] * (1 << DEPTH)

    def put(node, at, depth):
        if "leaf_value" in node:
            width = 1 << (DEPTH - depth)
            start = at * width
            leaves[start:start + width] = [node["leaf_value"]] * width
            return
        assert node["decision_type"] == "<=", node
        limit = int(np.floor(node["threshold"]))
        nodes[(1 << depth) - 1 + at] = (
            node["split_feature"], max(-32768, min(32767, limit)))
        put(node["left_child"], 2 * at, depth + 1)
        put(node["right_child"], 2 * at + 1, depth + 1)

    put(tree["tree_structure"], 0, 0)
    return nodes, leaves


def lines_of(numbers, indent):
    """Numbers, comma-separated, in lines of at most 80 columns."""
    out, line = [], indent
    for number in numbers:
        item = f"{number},"
        if len(line.expandtabs(8)) + len(item) + 1 > 80:
            out.append(line.rstrip())
            line = indent
        line += item + " "
    return "\n".join(out + [line.rstrip()])


def write(path, model, knots, comment):
    trees = [complete(tree) for tree in model.dump_model()["tree_info"]]
    with open(path, "w", encoding="utf-8") as file:
        file.write("/* SPDX-License-Identifier: Apache-2.0 */\n"
                   "/*\n * The model's weights. Written by "
                   "tests/quality/train.py: do not edit.\n *\n")
        for line in comment:
            file.write(f" * {line}\n")
        file.write(" */\n#include \"filter/model.h\"\n\n"
                   "/* clang-format off */\n"
                   f"const int32_t ks_model_start = 0;\n"
                   f"const size_t ks_model_tree_count = {len(trees)};\n\n"
                   "const float ks_model_knots[KS_MODEL_KNOTS] = {\n")
        file.write(lines_of((f"{knot:.4f}f" for knot in knots), "\t"))
        file.write("\n};\n\nconst struct ks_model_tree "
                   "ks_model_trees[] = {\n")
        for nodes, leaves in trees:
            file.write("\t{\n\t\t.features = {\n")
            file.write(lines_of((node[0] for node in nodes), "\t\t\t"))
            file.write("\n\t\t},\n\t\t.limits = {\n")
            file.write(lines_of((node[1] for node in nodes), "\t\t\t"))
            file.write("\n\t\t},\n\t\t.leaves = {\n")
            file.write(lines_of((round(leaf * UNIT) for leaf in leaves),
                                "\t\t\t"))
            file.write("\n\t\t},\n\t},\n")
        file.write("};\n")


def read_clean(paths, names):
    """Features of candidates of repositories without secrets."""
    out = []
    for path in paths:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            file.readline()
            for line in file:
                cells = line.rstrip("\n").split("\t")
                if len(cells) == len(names) + 9 and int(
                        cells[5]) in OPEN_KINDS and int(
                        cells[7]) not in HARD_REJECTS:
                    out.append([int(cell) for cell in cells[9:]])
    return np.array(out, dtype=np.int16).reshape(-1, len(names))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--labels", required=True)
    parser.add_argument("--candidates", required=True)
    parser.add_argument("--clean", nargs="*", default=[],
                        help="candidates of repositories without secrets")
    parser.add_argument("--clean-names", default="",
                        help="what these are, for the comment")
    parser.add_argument("--out")
    options = parser.parse_args()
    by_file, ignored = labels.read(options.labels)
    units = list(itertools.chain.from_iterable(by_file.values()))
    names, candidates = read_candidates(options.candidates, by_file, ignored)
    x = np.array([one.features for one in candidates])
    y = np.array([one.is_true for one in candidates], dtype=int)
    weights = weigh(candidates)
    print(len(candidates), "candidates,", y.sum(), "true;",
          len(units), "units,", sum(unit.is_true for unit in units), "true")
    clean = read_clean(options.clean, names)
    knots, confidence = validate(candidates, x, y, weights, clean, units)
    best, error = show(candidates, confidence, units)
    opened = np.array([one.is_open for one in candidates])
    model = fit(x[opened], y[opened], weights[opened], clean)
    gains = sorted(zip(model.feature_importance("gain"), names))[::-1]
    print([name for gain, name in gains if gain == 0])
    if options.out:
        write(options.out, model, knots, [
            f"Trained {datetime.date.today()} on {opened.sum()} candidates, "
            f"{y[opened].sum()} of them true, of",
            f"{len({one.repository for one in candidates})} repositories "
            "of CredData (github.com/Samsung/CredData),",
            f"and on {len(clean)} of {options.clean_names}, none true.",
            f"On repositories not trained on, ten folds: F1 {best[3]:.3f}, "
            f"precision {best[1]:.3f},",
            f"recall {best[2]:.3f} at confidence {best[0]:.2f}; expected "
            f"calibration error {error:.3f}."])


if __name__ == "__main__":
    main()
