# The IPsec daemon of the Openswan family.

# "<flavor> <version>"
daemon_version() {
	ipsec --version 2>/dev/null | awk '
		/[Ll]ibreswan/ { flavor = "libreswan" }
		/[Oo]penswan/ { flavor = "openswan" }
		flavor != "" { if (match($0, /[0-9]+\.[0-9]+(\.[0-9]+)*/)) { print flavor, substr($0, RSTART, RLENGTH); exit } }'
}

daemon_runs() {
	timeout 10 ipsec whack --status >/dev/null 2>&1
}

# Everything the daemon says of itself, without the line prefixes that older builds have.
daemon_status() {
	timeout 10 ipsec whack --status 2>/dev/null | sed 's/^[0-9][0-9][0-9] //'
}

daemon_start() {
	if [ -d /run/systemd/system ]; then systemctl start ipsec >/dev/null 2>&1 9>&- 6>&-; else ipsec setup start >/dev/null 2>&1 </dev/null 9>&- 6>&-; fi
	tries=0
	until daemon_runs || [ "$tries" -ge 20 ]; do
		tries=$((tries + 1))
		sleep 0.5
	done
	daemon_runs
}

daemon_restart() {
	if [ -d /run/systemd/system ]; then systemctl restart ipsec >/dev/null 2>&1 9>&- 6>&-; else ipsec setup restart >/dev/null 2>&1 </dev/null 9>&- 6>&-; fi
	daemon_runs || daemon_start
}

# A tunnel that is not ours and is up.
foreign_tunnel_up() {
	daemon_status | grep -v '^"vpnc-' | grep -qE '^"[^"]*"(\[[0-9]+\])?.*(erouted; eroute owner: #[1-9]|routing: routed-tunnel)'
}

# What this build can do. Asked once for each version, since each question starts a process.
daemon_capabilities() {
	version=$(daemon_version | tr ' ' '-')
	file=$state/capabilities-$version
	if [ ! -s "$file" ] && [ -n "$version" ]; then
		mkdir -p "$state"
		case $version in
		libreswan-*) libreswan_capabilities >"$file.new" ;;
		*) echo ikev1,ikev2,aes128,aes192,aes256,3des,md5,sha1,sha256,sha384,sha512,modp1024,modp1536,modp2048,modp3072,modp4096 >"$file.new" ;;
		esac
		mv "$file.new" "$file"
	fi
	if [ -s "$file" ]; then cat "$file"; else echo -; fi
}

libreswan_capabilities() {
	can=ikev1,ikev2
	for group in modp1024 modp1536 modp2048 modp3072 modp4096; do
		! ipsec algparse -v1 "ike=aes128-sha1;$group" >/dev/null 2>&1 || can=$can,$group
	done
	for cipher in aes128 aes192 aes256 3des; do
		! ipsec algparse -v1 "ike=$cipher-sha1;modp2048" >/dev/null 2>&1 || can=$can,$cipher
	done
	for hash in md5 sha1 sha256:sha2_256 sha384:sha2_384 sha512:sha2_512; do
		! ipsec algparse -v1 "ike=aes128-${hash#*:};modp2048" >/dev/null 2>&1 || can=$can,${hash%%:*}
	done
	echo "$can"
}

# Addresses that came after the daemon's start, and the secrets.
daemon_rereads() {
	timeout 20 ipsec whack --listen >/dev/null 2>&1 </dev/null 9>&- 6>&-
	timeout 20 ipsec whack --rereadsecrets >/dev/null 2>&1 </dev/null 9>&- 6>&-
}

# From our own files alone: an error or a default in the owner's would be ours otherwise.
conn_add() { # conn
	timeout 20 ipsec addconn --config "$conf_d/s2s.conf" "$1" 2>&1 </dev/null 9>&- 6>&-
}

conn_terminate() { # conn
	timeout 10 ipsec whack --name "$1" --terminate >/dev/null 2>&1 </dev/null 9>&- 6>&-
}

conn_delete() { # conn
	timeout 10 ipsec whack --name "$1" --delete >/dev/null 2>&1 </dev/null 9>&- 6>&-
}

# A stale phase 1 blocks every retry, and terminating the conns does not always remove it. Fails where no state was left.
conn_delete_states() { # connection
	numbers=$(daemon_status | awk -v own="\"$1-" 'index($0, own) && /^#[0-9]+:/ { sub(/^#/, ""); sub(/:.*/, ""); print }' | sort -un)
	[ -n "$numbers" ] || return 1
	for number in $numbers; do timeout 10 ipsec whack --deletestate "$number" >/dev/null 2>&1 </dev/null 9>&- 6>&-; done
}

# What the initiation prints is the best evidence of why it got nowhere.
conn_initiate() { # conn
	timeout 15 ipsec whack --name "$1" --initiate 2>&1 </dev/null 9>&- 6>&-
}
