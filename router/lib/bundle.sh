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

# pair() takes a line of a bundle: whether it is a pair, which then stands in its columns. One of several bundles comes once.
pair_function='function pair(   i, w, number, remote) {
	if ($1 == "connection") { in_connection = $2; split("", has_word); for (i = 3; i <= NF; i++) { split($i, w, "="); has_word[w[1]] = w[2] } }
	if ($1 != "pair" || paired[in_connection " " $2 " " $3 " " has_word["peer"]]++) return 0
	number = $2; remote = $3
	$0 = ""; $ID = in_connection; $NUMBER = number; $REMOTE = remote; $PEER = has_word["peer"]; $MSS = has_word["mss"]
	$IKE = has_word["ike"] == "" ? "-" : has_word["ike"]; $PROBE = has_word["probe"] == "" ? "-" : has_word["probe"]; $SUITE = has_word["suite"]
	return 1
}'

bundle_pairs() { # bundle ...
	columns_awk "$pair_function"' pair() { print }' "$@"
}

# The connections that the router begins itself, in one line.
initiated_ids() { # bundle
	awk '$1 == "connection" && / passive=0( |$)/ && !/ peer=any( |$)/ { printf "%s ", $2 }' "$1"
}

# The key, the identities and the peer of each connection, "<id> <psk> <leftid> <rightid> <peer>".
connection_keys() { # bundle
	awk '$1 == "connection" { for (i = 3; i <= NF; i++) { split($i, w, "="); of[w[1]] = w[2] } print $2, of["psk"], of["leftid"], of["rightid"], of["peer"] }' "$1"
}

# Writes the file of each connection into a folder, with the router's own end in its place: the public address if the router holds it, else the
# private one behind it, else that of its default route.
connection_files() { # bundle folder
	{
		ip -4 -o addr show
		ip -4 route get 192.0.2.254
		cat "$1"
	} 2>/dev/null | awk -v folder="$2" '
		function word(key,   i) { for (i = 3; i <= NF; i++) if (index($i, key "=") == 1) return substr($i, length(key) + 2) }
		!in_bundle && $1 != "s2s-bundle/1" {
			for (i = 1; i < NF; i++) { if ($i == "inet") { split($(i + 1), held, "/"); holds[held[1]] = 1 } if ($i == "src") routed = $(i + 1) }
			next
		}
		{ in_bundle = 1 }
		$1 == "connection" { if (to) close(to); to = folder "/" $2 ".conf"; own = word("public"); if (!(own in holds)) own = word("private"); if (!(own in holds)) own = routed }
		substr($0, 1, 2) == "| " { line = substr($0, 3); sub(/%s2s-local/, own, line); print line >to }'
}
