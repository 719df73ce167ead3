# Security associations are not reachability: whether the hosts of the connections' probes answer through their tunnels. What came of the
# last pings is kept in $memory/<id>.replies, as "<when> <host> <number of its pair> <percent lost> <round trip in ms, or ->".

# Four passes of heal: what is older tells nothing.
replies_last=60

# What the pings of one pass are to an SA: a probe whose host is off is no traffic that gets no answer, for which a tunnel is restarted.
own_bytes=252

# In $asked_pair the pair that they go through, where a connection has a probe.
find_asked_pair() { # id
	asked_pair=
	[ ! -s "$memory/$1.replies" ] || read -r _ _ asked_pair _ <"$memory/$1.replies"
}

# The probes of a bundle, as "<id> <host> <number of its pair>"; of one whose pair is not up the id alone.
probes_of() { # bundle pairs-file
	columns_awk "$holds_function"'
		FILENAME == ARGV[1] && $1 == "connection" { id = $2; probe = ""; for (i = 3; i <= NF; i++) if (index($i, "probe=") == 1) { probe = substr($i, 7); host[id] = probe } }
		FILENAME == ARGV[1] { if ($1 == "pair" && probe != "" && holds($3, probe)) pair_of[id] = $2; next }
		($ID in host) && $NUMBER == pair_of[$ID] && $UP { up[$ID] = 1 }
		END { for (id in host) print id, (id in up) ? host[id] " " pair_of[id] : "" }' "$1" "$2"
}

# Pings side by side and waits for none. They go out from an address that the tunnel carries; where there is none, or no ping, nothing is known.
ask_hosts() { # bundle pairs-file id ...
	command -v ping >/dev/null 2>&1 || return 0
	asked=$(probes_of "$1" "$2")
	[ -n "$asked" ] || return 0
	asking=$(inner_address "$(bundle_value "$1" vpc)")
	[ -n "$asking" ] || return 0
	shift 2
	asked_at=$(now)
	echo "$asked" | while read -r asked_id asked_host asked_pair; do
		case " $* " in *" $asked_id "*) ;; *) continue ;; esac
		read_line "$run/asked.$asked_id" || line=
		age_of "$line" "$asked_at"
		if [ -z "$asked_host" ]; then
			forget "$asked_id" replies
		# The pings of two passes at once, of an apply and of the timer, would look like traffic that gets no answer.
		elif [ "$age" -ge 10 ]; then
			echo "$asked_at" >"$run/asked.$asked_id"
			ask_host "$asking" "$asked_id" "$asked_host" "$asked_pair" </dev/null >/dev/null 2>&1 &
		fi
	done
}

# The bound is for a ping that hangs; three that are not answered take two seconds.
ask_host() { # from id host pair
	exec 9>&- 7>&- 6>&-
	answered=$(timeout 6 ping -n -q -c 3 -i 0.5 -W 1 -I "$1" "$3" | awk '
		match($0, /[0-9.]+% packet loss/) { lost = substr($0, RSTART, RLENGTH); sub(/%.*/, "", lost); lost = int(lost + 0.5) }
		/min\/avg\/max/ { sub(/.*= */, ""); split($0, time, "/"); trip = int(time[2] + 0.5); if (trip < 1) trip = 1 }
		END { if (lost != "") print lost, (lost < 100 && trip != "") ? trip : "-" }')
	[ -n "$answered" ] || return 0
	echo "$(now) $3 $4 $answered" >"$memory/$2.replies.new" && mv "$memory/$2.replies.new" "$memory/$2.replies"
}

# What is recent, as "<id> replies <host> <number of its pair> <percent lost> <round trip>".
kept_replies() {
	set +f
	set -- "$memory"/*.replies
	set -f
	[ -e "$1" ] || return 0
	kept_at=$(now)
	for file in "$@"; do
		read_line "$file" || continue
		id=${file##*/}
		age_of "${line%% *}" "$kept_at"
		[ "$age" -gt "$replies_last" ] || echo "${id%.replies} replies ${line#* }"
	done
}
