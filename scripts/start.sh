#!/bin/sh
# Runs the whole system on this machine; the options are those of local/main.ts.
set -eu
cd "$(dirname "$0")/.."
sh scripts/install.sh
sh scripts/packages.sh || echo 'Going on without the lab: the demo router will be a simulated one.' >&2
PATH=$PWD/node_modules/.bin:$PATH
export PATH
exec node local/main.ts "$@"
