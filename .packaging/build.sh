#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Build Debian packages of HEAD in build/package: ./dev package
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$top/build/package
tree=$folder/keysieve

rm -rf "$folder"
mkdir -p "$tree"
git -C "$top" archive HEAD | tar -x -C "$tree"
cp -r "$tree/.packaging/debian" "$tree/debian"
cd "$tree"
if ! DEB_BUILD_OPTIONS="parallel=$(nproc)${DEB_BUILD_OPTIONS:+ $DEB_BUILD_OPTIONS}" \
	dpkg-buildpackage -us -uc -b >"$folder/build.log" 2>&1; then
	cat "$folder/build.log" >&2
	exit 1
fi
lintian --allow-root --fail-on error,warning "$folder"/*.changes
ls "$folder"/*.deb
