#!/bin/sh
# Runs the whole system on this machine. What it was asked for is settled before anything is installed.
set -eu
for option; do
	case $option in
		--empty) ;;
		--help | -h)
			cat <<-'END'
				usage: npm start [-- --empty]

				  --empty       only the platform, without the demo: no lab, no account, no connection
				  --help, -h    this text

				from the environment:
				  PORT          the port of the API on 127.0.0.1 (8787)
				  LOCAL_DIR     the folder of the data (.local)
				  ROUTERS       the file that says how each router is reached (routers.json in that folder)
				  CONCURRENCY   how many functions may run at once (1000)
			END
			exit 0
			;;
		*)
			echo "$option is not known: npm start -- --help says what is." >&2
			exit 2
			;;
	esac
done
# npm takes what stands before `--` for itself, and hands it on as a variable alone.
if [ -n "${npm_config_empty+set}" ] && [ $# -eq 0 ]; then
	echo 'npm took --empty for itself: type npm start -- --empty.' >&2
	exit 2
fi
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
