#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/rules.schema.json says what the reader of rules accepts."""

import json
import pathlib
import re
import textwrap
import unittest

try:
    import jsonschema
    import yaml
except ImportError:
    jsonschema = yaml = None

TOP = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = json.loads((TOP / "docs" / "rules.schema.json").read_text())
RULE = SCHEMA["definitions"]["rule"]["properties"]


def table(path):
    """The names in the tables of fields in ${path}."""
    text = (TOP / "src" / "rules" / path).read_text()
    return set(re.findall(r'^\t\{ "([a-z_]+)", ', text, re.M))


def names(macro):
    """The names that the list ${macro} of rule.h has."""
    text = (TOP / "src" / "rules" / "rule.h").read_text()
    text = text[text.index(f"#define {macro}"):]
    return re.findall(r'X\(\w+, "(\w+)"\)', text[:text.index("\n\n")])


def problems(text):
    """What the schema has against the rules ${text}."""
    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        """Dates are text."""

    Loader.yaml_implicit_resolvers = {
        sign: [pair for pair in pairs if "timestamp" not in pair[0]]
        for sign, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()}
    validator = jsonschema.Draft7Validator(SCHEMA)
    return [error.message
            for error in validator.iter_errors(yaml.load(text, Loader))]


class Schema(unittest.TestCase):
    def test_has_the_fields_that_are_read(self):
        self.assertEqual(set(RULE), table("rulefile.c"))

    def test_has_the_parts_of_assigned(self):
        # "strict" is no text and read apart.
        self.assertEqual(set(RULE["assigned"]["properties"]),
                         table("field.c") | {"strict"})

    def test_has_the_names_that_are_known(self):
        for key, macro in (("kind", "KS_RULE_KINDS"),
                           ("checksum", "KS_CHECKSUMS"),
                           ("decode", "KS_DECODES")):
            self.assertEqual(RULE[key]["enum"], names(macro))

    @unittest.skipUnless(yaml, "no PyYAML and jsonschema")
    def test_takes_the_rules_that_are_built_in(self):
        files = sorted((TOP / "patterns").rglob("*.yaml"))
        self.assertTrue(files)
        for path in files:
            self.assertEqual(problems(path.read_text()), [], path.name)

    @unittest.skipUnless(yaml, "no PyYAML and jsonschema")
    def test_takes_the_rules_of_the_manual(self):
        manual = (TOP / "docs" / "rules.md").read_text()
        rules = [textwrap.dedent(block) for block
                 in re.findall(r"(?:^    .*\n)+", manual, re.M)
                 if block.lstrip().startswith("- id:")]
        self.assertGreaterEqual(len(rules), 5)
        for rule in rules:
            self.assertEqual(problems(rule), [], rule)

    @unittest.skipUnless(yaml, "no PyYAML and jsonschema")
    def test_says_what_is_misspelt(self):
        text = (TOP / "patterns" / "aws.yaml").read_text()
        self.assertEqual(
            len(problems(text.replace("  kind:", "  knid:", 1))), 1)


if __name__ == "__main__":
    unittest.main()
