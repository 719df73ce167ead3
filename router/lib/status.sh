# Truth: a pair is up when the conn line says that an SA owns it and that it is routed, the kernel has both its SPIs, the kernel has the
# outbound policy to this peer, and nothing tells that the peer does not have the SA any more: its delete, its death, or an IKE SA that is
# gone, which under IKEv1 says nothing by itself.

# Reads the bundle, the daemon's status, or where that is - asks for it, and the kernel, and prints the state of each pair of the bundle, or of
# one connection's. What heal saw and the log tells is asked where the status is of all connections. Ends with 16 and more for what it found: 1
# that a pair should be looked at again, 2 that one is not loaded, 4 that one is down, 8 that one is loaded which the bundle does not have; with 3
# where the status lacks its own first facts, as one that was cut short, or of a daemon we do not know, and where the kernel does not say all.
pair_states() { # bundle, file of the status or -[, connection]
	pairs_of_bundle=$1 status=$2 asks='' whole=1 only=${3:-}
	[ "$status" != - ] || { asks=1 status=/dev/null; }
	[ -z "$only" ] || whole=
	set +f
	set -- "$memory"/*.seen
	set -f
	[ -n "$whole" ] && [ -e "$1" ] || set --
	{
		[ -z "$asks" ] || print_status || exit
		echo s2s-said
		[ -z "$whole" ] || said_of_states
		echo s2s-kernel
		kernel_state
	} | columns_awk -v whole="$whole" -v only="$only" "$pair_function $kernel_function"'
		function plain(spi) { sub(/^0+/, "", spi); return spi }
		# Such as AES_CBC_128-HMAC_SHA2_256_128; pfsgroup=MODP2048, of which Openswan 2.6 leaves some parts out, or of Openswan 3.0
		# ESP_AES_128-hmac_sha1_96-OAKLEY_GROUP_MODP1024.
		function suite(words) {
			words = tolower(words); sub(/; pfsgroup=/, "-", words); sub(/[; ].*/, "", words)
			sub(/^esp_/, "", words); sub(/oakley_group_/, "", words); sub(/-(<n\/a>|nopfs)$/, "", words)
			sub(/^aes_(cbc_)?/, "aes", words); sub(/^3des[^-]*/, "3des", words)
			sub(/-hmac_/, "-", words); sub(/sha2_/, "sha", words); sub(/_[0-9]+/, "", words)
			return words
		}
		of == "bundle" && !/^(vpc|connection|pair) / { next }
		of == "bundle" {
			if ($1 == "vpc") vpc = $2
			if (!pair() || (only != "" && $ID != only)) next
			n++; id[n] = $ID; number[n] = $NUMBER; remote[n] = $REMOTE; peer[n] = $PEER; ike[n] = $IKE; asked[n] = $SUITE; index_of[$ID "-" $NUMBER] = n
			next
		}
		of == "kernel" {
			if ($0 == "s2s-kernel-end") is_kernel_whole = 1
			what = kernel()
			if (what == "sa") { has[sa_spi]++; bytes[sa_spi] = bytes[sa_to " " sa_spi] = sa_bytes; has[sa_to " " sa_spi] = 1 }
			if (what == "policy") { block = policy_src " " policy_dst; policy[block] = policy[block] " " policy_peer " " }
			next
		}
		of == "seen" { seen = FILENAME; sub(/.*\//, "", seen); sub(/[.]seen$/, "", seen); silent[seen " " $SEEN_NUMBER " " $SEEN_SPI] = $SEEN_SILENT; next }
		$0 == "s2s-said" { of = "said"; next }
		of == "said" && $0 == "s2s-kernel" { of = "kernel"; next }
		of == "said" { said[$1 " " $2] = NF > 2 ? $3 : 1; next }
		/kernel interface/ { is_readable = 1 }
		only != "" && !index($0, "\"" only "-") { next }
		{ line = $0; sub(/^[0-9][0-9][0-9] /, "", line) }
		line ~ /^"/ {
			conn = line; sub(/^"/, "", conn); sub(/".*/, "", conn)
			if (!(conn in index_of)) { if (conn ~ /^vpnc-[0-9a-f]+-[0-9]+$/ && length(conn) > 23) some_orphaned = 8; next }
			i = index_of[conn]; loaded[i] = 1
			if (line ~ /; erouted; eroute owner: #[1-9]/ || line ~ /routing: routed-tunnel; owner: (IPsec|Child) SA #[1-9]/) {
				owner_line = line; sub(/.*owner: ((IPsec|Child) SA )?#/, "", owner_line); sub(/[^0-9].*/, "", owner_line); claimed[i] = 1; owner[i] = owner_line
			}
			# The PFS group shown is the configured one: no daemon says which it negotiated.
			if (asked[i] != "" && match(line, /algorithm newest: /)) {
				got = suite(substr(line, RSTART + RLENGTH)); split(asked[i], want, ","); as = want[1 + (line ~ /ESP algo/)]
				if (sub(/<?phase1>?$/, "", got)) as = substr(as, 1, length(got))
				if (got != as) other[i] = 1
			}
			if (line ~ /newest (ISAKMP|IKE) SA: #[1-9]/ || line ~ /established (ISAKMP|IKE) SA: #[1-9]/) phase1[id[i]] = 1
		}
		line ~ /^#[0-9]+: "/ {
			state = line; sub(/^#/, "", state); sub(/:.*/, "", state)
			conn = line; sub(/^#[0-9]+: "/, "", conn); sub(/".*/, "", conn)
			# Where a key differs, MAIN_I3 and PARENT_I2 are as far as it goes.
			established = line ~ /STATE_(MAIN_I4|MAIN_R3|V2_ESTABLISHED_IKE|PARENT_I3|PARENT_R2)|(ISAKMP|IKE|PARENT) SA established|established (ISAKMP|IKE) SA/
			if (established) has_ike[state] = 1
			if (!(conn in index_of)) next
			i = index_of[conn]
			if (established) phase1[id[i]] = 1
			if (match(line, /(isakmp|ISAKMP SA |IKE SA )#[0-9]+/)) { parent[state] = substr(line, RSTART, RLENGTH); sub(/.*#/, "", parent[state]) }
			if (match(line, / esp\.[0-9a-fA-F]+@[0-9.]+ esp\.[0-9a-fA-F]+@[0-9.]*/)) {
				split(substr(line, RSTART, RLENGTH), spi, /[ @]/)
				split(spi[2], a, "."); out[i " " state] = plain(tolower(a[2])); split(spi[4], b, "."); in_[i " " state] = plain(tolower(b[2]))
				out_to[i " " state] = spi[3]; in_to[i " " state] = spi[5]
			}
			if (line ~ /eroute owner/ && line ~ /(EVENT_SA_EXPIRE|; EXPIRE) in/) expiring[i] = 1
		}
		# A peer chooses the SPI of what goes to it, and may choose that of an SA of another, which then differ by where they lead.
		function sa(spi, to) { return has[spi] > 1 ? to " " spi : spi }
		function sa_out(i) { return sa(out[i " " owner[i]], out_to[i " " owner[i]]) }
		function sa_in(i) { return sa(in_[i " " owner[i]], in_to[i " " owner[i]]) }
		function is_crowded(i) { return (("crowd " id[i] "#" owner[i]) in said) && bytes[sa_in(i)] == 0 }
		# Why the peer does not have the SA of a pair, though it stands here.
		function gone(i,   s, named) {
			s = owner[i]; named = id[i] "#" s
			if (("dead " named) in said) return said["dead " named]
			if (peer[i] != "any" && (("lost " id[i]) in said) && !(("since " named) in said)) return "dpd-timeout"
			if (is_crowded(i)) return said["crowd " named]
			if (!whole || phase1[id[i]] || (parent[s] in has_ike)) return "-"
			if (ike[i] == "ikev2") return (("lost " id[i]) in said) ? "dpd-timeout" : "peer-deleted"
			if (peer[i] != "any" && (("ikeless " id[i]) in said) && !(("phased " named) in said)) return "peer-deleted"
			return silent[id[i] " " number[i] " " out[i " " s]] >= 1 ? "dpd-timeout" : "-"
		}
		END {
			for (i = 1; i <= n; i++) {
				so = out[i " " owner[i]]; si = in_[i " " owner[i]]
				p = policy[vpc " " remote[i]]
				sure = claimed[i] && so != "" && has[sa_out(i)] && has[sa_in(i)] && (peer[i] == "any" ? p != "" : index(p, " " peer[i] " "))
				$0 = ""; $ID = id[i]; $NUMBER = number[i]; $GONE = sure ? gone(i) : "-"; $UP = sure && $GONE == "-"; $CROWDED = sure && is_crowded(i); $PHASE1 = phase1[id[i]] + 0; $CLAIMED = claimed[i] + 0
				$SPI_OUT = so == "" ? "-" : so; $SPI_IN = si == "" ? "-" : si; $BYTES_OUT = bytes[sa_out(i)] + 0; $BYTES_IN = bytes[sa_in(i)] + 0
				$EXPIRING = expiring[i] + 0; $LOADED = loaded[i] + 0; $OTHER_SUITE = other[i] + 0
				print
				if (!$UP) { some_down = 4; if ($CLAIMED && $GONE !~ /deleted/) doubt = 1 }
				if (!$LOADED) some_unloaded = 2
			}
			exit is_readable && is_kernel_whole ? 16 + doubt + some_unloaded + some_down + some_orphaned : 3
		}' of=seen "$@" of=bundle "$pairs_of_bundle" of=status "$status" -
}

# A snapshot of the truth into a file, of all connections or of one, with what was found in $doubt, $some_unloaded, $some_down and $some_orphaned; fails
# where the daemon does not answer or cannot be understood.
look() { # bundle to [connection]
	states=$(pair_states "$1" - "${3:-}")
	found=$?
	{ [ -z "$states" ] || printf '%s\n' "$states"; } >"$2" && [ "$found" -ge 16 ] || return 1
	doubt=$((found & 1)) some_unloaded=$((found & 2)) some_down=$((found & 4)) some_orphaned=$((found & 8))
}

# Twice where once leaves a doubt: an SA that the daemon took down between the two reads is not missing from the kernel, and a daemon that
# is busy for a moment is not one that cannot be understood. One that is only starting, as in the midst of an apply, has some seconds.
look_surely() { # bundle to
	tries=0
	until look "$1" "$2"; do
		[ "$tries" -gt 0 ] || first_look=$(now)
		tries=$((tries + 1))
		age_of "$first_look"
		[ "$tries" -lt 2 ] || { [ "$age" -lt 8 ] && [ -n "$(daemon_pids)" ]; } || return 1
		sleep 1
	done
	[ "$tries" -eq 0 ] && [ "$doubt" != 0 ] || return 0
	mv "$2" "$2.first"
	columns_awk '$GONE == "dpd-timeout" { exit 1 }' "$2.first" || sleep 1
	if look "$1" "$2"; then states=$(still_carried "$2.first" "$2"); printf '%s\n' "$states" >"$2.second" && mv "$2.second" "$2"; else mv "$2.first" "$2"; fi
	rm -f "$2.first"
	some_unloaded=2 some_down=4
}

# A peer that was declared dead by one of its pairs and from which bytes come in on another is not.
still_carried() { # first second
	columns_awk '
		of == "first" { was_in[$ID " " $NUMBER " " $SPI_IN] = $BYTES_IN + 0; next }
		{ key = $ID " " $NUMBER " " $SPI_IN }
		$GONE == "dpd-timeout" && (key in was_in) && $BYTES_IN > was_in[key] { $UP = 1; $GONE = "-" }
		{ print }' of=first "$1" of=second "$2"
}
