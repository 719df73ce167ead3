#!/bin/sh
# Everything that must hold, from a clean clone: install, lint, types, synthesis with cdk-nag, every suite.
# `long` runs the long tables whole. Ends with the line "N passed, N failed".
set -u
cd "$(dirname "$0")/.."
sh scripts/install.sh || exit 1
sh scripts/packages.sh || exit 1
PATH=$PWD/node_modules/.bin:$PATH
export PATH
[ "${1:-}" = long ] && export LONG=1
COUNTS_FILE=$(mktemp)
export COUNTS_FILE
trap 'rm -f "$COUNTS_FILE"' EXIT
failed=0
step() {
	echo "== $1"
	shift
	if "$@"; then
		echo '1 0 0' >>"$COUNTS_FILE"
	else
		echo '0 1 0' >>"$COUNTS_FILE"
		failed=1
	fi
}
suite() {
	echo "== $1"
	shift
	"$@" || failed=1
}
step 'lint' biome ci --error-on-warnings
step 'types' tsc -p .
step 'synthesis with cdk-nag' node local/synth.ts
suite 'unit, property, golden, contract and template suites' node node_modules/.bin/vitest run
suite 'end to end on real daemons' node node_modules/.bin/vitest run --config vitest.e2e.config.ts
awk '{ p += $1; f += $2; s += $3 } END { if (s) printf "%d passed, %d failed, %d skipped\n", p, f, s; else printf "%d passed, %d failed\n", p, f; exit f > 0 }' "$COUNTS_FILE" || failed=1
exit $failed
