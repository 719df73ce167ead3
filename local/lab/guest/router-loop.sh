#!/bin/sh
# The router's boot and its timer, where systemd would be.
: >/etc/s2s-timer
[ -x /opt/s2s/boot.sh ] && /opt/s2s/boot.sh </dev/null >/dev/null 2>&1
ipsec setup start
while :; do
	[ -x /opt/s2s/heal.sh ] && /opt/s2s/heal.sh </dev/null >/dev/null 2>&1
	sleep 15
done
