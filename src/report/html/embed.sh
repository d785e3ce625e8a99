#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Write assembly that holds files, one after the other and a NUL behind.
#
# Usage: embed.sh OUTPUT SYMBOL FILE...
set -eu

output=$1
symbol=$2
shift 2
{
	printf '\t.section .rodata\n\t.global %s\n\t.hidden %s\n%s:\n' \
		"$symbol" "$symbol" "$symbol"
	for file; do
		printf '\t.incbin "%s"\n' "$(realpath "$file")"
	done
	printf '\t.byte 0\n\t.section .note.GNU-stack,"",%%progbits\n'
} >"$output"
