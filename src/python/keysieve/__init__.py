# SPDX-License-Identifier: Apache-2.0
"""Finds leaked credentials: libkeysieve for Python, by cffi.

    import keysieve

    scanner = keysieve.Scanner()
    for finding in scanner.scan_text("AWS_KEY = '...'"):
        print(finding.rule, finding.redacted, finding.places[0].line)
    report = scanner.audit("path/of/a/repository")
    if not report.is_complete:
        print(report.skips)

A Scanner may be used by several threads at once. What cannot be done raises
keysieve.Error; its `code` is one of enum ks_status of <keysieve/error.h>. The
library is libkeysieve.so.0, or what the variable KEYSIEVE_LIBRARY names.
"""

import dataclasses
import os
import pathlib

import cffi

__all__ = ["Error", "Fact", "Finding", "Judgement", "Place", "Report",
           "Scanner", "Skip"]

_ffi = cffi.FFI()
_ffi.cdef((pathlib.Path(__file__).parent / "declarations.h").read_text())
_lib = _ffi.dlopen(os.environ.get("KEYSIEVE_LIBRARY", "libkeysieve.so.0"))

CONFIDENCE_DEFAULT = 0.45  # KS_CONFIDENCE_DEFAULT of <keysieve/scan.h>


class Error(Exception):
    """What the library could not do."""

    def __init__(self, err):
        super().__init__(_text(err.message))
        self.code = err.code


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a secret is, or was."""

    path: str
    line: int
    column: int
    commit: str
    author: str
    email: str
    time: int  # seconds since 1970
    in_head: bool
    is_reachable: bool


@dataclasses.dataclass(frozen=True)
class Fact:
    """What a secret itself tells: "account", "123456789012"."""

    name: str
    value: str


@dataclasses.dataclass(frozen=True)
class Finding:
    """A rule and a secret, with all its places, the oldest first."""

    fingerprint: str
    rule: str
    rule_name: str
    rotate: str  # URL; may be ""
    redacted: str
    secret: bytes
    confidence: float
    entropy: float
    in_head: bool
    places: tuple
    facts: tuple


@dataclasses.dataclass(frozen=True)
class Skip:
    """What was not scanned, and why."""

    reason: str
    what: str
    detail: str


@dataclasses.dataclass(frozen=True)
class Report:
    """All that a scan has to tell."""

    findings: tuple
    skips: tuple
    is_complete: bool
    blobs: int
    bytes: int


@dataclasses.dataclass(frozen=True)
class Judgement:
    """What a rule makes of a text."""

    rule: str
    redacted: str
    column: int
    entropy: float
    confidence: float
    is_secret: bool
    verdict: str


def _text(pointer):
    # A path need not be UTF-8: os.fsencode() gives its bytes back.
    return os.fsdecode(_ffi.string(pointer))


def _check(status, err):
    if status < 0:
        raise Error(err)


def _strings(words):
    """A C array of strings, and what keeps it alive."""
    kept = [_ffi.new("char[]", os.fsencode(word)) for word in words]
    return _ffi.new("const char *[]", kept), kept


def _place(one):
    return Place(_text(one.path), one.line, one.column, _text(one.commit),
                 _text(one.author), _text(one.email), one.time,
                 bool(one.in_head), bool(one.is_reachable))


def _finding(one):
    return Finding(
        _text(one.fingerprint), _text(one.rule), _text(one.rule_name),
        _text(one.rotate), _text(one.redacted),
        _ffi.buffer(one.secret, one.secret_length)[:], one.confidence,
        one.entropy, bool(one.in_head),
        tuple(_place(one.occurrences[i])
              for i in range(one.occurrence_count)),
        tuple(Fact(_text(one.facts[i].name), _text(one.facts[i].value))
              for i in range(one.fact_count)))


def _report(result):
    return Report(
        tuple(_finding(result.findings[i])
              for i in range(result.finding_count)),
        tuple(Skip(_text(_lib.ks_skip_reason_name(result.skips[i].reason)),
                   _text(result.skips[i].what), _text(result.skips[i].detail))
              for i in range(result.skip_count)),
        bool(result.is_complete), result.coverage.blobs,
        result.coverage.bytes)


class Scanner:
    """Rules, the built-in ones and those of files, and how to use them."""

    def __init__(self, rules=(), only=(), skip=(), jobs=0,
                 min_confidence=CONFIDENCE_DEFAULT):
        out = _ffi.new("struct ks_rules **")
        err = _ffi.new("struct ks_err *")
        paths, self._kept = _strings(rules)
        _check(_lib.ks_rules_load(out, paths, len(rules), err), err)
        self._rules = _ffi.gc(out[0], _lib.ks_rules_free)
        self._only, only_kept = _strings(only)
        self._skip, skip_kept = _strings(skip)
        self._kept += only_kept + skip_kept
        self._options = {
            "rules": self._rules, "jobs": jobs,
            "min_confidence": min_confidence, "only": self._only,
            "only_count": len(only), "skip": self._skip,
            "skip_count": len(skip)}

    def _run(self, function, *words):
        out = _ffi.new("struct ks_result **")
        err = _ffi.new("struct ks_err *")
        options = _ffi.new("struct ks_scan_options *", self._options)
        if not self._options["only_count"]:
            options.only = _ffi.NULL
        status = function(out, *words, options, err)
        result = _ffi.gc(out[0], _lib.ks_result_free)
        try:
            _check(status, err)
            return _report(result)
        finally:
            _ffi.release(result)

    def audit(self, path):
        """All that the repository at ${path} ever held."""
        return self._run(_lib.ks_scan_repository, os.fsencode(path))

    def scan(self, *paths):
        """Files and folders."""
        words, kept = _strings(paths)
        report = self._run(_lib.ks_scan_paths, words, len(kept))
        return report

    def scan_text(self, text, name="text"):
        """The findings in a text, str or bytes."""
        data = text.encode() if isinstance(text, str) else bytes(text)
        bytes_ = _ffi.from_buffer("char[]", data) if data else _ffi.new(
            "char[]", 1)
        called = _ffi.new("char[]", os.fsencode(name))
        one = _ffi.new("struct ks_text *", {
            "name": called, "bytes": bytes_, "length": len(data)})
        return self._run(_lib.ks_scan_texts, one, 1).findings

    def judge(self, text):
        """What each rule that matches makes of one line of text."""
        data = text.encode() if isinstance(text, str) else bytes(text)
        told = []

        @_ffi.callback("void(void *, const struct ks_explanation *)")
        def tell(_, one):
            told.append(Judgement(
                _text(one.rule), _text(one.redacted), one.column,
                one.entropy, one.confidence, bool(one.is_secret),
                _text(one.verdict)))

        err = _ffi.new("struct ks_err *")
        _check(_lib.ks_explain_line(self._rules, data, len(data), 1, tell,
                                    _ffi.NULL, err), err)
        return told
