# Brings the pairs of a connection up, and begins anew with those that are not what they seem.

# The pairs of one connection that the daemon has up, as "<n> <n> ": to look further takes more time than to initiate.
ups_of() { # id
	print_status | awk -v own="\"$1-" '
		{ sub(/^[0-9][0-9][0-9] /, "") }
		index($0, own) == 1 && (/; erouted; eroute owner: #[1-9]/ || /routing: routed-tunnel; owner: (IPsec|Child) SA #[1-9]/) {
			n = substr($0, length(own) + 1); sub(/".*/, "", n); printf "%s ", n }'
}

# Whether phase 1 with the peer is up.
is_answered() { # bundle id
	look "$1" "$run/now.$2" "$2" && columns_awk '$PHASE1 { up = 1 } END { exit !up }' "$run/now.$2"
	answered=$?
	rm -f "$run/now.$2"
	return "$answered"
}

# Initiates pairs one after another, looking before each: strongSwan loses exchanges that begin together.
# A peer that answers may refuse one pair and take the next; where there is not even a phase 1, all would fail alike.
initiate() { # bundle id conn ...
	initiate_others "$(ups_of "$2")" "$@"
}

# Those that are not among the numbers of pairs that are up.
initiate_others() { # ups bundle id conn ...
	ups=$1 bundle=$2 id=$3 refused=
	shift 3
	for conn in "$@"; do
		case " $ups" in *" ${conn##*-} "*) continue ;; esac
		said=$(conn_initiate "$conn")
		# Whatever else it says is looked into.
		case $said in
		*'IPsec SA established'* | *'established Child SA'*) ups="$ups ${conn##*-} " ;;
		*) ups=$(ups_of "$id") ;;
		esac
		case " $ups" in *" ${conn##*-} "*)
			[ -n "$refused" ] || [ ! -e "$memory/$id.reason" ] || keep_reason "$id" ''
			continue
			;;
		esac
		refused=1
		echo "$said" >"$run/initiated.$conn"
		keep_reason "$id" "$(reason_of_initiation "$bundle" "$id" "$run/initiated.$conn")"
		rm -f "$run/initiated.$conn"
		is_answered "$bundle" "$id" || return 1
	done
	[ -z "$refused" ]
}

# Takes all pairs down before any comes up: a pair touched alone leaves the others dead behind a status that says up. Where the daemon has no
# state there is nothing to take down, and once more only where the first round left some behind.
restart() { # bundle id
	conns=$(connection_conns "$1" "$2")
	now >"$memory/$2.restarted"
	# What this round leaves down is begun at the next.
	forget "$2" lone lone-wait
	for round in first second; do
		: "$round"
		[ -n "$(states_of "$2")" ] || break
		for conn in $conns; do conn_terminate "$conn"; done
		conn_delete_states "$2"
	done
	# shellcheck disable=SC2086 # a list of names without spaces
	initiate_others '' "$1" "$2" $conns
}

# Between the restarts of what has been down for long: the first pair alone, since a peer that is back has all of them within the next pass then.
knock() { # bundle id
	conns=$(connection_conns "$1" "$2")
	first=$2-1
	conn_terminate "$first"
	# shellcheck disable=SC2086 # names without spaces
	conn_initiate "$first" >/dev/null && initiate "$1" "$2" $conns
}
