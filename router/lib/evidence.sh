# What the daemon's log tells of SAs that its status goes on showing.

# A state is named <id>#<number>: what a peer says of itself may be a number that another connection has, and is no word about that one.
# Of IPsec states that the peer deleted, and of those that four or more Quick Modes at once made, of which a peer may have lost some:
#   dead <state> <code>, crowd <state> <code>
# Of connections whose peer was declared dead, or deleted the last phase 1, with the states that came up since:
#   lost <id>, ikeless <id>, since <state>, phased <state>
said_of_states() {
	daemon_lines -e '"vpnc-' -e 'Starting Pluto' | awk '
		# Behind either sign a peer may say what it likes: its identity stands in quotes, its make in brackets.
		BEGIN { quotation = "[\047[].*" }
		function forget(name,   s) { for (s in conn) if (name == "" || conn[s] == name) { delete conn[s]; delete up[s]; delete begun[s]; delete dead[s]; delete after[s] } }
		# The daemon names a connection first; behind a name a peer may say what it likes of itself.
		/^[^"]*packet from/ { next }
		/^[^"]*Starting Pluto/ { forget(""); for (id in lost) delete lost[id]; for (id in ikeless) delete ikeless[id]; for (id in why) delete why[id]; for (s in ike) delete ike[s]; next }
		!match($0, /^[^"]*"vpnc-[0-9a-f]+-[0-9]+"/) { next }
		{ name = substr($0, 1, RLENGTH - 1); sub(/^[^"]*"/, "", name); id = substr(name, 1, 22); text = substr($0, RLENGTH + 1); sub(/^[[][0-9]+[]] [0-9a-f.:]+/, "", text); sub(quotation, "", text) }
		text ~ /add(ed|ing) .*connection/ { forget(name); next }
		!match(text, /#[0-9]+:/) { next }
		{ state = id substr(text, RSTART, RLENGTH - 1); text = substr(text, RSTART + RLENGTH) }
		text ~ /initiating Quick Mode/ { conn[state] = name; begun[state] = NR; after[state] = why[id]; next }
		text ~ /(ISAKMP|IKE) SA established|established IKE SA/ { ike[state] = id; delete ikeless[id]; next }
		text ~ /IPsec SA established|(established|rekeyed) Child SA/ { conn[state] = name; up[state] = NR; delete dead[state]; next }
		text ~ /received Delete SA/ {
			why[id] = "peer-deleted"
			if (match(text, /ISAKMP State #[0-9]+/)) {
				of = substr(text, RSTART, RLENGTH); sub(/.*#/, id "#", of); delete ike[of]
				ikeless[id] = NR
				for (s in ike) if (ike[s] == id) delete ikeless[id]
				next
			}
			of = state
			if (match(text, /IP[Ss][Ee][Cc] State #[0-9]+/)) { of = substr(text, RSTART, RLENGTH); sub(/.*#/, id "#", of) }
			dead[of] = why[id]
			next
		}
		text ~ /DPD action|DPD: No response|declaring peer dead|liveness action/ { lost[id] = NR; why[id] = "dpd-timeout" }
		END {
			for (s in dead) print "dead", s, dead[s]
			for (id in lost) print "lost", id
			for (id in ikeless) print "ikeless", id
			for (s in up) {
				id = substr(conn[s], 1, 22)
				if (up[s] > lost[id] + 0) print "since", s
				if (up[s] > ikeless[id] + 0) print "phased", s
				if (!(s in begun)) continue
				others = 0
				for (t in up) if (t != s && (t in begun) && substr(conn[t], 1, 22) == id && begun[t] < up[s] && begun[s] < up[t]) others++
				if (others >= 3) print "crowd", s, after[s] == "" ? "peer-deleted" : after[s]
			}
		}'
}
