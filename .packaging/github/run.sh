#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The steps of action.yml: run.sh key | build | audit
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
binaries=$RUNNER_TEMP/keysieve-bin

# What the program is made of and for: the name of a build of it.
key() {
	local digest

	digest=$(cd "$top" && { cat /etc/os-release; tar --sort=name --mtime=@0 \
		--owner=0 --group=0 -c dev meson* presets src include patterns; } |
		sha256sum)
	echo "key=${digest%% *}" >>"$GITHUB_OUTPUT"
}

build() {
	"$top/dev" build --static
	mkdir -p "$binaries"
	cp "$top/build/keysieve-static" "$binaries/keysieve"
}

# All formats come from one report. The last step has the exit status.
audit() {
	local status=0
	local report=$RUNNER_TEMP/keysieve.json
	local sarif=$RUNNER_TEMP/keysieve.sarif
	local -a options

	PATH=$binaries:$PATH
	read -ra options <<<"$AUDIT_OPTIONS"
	[ -z "$AUDIT_RANGE" ] || options+=(--range "$AUDIT_RANGE")
	keysieve audit --format json --occurrences --output "$report" \
		"${options[@]}" -- "$AUDIT_PATH" || status=$?
	echo "status=$status" >>"$GITHUB_OUTPUT"
	[ "$status" != 2 ] || return 0
	keysieve report --format github -- "$report"
	keysieve report --format markdown -- "$report" >>"$GITHUB_STEP_SUMMARY"
	keysieve report --format sarif --output "$sarif" -- "$report"
	printf '%s\n' "report=$report" "sarif=$sarif" >>"$GITHUB_OUTPUT"
}

"$1"
