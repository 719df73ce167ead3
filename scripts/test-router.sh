#!/bin/sh
# npm run test:router -- -- ssh root@router1: runs the suite for any router against the machine behind the command, which gets programs for
# `sh -s` on standard input as root, and says what it found. For a machine that is to spare: it is left without anything of ours.
set -eu
cd "$(dirname "$0")/.."
[ "${1:-}" != -- ] || shift
if [ $# -eq 0 ]; then
	echo 'usage: npm run test:router -- -- <command that reaches a router as root, such as ssh root@router1>' >&2
	exit 2
fi
sh scripts/install.sh
PATH=$PWD/node_modules/.bin:$PATH
export PATH
case " $* " in *' sh -s ') ;; *) set -- "$@" sh -s ;; esac
ROUTER_ARGV=$(node -p 'JSON.stringify(process.argv.slice(1))' -- "$@")
export ROUTER_ARGV
exec node node_modules/.bin/vitest run --config vitest.e2e.config.ts test/e2e/any-router.test.ts
