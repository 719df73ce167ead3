#!/bin/sh
# Makes node_modules what package-lock.json says, and does nothing where it already is.
set -eu
cd "$(dirname "$0")/.."
stamp=node_modules/.installed-lock
if [ ! -f "$stamp" ] || ! cmp -s package-lock.json "$stamp"; then
	# Any Node that npm runs on starts the scripts; they install the one that runs everything.
	least=$(node -p 'require("./package.json").engines.node.replace(">=", "")') || exit 1
	if [ "$(node -p 'parseInt(process.versions.node)')" -lt "$least" ]; then
		echo "Node $least or later is needed to begin with; this is $(node --version)." >&2
		exit 1
	fi
	echo 'Installing npm packages (once, about half a minute) ...'
	if ! npm ci --no-audit --no-fund --loglevel=error; then
		echo 'npm ci failed: this project needs the npm registry, python3, make and g++ for its first run.' >&2
		exit 1
	fi
	cp package-lock.json "$stamp"
fi
