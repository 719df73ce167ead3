# The lines of one connection from the router's logs, and a look for its peer's packets.

# What came from the peer's address so far, as "<packets of IKE> <packets of ESP>".
from_peer() { # peer
	iptables-save -c -t filter 2>/dev/null | awk -v peer="-s $1/32 " '
		/-A S2S-INPUT / && index($0, peer) { count = $1; gsub(/[][]/, "", count); split(count, c, ":"); if (/ -p udp /) ike += c[1]; else if (/ -p esp /) esp += c[1] }
		END { print ike + 0, esp + 0 }'
}

# What the tunnel had carried by a look, as "<bytes out> <bytes in>".
carried_by() { # pairs-file
	if [ -e "$1" ]; then columns_awk '{ out += $BYTES_OUT; in_ += $BYTES_IN } END { printf "%.0f %.0f\n", out, in_ }' "$1"; else echo 0 0; fi
}

# Whether the peer's packets come in at all: some seconds are waited for an answer to what is sent meanwhile.
probe() { # bundle id peer
	case $3 in '' | any) return ;; esac
	probed=$run/probe.$$
	before=$(from_peer "$3")
	initiated=0
	look "$1" "$probed" "$2"
	if ! columns_awk '$UP { up = 1 } END { exit !up }' "$probed" 2>/dev/null && initiates "$(initiated_ids "$1")" "$2"; then
		initiated=1
		timeout 3 ipsec whack --name "$2-1" --initiate --asynchronous >/dev/null 2>&1 </dev/null
	fi
	ping=0
	timeout 4 ping -c 2 -i 0.5 -W 1 "$3" >/dev/null 2>&1 && ping=1
	inner=$(inner_address "$(bundle_value "$1" vpc)")
	first=$(bundle_pairs "$1" | columns_awk -v id="$2" '$ID == id { split($REMOTE, block, "/"); split(block[1], p, "."); print p[1] "." p[2] "." p[3] "." p[4] + 1; exit }')
	[ -z "$inner" ] || [ -z "$first" ] || timeout 4 ping -c 2 -i 0.5 -W 1 -I "$inner" "$first" >/dev/null 2>&1
	sleep 4
	carried_before=$(carried_by "$probed")
	look "$1" "$probed" "$2"
	echo "$before $(from_peer "$3") $carried_before $(carried_by "$probed")" | {
		read -r ike_before esp_before ike esp out_before in_before out in
		echo "s2s-probe initiated=$initiated ping=$ping ike=$((ike - ike_before)) esp=$((esp - esp_before)) out=$((out - out_before)) in=$((in - in_before)) seen=$ike"
	}
	rm -f "$probed"
}

# The last lines, oldest first, after what a probe saw.
logs_of() { # id, how many, whether to probe
	id=$1 limit=$2
	peer=$(connection_word "$state/bundle" "$id" peer 2>/dev/null)
	[ "$3" = 0 ] || probe "$state/bundle" "$id" "$peer"
	# What a peer is refused for before it is known which connection it means names its address only.
	case $peer in '' | any) set -- -e "$id" ;; *) set -- -e "$id" -e "packet from $peer:" ;; esac
	# Run Command keeps the first 24,000 characters, and the last lines are those that matter.
	# Masked before anything is cut: half a quoted key would not be known as one.
	# The daemon names a connection, or the sender of a packet, first: behind another, ours may be what a peer says of itself.
	daemon_lines "$@" | awk -v own="$id-" -v peer="$peer" '
		{ at = index($0, "\""); name = substr($0, at + 1) }
		match($0, /packet from [^ ]+/) && (!at || RSTART < at) { sender = substr($0, RSTART + 12, RLENGTH - 12); sub(/:.*/, "", sender); if (peer ~ /^[0-9]/ && sender != peer) next }
		at && name !~ /^\// && index(name, own) != 1 && substr($0, 1, at) !~ /packet from/ { next } { print }' |
		uniq | tail -n "$limit" |
		mask_keys |
		cut -c1-500 | tail -c 23000
	echo s2s-logs-end
}
