# The IPsec daemon of the Openswan family.

# "<flavor>/<version>"
daemon_version() {
	flavor=
	for word in $(ipsec --version 2>/dev/null); do
		case $word in
		*[Ll]ibreswan*) flavor=libreswan ;;
		*[Oo]penswan*) flavor=openswan ;;
		esac
		number=${word#"${word%%[0-9]*}"}
		number=${number%%[!0-9.]*}
		case $flavor/$number in *swan/[0-9]*.[0-9]*) echo "$flavor/${number%.}"; return ;; esac
	done
}

daemon_runs() {
	timeout 10 ipsec whack --status >/dev/null 2>&1
}

# Everything the daemon says of itself, with the number that most builds put before a line. Fails where that may not be all.
print_status() {
	timeout 10 ipsec whack --status 2>/dev/null
}

# And without it.
daemon_status() {
	status_said=$(print_status) || return 1
	printf '%s\n' "$status_said" | sed 's/^[0-9][0-9][0-9] //'
}

# Its processes. One below another root, as a container's, is not this router's, and any user may give a program of theirs the daemon's name.
daemon_pids() {
	here=$(stat -Lc %d:%i / 2>/dev/null)
	for pid in $(pidof pluto 2>/dev/null); do
		[ -O "/proc/$pid" ] || continue
		there=$(stat -Lc %d:%i "/proc/$pid/root" 2>/dev/null || echo "$here")
		[ "$there" != "$here" ] || echo "$pid"
	done
}

# What the daemon that runs was started with, as "<process> <its start>" and the setup lines.
daemon_setup() { # bundle
	for pid in $(daemon_pids); do echo "$pid $(awk '{ print $22 }' "/proc/$pid/stat" 2>/dev/null)"; done
	setup_lines "$1"
}

daemon_has_setup() { # bundle
	[ "$(daemon_setup "$1")" = "$(cat "$state/daemon.settings" 2>/dev/null)" ]
}

# A daemon that was started with our lines in its file has them whatever becomes of the file.
keep_daemon_setup() {
	daemon_has_setup "$state/bundle" || ! includes_stand || setup_lost_to "$state/bundle" >/dev/null || daemon_setup "$state/bundle" >"$state/daemon.settings"
}

# A unit that failed too often in a row is refused a start until that is forgotten.
daemon_by_init() { # start|restart
	if [ -d "$root/run/systemd/system" ]; then
		unlocked systemctl reset-failed ipsec >/dev/null 2>&1
		unlocked systemctl "$1" ipsec >/dev/null 2>&1
	else
		unlocked ipsec setup "$1" >/dev/null 2>&1
	fi
}

# Waits ten seconds for an answer, but where there is no process only as long as one may need to come.
daemon_answers_soon() {
	tries=0
	until daemon_runs; do
		tries=$((tries + 1))
		[ "$tries" -lt 20 ] || return 1
		[ "$tries" -lt 5 ] || [ -n "$(daemon_pids)" ] || return 1
		sleep 0.5
	done
}

# What was killed together with its supervisor leaves a pid file, or a unit of an init script that is "active (exited)", by which a start
# believes it running and does nothing.
daemon_start() {
	daemon_by_init start
	daemon_answers_soon && return 0
	[ -z "$(daemon_pids)" ] || return 1
	daemon_by_init restart
	daemon_answers_soon
}

daemon_restart() {
	daemon_by_init restart
	daemon_runs || daemon_start
}

# Brings the daemon back where it does not answer, or remembers why that is not possible, as "<code> <words>". One that was stopped goes on where it was; one
# that is busy, as with a name server that does not answer, has until the next pass.
mend_daemon() {
	daemon_runs || continue_daemon || revive_daemon || return 1
	rm -f "$run/daemon.hung" "$state/daemon.reason"
}

continue_daemon() {
	pids=$(daemon_pids)
	[ -n "$pids" ] || return 1
	# shellcheck disable=SC2086 # numbers
	kill -CONT $pids 2>/dev/null
	daemon_runs
}

