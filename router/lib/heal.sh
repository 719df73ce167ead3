# The router keeps its own tunnels up. What was seen before is kept in $memory/<id>.seen.

now() { date +%s; }

# The pairs of one connection that the daemon has up, as "<n> <n> ": to look further takes more time than to initiate.
ups_of() { # id
	daemon_status | awk -v own="\"$1-" '
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
	bundle=$1 id=$2 refused=
	shift 2
	ups=$(ups_of "$id")
	for conn in "$@"; do
		case " $ups" in *" ${conn##*-} "*) continue ;; esac
		conn_initiate "$conn" >"$run/initiated.$conn"
		ups=$(ups_of "$id")
		case " $ups" in *" ${conn##*-} "*)
			[ -n "$refused" ] || keep_reason "$id" ''
			rm -f "$run/initiated.$conn"
			continue
			;;
		esac
		refused=1
		keep_reason "$id" "$(reason_of_initiation "$bundle" "$id" "$run/initiated.$conn")"
		rm -f "$run/initiated.$conn"
		is_answered "$bundle" "$id" || return 1
	done
	[ -z "$refused" ]
}

# Takes all pairs down before any comes up: a pair touched alone leaves the others dead behind a status that says up.
# Once more only where the first round left states behind: a status costs what twenty dead peers would make others wait for.
restart() { # bundle id
	conns=$(connection_conns "$1" "$2")
	now >"$memory/$2.restarted"
	# What this round leaves down is begun at the next.
	forget "$2" lone lone-wait
	for round in first second; do
		: "$round"
		for conn in $conns; do conn_terminate "$conn"; done
		conn_delete_states "$2" || break
	done
	# shellcheck disable=SC2086 # a list of names without spaces
	initiate "$1" "$2" $conns
}

since() { # file: seconds since the time in it; a great number where there is none
	if [ -s "$1" ]; then echo $(($(now) - $(cat "$1"))); else echo 999999; fi
}

# What a connection needs, from its pairs and what was seen before:
#   nothing | restart down|lost|crowd | initiate <n> … | beside <n> … | one-way <n> …
# A conn that the daemon does not have is for an apply to load: its siblings are none the worse for it.
need_of() { # pairs-file id
	find_asked_pair "$2"
	seen_file=$memory/$2.seen
	[ -e "$seen_file" ] || seen_file=/dev/null
	columns_awk -v id="$2" -v asked="$asked_pair" -v own="$own_bytes" '
		of == "seen" { n = $SEEN_NUMBER; was_up[n] = $SEEN_UP; spi[n] = $SEEN_SPI; was_out[n] = $SEEN_OUT; silent[n] = $SEEN_SILENT; next }
		$ID != id || !$LOADED { next }
		{ n = $NUMBER; all++; if ($UP) ups++
			if ($CROWDED) { crowd = 1; next }
			# What the daemon believes to have, it does not initiate.
			if (!$UP && (was_up[n] || $CLAIMED)) lost = 1
			if (!$UP) downs = downs " " n
			if ($UP && $EXPIRING) expiring = expiring " " n
			same = spi[n] == $SPI_OUT
			if ($UP && same && $BYTES_OUT > was_out[n] + (n == asked ? own : 0) && $BYTES_IN == 0) silent[n]++
			if ($UP && same && silent[n] >= 2 && $BYTES_IN == 0) dead = dead " " n }
		END {
			if (!all) print "nothing"
			else if (lost) print "restart lost"
			else if (crowd) print "restart crowd"
			else if (!ups) print "restart down"
			else if (dead != "") print "one-way" dead
			else if (expiring != "") print "beside" expiring
			else if (downs) print "initiate" downs
			else print "nothing"
		}' of=seen "$seen_file" of=now "$1"
}

remember() { # pairs-file id
	find_asked_pair "$2"
	seen_file=$memory/$2.seen
	[ -e "$seen_file" ] || seen_file=/dev/null
	columns_awk -v id="$2" -v asked="$asked_pair" -v own="$own_bytes" '
		of == "seen" { n = $SEEN_NUMBER; spi[n] = $SEEN_SPI; was_out[n] = $SEEN_OUT; was_in[n] = $SEEN_IN; silent[n] = $SEEN_SILENT; next }
		$ID != id { next }
		{ n = $NUMBER; up = $UP; spi_out = $SPI_OUT; out = $BYTES_OUT; in_ = $BYTES_IN
			quiet = (up && spi[n] == spi_out && in_ == was_in[n]) ? silent[n] + (out > was_out[n] + (n == asked ? own : 0)) : 0
			$0 = ""; $SEEN_NUMBER = n; $SEEN_UP = up; $SEEN_SPI = spi_out; $SEEN_OUT = out; $SEEN_IN = in_; $SEEN_SILENT = quiet
			print }' of=seen "$seen_file" of=now "$1" >"$memory/$2.seen.new"
	mv "$memory/$2.seen.new" "$memory/$2.seen"
}

