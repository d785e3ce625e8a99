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
from scipy.sparse import csr_matrix
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

import labels

DEPTH = 6
UNIT = 1024
KNOTS = 33
REACH = 8
ROUNDS = 100
FOLDS = 10
SEEDS = (0, 1)
CLEAN_WEIGHT = 0.2
GRAMS = 8192  # as src/filter/grams.h
GRAM_TEXT = 64
GRAM_MOST = 1000
GRAM_UNIT = 25  # of weights: one in log odds
GRAM_FOLDS = 5
OPEN_KINDS = (2, 3)  # password, generic
HEAD = 11  # columns before the features
SHOWN_AT = (0.45, 0.8)  # what audits and hooks ask for
LEAST = 0.1  # confidence of what is told
# Names that say that it is no secret, and what it then gets at most.
OPEN_NAMES = ("NAME_PUBLIC", "NAME_ENCRYPTED", "NAME_HASH", "NAME_HAS_TEXT")
OPEN_MOST = 0.3
PARAMETERS = {
    "objective": "binary", "num_leaves": 48, "max_depth": DEPTH,
    "learning_rate": 0.08, "min_data_in_leaf": 10, "feature_fraction": 0.4,
    "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5,
    "num_threads": 1, "max_bin": 127, "deterministic": True, "verbose": -1, "seed": 1}


class Candidate:
    """A line of candidates.tsv and what the labels say of it."""

    def __init__(self, cells):
        self.repository, self.path = cells[0].split("/", 1)
        self.first, self.last, self.start, self.end = map(int, cells[1:5])
        self.rule, self.kind = cells[5], int(cells[6])
        self.value = cells[7]
        self.secret = bytes.fromhex(cells[7]).decode("utf-8", "replace")
        self.confidence = float(cells[10])
        self.features = np.array(cells[HEAD:], dtype=np.int16)
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


def rows_of(path):
    """Cells of the candidates that the filter does not drop by itself."""
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        names = file.readline().rstrip("\n").split("\t")
        rows = [line.rstrip("\n").split("\t") for line in file]
    return names[HEAD:], [row for row in rows
                          if len(row) == len(names) and row[9] == "0"]


def read_candidates(path, units, ignored):
    out = []
    names, rows = rows_of(path)
    for cells in rows:
        one = Candidate(cells)
        key = (one.repository, one.path)
        one.label(units.get(key, ()))
        if one.units or not any(
                place[2] <= one.last and one.first <= place[3]
                for place in ignored.get(key, ())):
            out.append(one)
    return names, out


def overlap(one, other):
    return one.start < other.end and other.start < one.end


def kept(candidates, confidence):
    """Those that are told: of two that overlap one is, as in
    src/scan/overlaps.c."""
    files = collections.defaultdict(list)
    for i, one in enumerate(candidates):
        if confidence[i] >= LEAST:
            files[one.repository, one.path].append(i)
    out = []
    for file in files.values():
        told = []
        for i in sorted(file, key=lambda i: (
                candidates[i].kind, candidates[i].start - candidates[i].end,
                -confidence[i])):
            if not any(overlap(candidates[i], candidates[j]) for j in told):
                told.append(i)
        out += told
    return out


def weigh(candidates):
    """What is repeated counts less than its share: a repository's
    candidates, and within it a value's."""
    sizes = collections.Counter(one.repository for one in candidates)
    values = collections.Counter(
        (one.repository, one.value) for one in candidates)
    weights = np.array([
        one.weight / sizes[one.repository] ** 0.35
        / values[one.repository, one.value] ** 0.5 for one in candidates])
    return weights / weights.mean()


