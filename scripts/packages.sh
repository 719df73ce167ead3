#!/bin/sh
# Installs the Debian packages that the suites and the lab need if this user may; otherwise says what to run.
set -eu
missing=
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
PATH=$PATH:/usr/sbin:/sbin
need qemu-system-x86_64 qemu-system-x86
need mksquashfs squashfs-tools
need cpio cpio
need shellcheck shellcheck
need ip iproute2
need unshare util-linux
[ -x /bin/busybox ] || [ -x /usr/bin/busybox ] || missing="$missing busybox-static"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
	echo "Installing Debian packages:$missing ..."
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq
	# shellcheck disable=SC2086 # a list of names
	apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
	echo "Debian packages are missing and this user cannot install them; first run: sudo apt-get install$missing" >&2
	exit 1
fi
