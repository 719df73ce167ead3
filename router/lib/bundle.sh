# Reads a bundle: s2s-bundle/1.

# The largest, of forty connections with ten subnets each, has 300 kB.
bundle_bytes=1000000

# The bundle of a command into a file; where it is not what its revision names, or says more than ours do, why.
unpack_bundle() { # to
	printf '%s' "$SSM_Bundle" | base64 -d 2>/dev/null | gzip -dc 2>/dev/null | head -c $((bundle_bytes + 1)) >"$1"
	if [ "$(wc -c <"$1")" -gt "$bundle_bytes" ]; then
		echo "unpacked it has more than $bundle_bytes bytes"
	elif [ "$(sha256sum <"$1" | cut -c1-16)" != "${SSM_Revision#*-}" ]; then
		echo 'its SHA-256 is not the one that its revision names'
	else
		faults_of_bundle "$1" "${SSM_Revision%%-*}" && return 0
	fi
	return 1
}

is_connection_id() {
	case ${1#vpnc-} in "$1" | '' | *[!0-9a-f]*) return 1 ;; esac
	[ ${#1} -eq 22 ]
}

bundle_value() { # bundle key
	awk -v key="$2" '$1 == key { print $2; exit }' "$1"
}

bundle_ids() { # bundle
	[ ! -s "$1" ] || awk '$1 == "connection" { print $2 }' "$1"
}

# One word of a connection's line.
connection_word() { # bundle id key
	awk -v id="$2" -v key="$3=" '$1 == "connection" && $2 == id { for (i = 3; i <= NF; i++) if (index($i, key) == 1) { print substr($i, length(key) + 1); exit } }' "$1"
}

# The names of a connection's conns.
connection_conns() { # bundle id
	awk -v id="$2" '$1 == "connection" { on = $2 == id } $1 == "pair" && on { print id "-" $2 }' "$1"
}

# Every pair, in the columns of one; a pair of several bundles stands once.
bundle_pairs() { # bundle ...
	columns_awk '$1 == "connection" { id = $2; for (i = 3; i <= NF; i++) { split($i, w, "="); v[w[1]] = w[2] } }
		$1 == "pair" && !seen[id " " $2 " " $3 " " v["peer"]]++ {
			number = $2; remote = $3
			$0 = ""; $ID = id; $NUMBER = number; $REMOTE = remote; $PEER = v["peer"]; $MSS = v["mss"]; $IKE = v["ike"] == "" ? "-" : v["ike"]; $SUITE = v["suite"]; print
		}' "$@"
}

# A connection's file, with the local address in its place.
connection_file() { # bundle id local
	awk -v id="$2" -v address="$3" '$1 == "connection" { on = $2 == id }
		on && substr($0, 1, 2) == "| " { line = substr($0, 3); sub(/%s2s-local/, address, line); print line }' "$1"
}

# The bundle as if this connection were its only one.
bundle_of_one() { # bundle id
	awk -v id="$2" '$1 == "connection" { in_one = 1; on = $2 == id } !in_one || on' "$1"
}
