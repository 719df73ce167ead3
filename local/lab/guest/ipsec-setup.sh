#!/bin/sh
# What the package's systemd unit does, for a router without systemd. Without options of its own in /etc/default/pluto, the daemon logs into a file.
libexec=/usr/libexec/ipsec
PLUTO_OPTIONS='--logfile /var/log/pluto.log'
[ ! -e /etc/default/pluto ] || . /etc/default/pluto
# By its own folder: the other node's daemon is in the same list of processes.
running() { [ -s /run/pluto/pluto.pid ] && kill -0 "$(cat /run/pluto/pluto.pid)" 2>/dev/null; }
start() {
	running && return 0
	mkdir -p /run/pluto && rm -f /run/pluto/pluto.pid /run/pluto/pluto.ctl
	"$libexec/addconn" --config /etc/ipsec.conf --checkconfig || return 1
	"$libexec/_stackmanager" start >/dev/null 2>&1
	ipsec --checknss >/dev/null 2>&1
	# shellcheck disable=SC2086 # words
	"$libexec/pluto" --leak-detective --config /etc/ipsec.conf $PLUTO_OPTIONS </dev/null >/dev/null 2>&1 || return 1
	tries=0
	until "$libexec/whack" --status >/dev/null 2>&1 || [ "$tries" -ge 50 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	# The unit has no such step: pluto itself starts addconn --autoall in the background.
}
stop() {
	running || return 0
	"$libexec/whack" --shutdown >/dev/null 2>&1
	tries=0
	while running && [ "$tries" -lt 100 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	ip xfrm policy flush
	ip xfrm state flush
}
case "$1" in
start | --start) start ;;
stop | --stop) stop ;;
restart | --restart) stop && start ;;
status | --status) running ;;
*) echo "setup: unknown action $1" >&2; exit 2 ;;
esac
