#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fuzz the targets named, or all, one after the other; SECONDS_EACH (60).
# What is found on the way stays in build/fuzz-found; a crash ends it all.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${KEYSIEVE_FUZZ_BUILD:-$top/build/fuzz}
found=$build-found
seconds=${SECONDS_EACH:-60}

[ -f "$build/build.ninja" ] ||
	meson setup "$build" "$top" --native-file "$top/presets/fuzz.ini"
ninja -C "$build"

targets=("$@")
if [ $# -eq 0 ]; then
	for file in "$top"/tests/fuzz/fuzz_*.c; do
		name=$(basename "$file" .c)
		targets+=("${name#fuzz_}")
	done
fi

for target in "${targets[@]}"; do
	mkdir -p "$found/$target"
	# libarchive asks for as many bytes as a name says it has, and reads then.
	most=2048
	[ "$target" != archive ] || most=8192
	printf 'fuzz: %s, %s s\n' "$target" "$seconds" >&2
	"$build/tests/fuzz/fuzz_$target" -max_total_time="$seconds" \
		-rss_limit_mb=2048 -malloc_limit_mb="$most" -timeout=20 -max_len=65536 \
		-print_final_stats=1 -artifact_prefix="$found/crash-$target-" \
		"$found/$target" "$top/corpus/fuzz/$target"
done