# Restarts come at every pass for ten minutes, then once a minute.
restart_is_due() { # id
	[ -s "$memory/$1.down-since" ] || now >"$memory/$1.down-since"
	[ "$(since "$memory/$1.down-since")" -lt 600 ] || [ "$(since "$memory/$1.restarted")" -ge 60 ]
}

# Between the restarts of what has been down for long: the first pair alone, since a peer that is back has all of them within the next pass then.
knock() { # bundle id
	conns=$(connection_conns "$1" "$2")
	first=$2-1
	conn_terminate "$first"
	# shellcheck disable=SC2086 # names without spaces
	conn_initiate "$first" >/dev/null && initiate "$1" "$2" $conns
}

# One-way traffic may be the far side's fault: not sooner than two minutes after the last, doubling to an hour. What it waits is
# remembered over the restart, with the pairs that are silent: "<seconds> <n> …". The check shows them as long as they are.
one_way_is_due() { # id n ...
	one_way_file=$memory/$1.one-way-wait
	one_way_shown=$memory/$1.one-way
	shift
	echo "$*" | tr ' ' ',' >"$one_way_shown"
	wait=0
	[ ! -s "$one_way_file" ] || read -r wait _ <"$one_way_file"
	[ "$wait" -eq 0 ] || [ "$(since "${one_way_file%.one-way-wait}.restarted")" -ge "$wait" ] || return 1
	wait=$((wait == 0 ? 120 : wait * 2))
	[ "$wait" -le 3600 ] || wait=3600
	echo "$wait $*" >"$one_way_file"
}

# Something came in on every pair that was silent.
one_way_is_over() { # pairs-file id
	[ -s "$memory/$2.one-way-wait" ] || return 0
	columns_awk -v id="$2" '
		of == "waits" { for (i = 2; i <= NF; i++) waits[$i] = 1; next }
		$ID == id && $NUMBER in waits && $BYTES_IN == 0 { silent = 1 }
		END { exit silent }' of=waits "$memory/$2.one-way-wait" of=now "$1"
}

# What the peer may go on refusing is tried at once, then backing off to five minutes: pairs that never come up (lone), and a restart of those
# that the daemon began all at once, as it may do again where all have traffic (crowd).
is_due() { # id lone|crowd
	wait=$(cat "$memory/$1.$2-wait" 2>/dev/null || echo 15)
	[ "$(since "$memory/$1.$2")" -ge "$wait" ] || return 1
	now >"$memory/$1.$2"
	wait=$((wait * 2))
	[ "$wait" -le 300 ] || wait=300
	echo "$wait" >"$memory/$1.$2-wait"
}

heal_connection() { # bundle pairs-file id
	need=$(need_of "$2" "$3")
	remember "$2" "$3"
	case $need in
	one-way*) ;;
	*) forget "$3" one-way ;;
	esac
	case $need in
	'restart lost')
		keep_reason "$3" "$(reasons_of "$1" - "$3" | cut -d ' ' -f 2)"
		forget "$3" down-since
		;;
	'restart down') ;;
	# Something of it is up, or believed to be.
	*) forget "$3" down-since ;;
	esac
	case $need in
	nothing)
		forget "$3" lone lone-wait crowd crowd-wait reason
		! one_way_is_over "$2" "$3" || rm -f "$memory/$3.one-way-wait"
		;;
	'restart crowd') ! is_due "$3" crowd || restart "$1" "$3" ;;
	restart*) if restart_is_due "$3"; then restart "$1" "$3"; else knock "$1" "$3"; fi ;;
	one-way*)
		# shellcheck disable=SC2086 # numbers
		! one_way_is_due "$3" ${need#one-way} || restart "$1" "$3"
		;;
	beside*) for n in ${need#beside }; do conn_initiate "$3-$n" >/dev/null; done ;;
	initiate*)
		conns=
		for n in ${need#initiate }; do conns="$conns $3-$n"; done
		# shellcheck disable=SC2086 # names without spaces
		! is_due "$3" lone || initiate "$1" "$3" $conns
		;;
	esac
}

initiates() { # bundle id
	case " $(initiated_ids "$1")" in *" $2 "*) [ ! -s "$memory/$2.bad" ] ;; *) return 1 ;; esac
}

