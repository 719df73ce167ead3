#!/bin/sh
# Runs the whole system on this machine; the options are those of local/main.ts.
set -eu
cd "$(dirname "$0")/.."
sh scripts/install.sh
sh scripts/packages.sh || echo 'Continuing without the lab: the demo will use a simulated router.' >&2
PATH=$PWD/node_modules/.bin:$PATH
export PATH
# npm runs this in its own child's place (`exec`), and so hands on what it is told to end by; where it is killed, the kernel tells us.
if [ -n "${npm_lifecycle_event:-}" ] && command -v setpriv >/dev/null 2>&1; then
	exec setpriv --pdeathsig TERM node local/main.ts "$@"
fi
exec node local/main.ts "$@"