revive_daemon() {
	pids=$(daemon_pids)
	if [ -n "$pids" ]; then
		[ -e "$run/daemon.hung" ] || { : >"$run/daemon.hung"; return 1; }
		# shellcheck disable=SC2086
		kill -KILL $pids 2>/dev/null
	fi
	rm -f "$run/daemon.hung" "$state/daemon.reason"
	daemon_start && return 0
	! blamed=$(foreign_error) || echo "foreign-config $blamed" >"$state/daemon.reason"
	return 1
}

# Another program had its second port at an address when it was started, and has it no more: it asks for that at its start only. In $lacking those
# addresses, one socket each.
lacks_port() {
	lacking=$(awk '
		$2 ~ /:01F4$/ { ike[substr($2, 1, 8)]++ }
		$2 ~ /:1194$/ { encapsulated[substr($2, 1, 8)]++; some = 1 }
		$2 ~ /^00000000:1194$/ { some = 0; exit }
		END { if (some) for (address in ike) if (encapsulated[address] < ike[address]) printf "%s ", address }' "$root/proc/net/udp" 2>/dev/null)
	[ -n "$lacking" ]
}

# A start that changed nothing about it is not repeated: another program may have the first port alone at such an address.
port_is_due() {
	if ! lacks_port; then
		[ ! -e "$run/port-lacking" ] || rm -f "$run/port-lacking"
		return 1
	fi
	! { read_line "$run/port-lacking" && [ "$line" = "$lacking" ]; } && [ "$(since "$run/port-asked")" -ge 600 ] && ! foreign_tunnel_up && ! foreign_error >/dev/null || return 1
	now >"$run/port-asked"
	echo "$lacking" >"$run/port-lacking"
}

# A tunnel that is not ours and is up.
foreign_tunnel_up() {
	daemon_status | grep -v '^"vpnc-' | grep -qE '^"[^"]*"(\[[0-9]+\])?.*(erouted; eroute owner: #[1-9]|routing: routed-tunnel)'
}

# What this build can do. Asked once for each version, since each question starts a process.
daemon_capabilities() { # version
	file=$state/capabilities-${1%/*}-${1#*/}
	if [ ! -s "$file" ] && [ -n "$1" ]; then
		mkdir -p "$state"
		case $1 in
		libreswan/*) libreswan_capabilities >"$file.new" ;;
		*) echo ikev1,ikev2,aes128,aes192,aes256,3des,md5,sha1,sha256,sha384,sha512,modp1024,modp1536,modp2048,modp3072,modp4096 >"$file.new" ;;
		esac
		mv "$file.new" "$file"
	fi
	read_line "$file" || line=-
	echo "$line"
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
	unlocked timeout 20 ipsec whack --listen >/dev/null 2>&1
	unlocked timeout 20 ipsec whack --rereadsecrets >/dev/null 2>&1
}

# From our own files alone: an error or a default in the owner's would be ours otherwise. addconn takes several names, and goes on after one
# that it cannot add.
conns_add() { # conn ...
	unlocked timeout 20 ipsec addconn --config "$conf_d/s2s.conf" "$@" 2>&1
}

conn_terminate() { # conn
	unlocked timeout 10 ipsec whack --name "$1" --terminate >/dev/null 2>&1
}

conn_delete() { # conn
	unlocked timeout 10 ipsec whack --name "$1" --delete >/dev/null 2>&1
}

# The numbers of a connection's states, of which a hundred are more than a peer has.
states_of() { # connection
	print_status | awk -v own="\"$1-" '
		{ sub(/^[0-9][0-9][0-9] /, "") }
		index($0, own) && /^#[0-9]+:/ { sub(/^#/, ""); sub(/:.*/, ""); if (!told[$0]++ && ++many < 100) print }'
}

# A stale phase 1 blocks every retry, and terminating the conns does not always remove it. A peer has few; with an `any` one strangers may
# begin thousands, each of which costs a process, and which go with the conn.
conn_delete_states() { # connection
	for number in $(states_of "$1"); do unlocked timeout 10 ipsec whack --deletestate "$number" >/dev/null 2>&1; done
}

# What the initiation prints is the best evidence of why it got nowhere.
conn_initiate() { # conn
	unlocked timeout 15 ipsec whack --name "$1" --initiate 2>&1
}
