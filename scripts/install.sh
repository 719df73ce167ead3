#!/bin/sh
# Installs node_modules as in package-lock.json, unless that is already done.
set -eu
cd "$(dirname "$0")/.."
stamp=node_modules/.installed-lock
if [ ! -f "$stamp" ] || ! cmp -s package-lock.json "$stamp"; then
	# Any recent Node can start the scripts; they install the one that runs everything else.
	least=$(node -p 'require("./package.json").engines.node.replace(">=", "")') || exit 1
	if [ "$(node -p 'parseInt(process.versions.node)')" -lt "$least" ]; then
		echo "Node $least or later is needed to start; this is $(node --version)." >&2
		exit 1
	fi
	echo 'Installing npm packages (once: half a minute, or some minutes on a slow machine) ...'
	if ! npm ci --no-audit --no-fund --loglevel=error; then
		echo 'npm ci failed: this project needs the npm registry, python3, make and g++ for its first run.' >&2
		exit 1
	fi
	cp package-lock.json "$stamp"
fi
