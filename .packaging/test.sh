#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Install the packages of build/package in a new Debian that has nothing else,
# and run debian/tests there: ./dev package --test
set -euo pipefail

# Mounts of its own, which are gone when it ends.
[ "${1-}" = --inside ] ||
	exec unshare --mount --propagation private "$0" --inside

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$top/build/package
root=$folder/root
log=$folder/test.log

say() {
	printf 'package: %s\n' "$*" >&2
}

run() {
	if ! "$@" >"$log" 2>&1; then
		cat "$log" >&2
		say "failed: $*"
		exit 1
	fi
}

inside() {
	chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
		DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"
}

# From where, and how, this machine gets its own packages of Debian.
mirrors() {
	# shellcheck disable=SC2016
	apt-get indextargets --format \
		'$(ORIGIN) deb $(REPO_URI) $(CODENAME) $(COMPONENT)' \
		'Created-By: Packages' | sed -n 's/^Debian //p' | sort -u
}

settings() {
	apt-config dump Acquire |
		grep -Ei '^acquire::(https?(::|\b.*proxy)|check-|retries)' || true
}

make_root() {
	local -a first
	local suite

	# shellcheck source=/dev/null
	suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
	read -ra first < <(mirrors | grep " $suite main$")
	say "making a new Debian $suite"
	rm -rf --one-file-system "$root"
	run debootstrap --variant=minbase "$suite" "$root" "${first[1]}"
	mirrors >"$root/etc/apt/sources.list"
	settings >"$root/etc/apt/apt.conf.d/90machine"
	cp -L /etc/resolv.conf "$root/etc/resolv.conf"
	mount -t proc proc "$root/proc"
	mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
	cp -r "$top/.packaging/debian/tests" "$root/tests"
	for package in keysieve libkeysieve0 libkeysieve-dev; do
		cp "$folder/${package}"_*.deb "$root/$package.deb"
	done
	run inside apt-get -qq update
}

install() {
	run inside apt-get -qq install --yes "$@"
}

run_test() {
	say "test $1"
	run inside sh -c "mkdir /tmp/$1 && AUTOPKGTEST_TMP=/tmp/$1 /tests/$1"
}

[ "$(id -u)" = 0 ] || { say "only root can make it: sudo ./dev package --test"; exit 2; }
make_root

# Without any library but those that each Debian has.
if [ -x "$top/build/keysieve-static" ]; then
	cp "$top/build/keysieve-static" "$root/static"
	say "test of the static program"
	run inside /static scan /etc/os-release
	rm "$root/static"
fi

# What it cannot do without.
install --no-install-recommends /keysieve.deb
run inside keysieve scan /etc/os-release

# What a user gets, libraries that are loaded at need included.
run inside apt-get -qq purge --yes keysieve
since=$SECONDS
install --install-recommends /keysieve.deb
say "installed in $((SECONDS - since)) s, git and libraries included"
run_test audit

install --no-install-recommends /libkeysieve0.deb /libkeysieve-dev.deb \
	gcc libc6-dev pkg-config
run_test library

run inside apt-get -qq purge --yes keysieve libkeysieve-dev libkeysieve0
left=$(inside find / -xdev -name '*keysieve*' -not -path '/tmp/*' \
	-not -path '/*.deb')
[ -z "$left" ] || { say "it leaves behind: $left"; exit 1; }
say "all tests passed"
