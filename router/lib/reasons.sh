# Why a tunnel is not up, from what the daemon printed and logged. Codes are those of the control plane's table.

# What the daemon wrote lately, the lines that hold one of the words.
daemon_lines() { # -e word ...
	for log in "$root/var/log/pluto.log" "$root/var/log/auth.log" "$root/var/log/daemon.log" "$root/var/log/secure" "$root/var/log/messages"; do
		[ ! -s "$log" ] || tail -n 4000 "$log" | grep -aF "$@"
	done
	if [ -d /run/systemd/system ] && command -v journalctl >/dev/null; then journalctl -u ipsec -o short-iso -n 4000 --no-pager 2>/dev/null | grep -aF "$@"; fi
}

daemon_log() { # connection, lines
	daemon_lines -e "$1" | tail -n "$2"
}

# Prints "<id> <code>[,<candidate>…]" of each connection that has a reason. What our own attempts met is told from what the
# peer's requests were refused for, which is more than a peer tells us: IKEv1 names no cause for a refused phase 2.
# With a file of what an initiation printed, only that attempt counts.
reasons_of() { # bundle file|- id ...
	bundle=$1 printed=$2
	shift 2
	map=$(awk -v ids=" $* " '$1 == "connection" && index(ids, " " $2 " ") { peer = "any"; for (i = 3; i <= NF; i++) if (index($i, "peer=") == 1) peer = substr($i, 6); print $2, peer }' "$bundle")
	[ -n "$map" ] || return 0
	{
		# Before the log, which says more of the same attempt.
		[ "$printed" = - ] || cat "$printed"
		words=$(echo "$map" | awk '{ print "-e", $1; if ($2 != "any") print "-e", $2 ":" }')
		# shellcheck disable=SC2086 # words without spaces
		daemon_lines $words
	} | awk -v map="$(echo "$map" | tr '\n' ' ')" -v own="$printed" '
		BEGIN { n = split(map, m, " "); for (i = 1; i < n; i += 2) of[m[i + 1]] = m[i]; any = "phase2-refused,esp-proposal-mismatch,pfs-mismatch,subnet-mismatch" }
		function ours(code) { mine[id] = code }
		function asked(code) { theirs[id] = code }
		function lost_by(code) { lost[id] = code }
		{ s = match($0, /#[0-9]+:/) ? substr($0, RSTART, RLENGTH) : "" }
		match($0, /vpnc-[0-9a-f]+-[0-9]+"/) { id = substr($0, RSTART, 22); at = id s }
		!RSTART { if (!match($0, /packet from [0-9.]+:/)) next; id = of[substr($0, RSTART + 12, RLENGTH - 13)]; at = id "-"; theirs_is[at] = 1 }
		id == "" { next }
		/added .*connection|IPsec SA established|established Child SA/ { delete mine[id]; delete theirs[id]; delete lost[id]; child[id] = !/added/; next }
		/initiating (IKE|Main|v2)/ { delete mine[id]; next }
		/responding to|chosen from remote/ { theirs_is[at] = 1; next }
		/SA established|established IKE SA/ { first[at] = 1; next }
		/mismatched on first found|peer to have ID|peer declares|no suitable connection for peer/ { if (at in theirs_is) asked("identity-mismatch"); else ours("identity-mismatch"); next }
		/rejected by peer: AUTHENTICATION_F|payload,?( type)? AUTHENTICATION_F/ { ours("psk-mismatch,identity-mismatch"); next }
		/malformed payload|computed hash|preshared key|preshared secrets|Hash Payload/ { if (at in theirs_is) asked("psk-mismatch"); else ours("psk-mismatch"); next }
		/require PFS|not supported for PFS/ { asked("pfs-mismatch"); next }
		/no acceptable Proposal in IPsec|remote proposals [0-9]+:(ESP|AH)/ { asked("esp-proposal-mismatch"); next }
		/no connection is known for|compatible Traffic Sel/ { asked("subnet-mismatch"); next }
		/no acceptable Oakley|remote proposals [0-9]+:IKE|no (suitable )?connection (found|has been)/ { asked("ike-proposal-mismatch"); next }
		/payload,?( type)? INVALID_ID_INF|TS_UNACCEPTABLE/ { ours("subnet-mismatch"); next }
		/IKE_AUTH response rejected Child SA with NO_PROP/ { ours("esp-proposal-mismatch"); next }
		/Child SA with NO_PROP/ { ours(any); next }
		/payload,?( type)? NO_PROP/ { ours((at in first) ? any : "ike-proposal-mismatch"); next }
		/must be encrypted|IKE_SA_INIT message containing NO_PROP/ { ours("ike-proposal-mismatch"); next }
		/STATE_QUICK_I1: retr/ { if (mine[id] == "") ours(any); next }
		/_(MAIN_I3|PARENT_I2): (retr|[0-9]+ second)|Possible authentication f/ { if (mine[id] == "") ours("psk-mismatch"); next }
		/DPD action|[Dd][Pp][Dd]: .*([Nn]o response|timeout|dead|declaring)|liveness.*(timeout|failed)|dead peer/ { lost_by("dpd-timeout") }
		/received Delete SA|received INFORMATIONAL.*[Dd]elete|deleting state.*requested by peer|[Dd]elete.*by peer/ { lost_by("peer-deleted" (((at in first) && !child[id]) ? ",identity-mismatch" : "")) }
		END {
			for (i = 1; i < n; i += 2) { id = m[i]; why = mine[id]
				if (why == any && theirs[id] ~ /^(esp|pfs|sub)/) why = theirs[id]
				if (why == "" && own == "-") why = theirs[id] == "" ? lost[id] : theirs[id]
				if (why != "") print id, why }
		}'
}

# Of an initiation that got nowhere: the daemon logs more than it prints.
reason_of_initiation() { # bundle id file
	why=$(reasons_of "$1" "$3" "$2")
	if [ -n "$why" ]; then echo "${why#* }"; elif [ -s "$3" ]; then echo peer-unreachable; fi
}

keep_reason() { # connection reason
	if [ -n "$2" ]; then printf '%s\n' "$2" >"$memory/$1.reason"; else rm -f "$memory/$1.reason"; fi
}