def grams(values):
    """A row for each value: how often it has the pieces of each hash, by the
    root of how many there are. As src/filter/grams.c."""
    fold = np.arange(256, dtype=np.uint32)
    fold[ord("A"):ord("Z") + 1] += 32
    fold[ord("0"):ord("9") + 1] = ord("0")
    slots, shares, ends = [], [], [0]
    for value in values:
        text = fold[list(b"\1" + bytes.fromhex(value)[:GRAM_TEXT] + b"\2")]
        hashes = text
        found = []
        for n in range(1, min(4, len(text))):
            hashes = hashes[:-1] * np.uint32(0x9e3779b1) + text[n:]
            mixed = (hashes ^ hashes >> 15) * np.uint32(0x85ebca6b)
            found.append((mixed >> 16) % GRAMS)
        slots.append(np.concatenate(found))
        shares.append(np.full(len(slots[-1]), len(slots[-1]) ** -0.5))
        ends.append(ends[-1] + len(slots[-1]))
    return csr_matrix((np.concatenate(shares), np.concatenate(slots), ends),
                      shape=(len(values), GRAMS))


def fit_grams(pieces, y, weights):
    """What each hash adds: whole numbers, one byte each."""
    line = LogisticRegression(C=1, solver="liblinear", tol=1e-2,
                              random_state=1, max_iter=50)
    line.fit(pieces, y, sample_weight=weights)
    each = np.clip(np.rint(line.coef_[0] * GRAM_UNIT), -127, 127)
    return each.astype(int)


def score_grams(pieces, each):
    return np.trunc(np.clip(pieces @ each, -GRAM_MOST, GRAM_MOST))


def unseen_grams(pieces, y, weights, repositories):
    """Scores by weights that saw nothing of the same repository."""
    names = sorted(set(repositories))
    np.random.RandomState(1).shuffle(names)
    part = np.array([names.index(one) % GRAM_FOLDS for one in repositories])
    out = np.zeros(len(y))
    for i in range(GRAM_FOLDS):
        rest = part != i
        each = fit_grams(pieces[rest], y[rest], weights[rest])
        out[~rest] = score_grams(pieces[~rest], each)
    return out


class Data:
    """What is trained on: candidates about which the model is asked."""

    def __init__(self, names, candidates, clean):
        self.candidates = candidates
        self.column = names.index("VALUE_GRAMS")
        self.x = np.array([one.features for one in candidates], dtype=float)
        self.y = np.array([one.is_true for one in candidates], dtype=int)
        self.weights = weigh(candidates)
        self.pieces = grams([one.value for one in candidates])
        self.repositories = np.array([one.repository for one in candidates])
        self.is_named_open = self.x[:, [
            names.index(name) for name in OPEN_NAMES]].any(axis=1)
        self.clean = clean.x.copy()
        self.clean_pieces = clean.pieces

    def fit(self, rows):
        """A model and its grams, of ${rows}; clean ones are of no weight of
        their own."""
        pieces, y, weights = (
            self.pieces[rows], self.y[rows], self.weights[rows])
        each = fit_grams(pieces, y, weights)
        x = self.x[rows]
        x[:, self.column] = unseen_grams(
            pieces, y, weights, self.repositories[rows])
        self.clean[:, self.column] = score_grams(self.clean_pieces, each)
        data = lightgbm.Dataset(
            np.vstack([x, self.clean]),
            np.concatenate([y, np.zeros(len(self.clean))]),
            weight=np.concatenate([
                weights, np.full(len(self.clean), CLEAN_WEIGHT)]))
        return lightgbm.train(PARAMETERS, data, ROUNDS), each

    def odds(self, fitted, rows):
        model, each = fitted
        x = self.x[rows]
        x[:, self.column] = score_grams(self.pieces[rows], each)
        return model.predict(x, raw_score=True)


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


def predict_unseen(data, seed):
    """Log odds of each candidate by a model that saw none of its
    repository."""
    odds = np.zeros(len(data.candidates))
    fold_of = np.zeros(len(data.candidates), dtype=int)
    for i, fold in enumerate(folds_of(data.candidates, seed)):
        test = np.isin(data.repositories, list(fold))
        odds[test] = data.odds(data.fit(~test), test)
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
    told = kept(candidates, confidence)
    best = units_best([candidates[i] for i in told], confidence[told])
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


