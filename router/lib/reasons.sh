# Why a tunnel is not up, from what the daemon printed and logged. Codes are those of the control plane's table.

# Prints "<id> <code>[,<candidate>…]" of each connection that has a reason. What our own attempts met is told from what the
# peer's requests were refused for, which is more than a peer tells us: IKEv1 names no cause for a refused phase 2.
# With a file of what an initiation printed, only that attempt counts. Where the library is joined, the line #log-patterns
# becomes the rules of functions/domain/diagnosis/log-patterns.ts.
reasons_of() { # bundle file|- id ...
	bundle=$1 printed=$2
	shift 2
	map=$(awk -v ids=" $* " '$1 == "connection" && index(ids, " " $2 " ") { peer = "any"; for (i = 3; i <= NF; i++) if (index($i, "peer=") == 1) peer = substr($i, 6); print $2, peer }' "$bundle")
	[ -n "$map" ] || return 0
	# shellcheck disable=SC2086 # words without spaces
	set -- $map
	map=$*
	words=
	while [ $# -gt 1 ]; do
		words="$words -e $1"
		[ "$2" = any ] || words="$words -e $2:"
		shift 2
	done
	{
		# Before the log, which says more of the same attempt, or may say nothing of it yet.
		[ "$printed" = - ] || { cat "$printed"; echo s2s-log; }
		# shellcheck disable=SC2086 # words without spaces
		daemon_lines $words
	} | awk -v map="$map" -v own="$printed" '
		BEGIN { n = split(map, m, " "); for (i = 1; i < n; i += 2) of[m[i + 1]] = m[i] }
		function forget_states(of_id,   key) {
			for (key in phase1) if (index(key, of_id) == 1) delete phase1[key]
			for (key in theirs) if (index(key, of_id) == 1) delete theirs[key]
			for (key in said) if (index(key, of_id) == 1) delete said[key]
		}
		function hear() { heard[id] = 1; delete away[id] }
		function begin_attempt() { delete attempt[id]; delete silence[id]; delete away[id]; delete heard[id] }
		function of_attempt(of_id) { return (of_id in attempt) ? attempt[of_id] : silence[of_id] }
		function of_absence(of_id) { return (of_id in away) ? away[of_id] : tried[of_id] && !heard[of_id] ? "peer-unreachable" : "" }
		# Codes as they are, where phase 1 of the state is not up, and where it is and no tunnel has been.
		function told(means, codes, early, childless, unless_said,   other) {
			if (means == "nothing") return
			if (means == "loaded" || means == "child-up") {
				begin_attempt(); delete tried[id]; delete request[id]; delete loss[id]; delete began[id]; child[id] = means == "child-up"
				if (means == "loaded") forget_states(id)
				return
			}
			if (means == "initiating") { begin_attempt(); tried[id] = 1; began[id] = in_log; delete phase1[at]; delete theirs[at]; delete said[at]; return }
			if (means == "responding" || means == "phase-1-up" || means == "phase-1-used" || means == "heard") {
				hear()
				other = substr($0, RSTART, RLENGTH); sub(/.*#/, "#", other)
				if (means == "responding") theirs[at] = 1
				if (means == "phase-1-up") phase1[at] = 1
				if (means == "phase-1-used") phase1[id other ":"] = 1
				return
			}
			if (early != "" && !(at in phase1)) codes = early
			else if (childless != "" && (at in phase1) && !child[id]) codes = childless
			if (codes == "" || (unless_said && (at in said))) return
			said[at] = 1
			if (means == "either") means = (at in theirs) ? "request" : "attempt"
			if (means == "network") { away[id] = codes; return }
			if (means == "unanswered") { tried[id] = 1; if (!heard[id] && !(id in away)) away[id] = codes; return }
			hear()
			if (means == "attempt") attempt[id] = codes
			else if (means == "silence") silence[id] = codes
			else if (means == "request") request[id] = codes
			else if (means == "loss") loss[id] = codes
		}
		$0 == "s2s-log" { for (i = 1; i < n; i += 2) { first[m[i]] = of_attempt(m[i]); absent[m[i]] = of_absence(m[i]) } in_log = 1; next }
		{ state = match($0, /#[0-9]+:/) ? substr($0, RSTART, RLENGTH) : "" }
		# The daemon names a connection or the sender of a packet first; behind that, a name or a sender may be what a peer says of itself.
		{ sender = ""; quoted = index($0, "\""); if (match($0, /packet from [^ ]+/) && (!quoted || RSTART < quoted)) { sender = substr($0, RSTART + 12, RLENGTH - 12); sub(/:.*/, "", sender) } }
		sender == "" { if (!match($0, /^[^"]*"vpnc-[0-9a-f]+-[0-9]+"/)) next; at = substr($0, 1, RLENGTH); sub(/^[^"]*"/, "", at); id = substr(at, 1, 22); at = id state }
		sender != "" { if (!(sender in of)) next; id = of[sender]; at = id "-"; theirs[at] = 1; hear() }
		#log-patterns
		END {
			for (i = 1; i < n; i += 2) {
				id = m[i]; why = of_attempt(id)
				if (why == "") why = first[id]
				if (why ~ /^phase2/ && request[id] ~ /^(esp|pfs|sub)/) why = request[id]
				if (why == "" && own == "-") why = request[id] == "" ? loss[id] : request[id]
				if (why == "" && own == "-") why = away[id]
				if (why == "" && own != "-") why = of_absence(id)
				if (why == "" && !began[id]) why = absent[id]
				if (why != "") print id, why
			}
		}'
}

# Of an initiation that got nowhere: the daemon logs more than it prints.
reason_of_initiation() { # bundle id file
	reasons_of "$1" "$3" "$2" | cut -d ' ' -f 2
}

keep_reason() { # connection reason
	if [ -n "$2" ]; then printf '%s\n' "$2" >"$memory/$1.reason"; else rm -f "$memory/$1.reason"; fi
}
