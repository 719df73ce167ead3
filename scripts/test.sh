#!/bin/sh
# Everything that must hold, from a clean clone: install, lint, types, synthesis with cdk-nag, every suite, and the time that each
# takes (test/budgets.ts). `long` runs the long tables whole. Ends with the line "N passed, N failed".
set -u
cd "$(dirname "$0")/.." || exit 1
sh scripts/install.sh || exit 1
sh scripts/packages.sh || exit 1
PATH=$PWD/node_modules/.bin:$PATH
export PATH
[ "${1:-}" = long ] && export LONG=1
COUNTS_FILE=$(mktemp)
export COUNTS_FILE
times=$(mktemp)
synthesized=$(mktemp)
trap 'rm -f "$COUNTS_FILE" "$times" "$synthesized"' EXIT
failed=0
timed() { # suite title command
	suite=$1
	budget=$(node test/budgets.ts "$suite")
	echo "== $2 (at most $budget s on two idle cores)"
	shift 2
	began=$(date +%s)
	# What is left of it says how much of a table is run (test/support/at-length.ts).
	[ "${LONG:-}" = 1 ] || SUITE_ENDS=$((began + budget))
	export SUITE_ENDS
	"$@"
	status=$?
	echo "$suite $(($(date +%s) - began))" >>"$times"
	return $status
}
check() {
	if "$@"; then
		echo '1 0 0' >>"$COUNTS_FILE"
	else
		echo '0 1 0' >>"$COUNTS_FILE"
		failed=1
	fi
}
end_of_synthesis() {
	wait "$synthesis"
	status_of_synthesis=$?
	cat "$synthesized"
	return "$status_of_synthesis"
}
# It keeps one core busy, and lint and types the other.
node local/synth.ts >"$synthesized" 2>&1 &
synthesis=$!
check timed lint 'lint' biome ci --error-on-warnings
check timed types 'types' tsc -p .
check timed synthesis 'synthesis with cdk-nag, begun with lint' end_of_synthesis
timed unit 'unit: rules, use cases and the API in memory, and the docs' node node_modules/.bin/vitest run --project unit || failed=1
# They wait for others a fifth of their time: a third file keeps two cores at work.
timed local 'local: stores, stand-ins for AWS, simulated routers, templates' \
	node node_modules/.bin/vitest run --project local --maxWorkers 3 || failed=1
timed e2e 'end to end: boots virtual machines with real IPsec daemons, two files at a time; a file may take minutes' \
	node node_modules/.bin/vitest run --config vitest.e2e.config.ts || failed=1
check node test/budgets.ts check "$times"
awk '{ p += $1; f += $2; s += $3 } END { if (s) printf "%d passed, %d failed, %d skipped\n", p, f, s; else printf "%d passed, %d failed\n", p, f; exit f > 0 }' "$COUNTS_FILE" || failed=1
exit $failed