def validate(candidates, data, units):
    """Figures on unseen repositories, and the calibration for all."""
    opened = [i for i, one in enumerate(candidates) if one.is_open]
    all_odds = []
    for seed in SEEDS:
        odds, fold_of = predict_unseen(data, seed)
        confidence = np.array([one.confidence for one in candidates])
        for fold in range(FOLDS):
            knots = calibrate(
                data.candidates, odds, np.where(fold_of != fold)[0])
            for i in np.where(fold_of == fold)[0]:
                confidence[opened[i]] = probability(knots, odds[i])
                if data.is_named_open[i]:
                    confidence[opened[i]] = min(
                        OPEN_MOST, confidence[opened[i]])
        all_odds.append(odds)
        best, error = show(candidates, confidence, units)
    knots = np.mean([calibrate(data.candidates, odds, np.arange(len(odds)))
                     for odds in all_odds], axis=0)
    return knots, best, error


def show(candidates, confidence, units):
    rows, error = figures(candidates, confidence, units)
    best = max(rows, key=lambda row: row[3])
    text = "threshold %.2f P %.3f R %.3f F1 %.3f strong %.3f"
    print("best:", text % best, " calibration error %.3f" % error)
    for at in SHOWN_AT:
        print("at:  ", text % min(rows, key=lambda row: abs(row[0] - at)))
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


def write(path, model, knots, each, comment):
    trees = [complete(tree) for tree in model.dump_model()["tree_info"]]
    with open(path, "w", encoding="utf-8") as file:
        file.write("/* SPDX-License-Identifier: Apache-2.0 */\n"
                   "/*\n * The model's weights. Written by "
                   "tests/quality/train.py: do not edit.\n *\n")
        for line in comment:
            file.write(f" * {line}\n")
        file.write(" */\n#include \"filter/grams.h\"\n"
                   "#include \"filter/model.h\"\n\n"
                   "/* clang-format off */\n"
                   f"const int32_t ks_model_start = 0;\n"
                   f"const size_t ks_model_tree_count = {len(trees)};\n\n"
                   "const float ks_model_knots[KS_MODEL_KNOTS] = {\n")
        file.write(lines_of((f"{knot:.4f}f" for knot in knots), "\t"))
        file.write("\n};\n\nconst int8_t ks_grams_value[KS_GRAMS_COUNT] = {\n")
        file.write(lines_of(each, "\t"))
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


class Clean:
    """Candidates of repositories without secrets."""

    def __init__(self, paths):
        rows = [cells for path in paths for cells in rows_of(path)[1]
                if int(cells[6]) in OPEN_KINDS]
        self.x = np.array([cells[HEAD:] for cells in rows], dtype=float)
        self.pieces = grams([cells[7] for cells in rows])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--labels", required=True)
    parser.add_argument("--candidates", required=True)
    parser.add_argument("--clean", nargs="+", required=True,
                        help="candidates of repositories without secrets")
    parser.add_argument("--clean-names", default="",
                        help="what these are, for the comment")
    parser.add_argument("--out")
    options = parser.parse_args()
    by_file, ignored = labels.read(options.labels)
    units = list(itertools.chain.from_iterable(by_file.values()))
    names, candidates = read_candidates(options.candidates, by_file, ignored)
    data = Data(names, [one for one in candidates if one.is_open],
                Clean(options.clean))
    print(len(data.y), "candidates,", data.y.sum(), "true;",
          len(units), "units,", sum(unit.is_true for unit in units), "true")
    knots, best, error = validate(candidates, data, units)
    model, each = data.fit(np.full(len(data.y), True))
    gains = sorted(zip(model.feature_importance("gain"), names))[::-1]
    print([name for gain, name in gains if gain == 0])
    if options.out:
        write(options.out, model, knots, each, [
            f"Trained {datetime.date.today()} on {len(data.y)} candidates, "
            f"{data.y.sum()} of them true, of",
            f"{len({one.repository for one in candidates})} repositories "
            "of CredData (github.com/Samsung/CredData),",
            f"and on {len(data.clean)} of {options.clean_names}, none true.",
            f"On repositories not trained on, ten folds: F1 {best[3]:.3f}, "
            f"precision {best[1]:.3f},",
            f"recall {best[2]:.3f} at confidence {best[0]:.2f}; expected "
            f"calibration error {error:.3f}."])


if __name__ == "__main__":
    main()