# Connections heal side by side, each under a lock of its own, so that a dead peer keeps nobody waiting. A connection that is still at it from
# the pass before is left alone, and so is one that an apply is changing. The lock's file names its holder, and all hold a common one as long
# as any is at work.
heal_connections() { # bundle id ...
	bundle=$1
	shift
	look_surely "$bundle" "$run/heal.$$" || return 1
	exec 5>"$run/healing.lock"
	flock -s 5
	ask_hosts "$bundle" "$run/heal.$$" "$@"
	begun_here=" $(initiated_ids "$bundle")"
	for id in "$@"; do
		case $begun_here in *" $id "*) [ ! -s "$memory/$id.bad" ] || continue ;; *) continue ;; esac
		cp "$run/heal.$$" "$run/heal.$$.$id"
		(
			exec 9>&- 7>&- 6>&- 8>>"$run/heal-$id.lock"
			if flock -n 8; then
				# shellcheck disable=SC2016 # of the shell that is asked
				sh -c 'echo $PPID' >"$run/heal-$id.lock"
				is_changing "$id" || heal_connection "$bundle" "$run/heal.$$.$id" "$id"
			fi
			rm -f "$run/heal.$$.$id"
		) </dev/null >/dev/null 2>&1 &
	done
	exec 5>&-
	rm -f "$run/heal.$$"
}

# Whether an apply that is at work has said that it changes this connection.
is_changing() { # id
	apply_is_busy && grep -qF " $1 " "$run/changing" 2>/dev/null
}

# Before an apply changes connections: none of them is being healed from here on, until it is over.
hold_from_healing() { # id ...
	echo " $* " >>"$run/changing"
	for id in "$@"; do
		tries=0
		until flock -n "$run/heal-$id.lock" true || [ "$tries" -ge 50 ]; do
			tries=$((tries + 1))
			read -r healer <"$run/heal-$id.lock" && kill "$healer" 2>/dev/null
			sleep 0.1
		done
	done
}

# Waits until nothing is being healed, but not past the next pass: fails where something still is.
healing_ends_soon() {
	flock -w 15 "$run/healing.lock" true
}

# Most of it is not there most of the time, and a process costs more than a look.
forget() { # id kind ...
	forgotten=$memory/$1
	shift
	for kind in "$@"; do [ ! -e "$forgotten.$kind" ] || rm -f "$forgotten.$kind"; done
}

# Begins anew with a connection that was changed.
forget_memory() { # id
	forget "$1" seen down-since restarted one-way one-way-wait lone lone-wait crowd crowd-wait reason bad loaded replies
}

# Begins anew with some of its pairs.
forget_pairs() { # id conn ...
	id=$1
	shift
	[ -s "$memory/$id.seen" ] || return 0
	awk -v conns=" $* " -v id="$id" '!index(conns, " " id "-" $1 " ")' "$memory/$id.seen" >"$memory/$id.seen.new" && mv "$memory/$id.seen.new" "$memory/$id.seen"
}

# One pass over everything: the daemon, the tunnels, the packets' rules. An apply that is at work does the first and the last itself, and keeps
# only those connections from being healed that it changes.
heal_pass() {
	[ -s "$state/bundle" ] || return 0
	exec 9>"$run/apply.lock"
	if flock -n 9; then
		if mend_daemon; then
			# A conn whose local address is not there yet, or came after the daemon's start.
			! daemon_status | grep '^"vpnc-' | grep -q 'unoriented;' || daemon_rereads
			heal_all
		fi
		read_tables "$run/tables"
		packet_rules_stand "$run/tables" || set_packet_rules "$(bundle_value "$state/bundle" vpc)" "$state/bundle"
		keep_packet_counts "$run/tables"
		# Of one that was started anew since an apply saw to them.
		[ ! -s "$state/daemon.setup" ] || keep_daemon_setup
		sweep_leftovers
	else
		heal_all
	fi
	exec 9>&-
}

heal_all() {
	ids=$(bundle_ids "$state/bundle")
	# shellcheck disable=SC2086 # ids have no spaces
	heal_connections "$state/bundle" $ids
}

# What commands that were cut off have left. Keys are never left lying.
sweep_leftovers() {
	rm -rf "$run/keys" "$ours/.stage" "$state/stage"
	# Those of the pairs' states and of the status are named by their process.
	find "$run" -type f \( -name '*.[0-9]*' -o -name 'now.*' -o -name 'initiated.*' -o -name 'added.*' \) -mmin +10 -exec rm -f {} +
}
