#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scans that share the work, with a store in a file."""

import test_org
from org_sharing import Sharing, Trying  # noqa: F401

if __name__ == "__main__":
    test_org.program.main()
