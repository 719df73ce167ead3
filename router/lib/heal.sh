# The router keeps its own tunnels up. What was seen before is kept in $memory/<id>.seen.

now() { date +%s; }

# The pairs of one connection that are up, as "<n> <n> ", of one look at the daemon and the kernel.
ups_of() { # bundle id
	look "$1" "$run/now.$2" "$2" || return 1
	columns_awk '$UP { printf "%s ", $NUMBER }' "$run/now.$2"
	rm -f "$run/now.$2"
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
	ups=$(ups_of "$bundle" "$id")
	for conn in "$@"; do
		case " $ups" in *" ${conn##*-} "*) continue ;; esac
		conn_initiate "$conn" >"$run/initiated.$conn"
		ups=$(ups_of "$bundle" "$id")
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
#   nothing | restart <why> | initiate <n> … | beside <n> | one-way <n> …
need_of() { # pairs-file id
	{
		[ ! -s "$memory/$2.seen" ] || sed 's/^/seen /' "$memory/$2.seen"
		columns_awk -v id="$2" '$ID == id { print "now", $0 }' "$1"
	} | columns_awk "$kind_function"'
		kind() == "seen" { n = $SEEN_NUMBER; was_up[n] = $SEEN_UP; spi[n] = $SEEN_SPI; was_out[n] = $SEEN_OUT; silent[n] = $SEEN_SILENT; next }
		{ n = $NUMBER; all++; if ($UP) ups++
			if (!$UP && was_up[n]) lost = 1
			if (!$UP) downs = downs " " n
			if ($UP && $EXPIRING) expiring = n
			same = spi[n] == $SPI_OUT
			if ($UP && same && $BYTES_OUT > was_out[n] && $BYTES_IN == 0) silent[n]++
			if ($UP && same && silent[n] >= 2) dead = dead " " n }
		END {
			if (!all) print "nothing"
			else if (!ups) print "restart", lost ? "lost" : "down"
			else if (lost) print "restart lost"
			else if (dead != "") print "one-way" dead
			else if (expiring) print "beside", expiring
			else if (downs) print "initiate" downs
			else print "nothing"
		}'
}

remember() { # pairs-file id
	{
		[ ! -s "$memory/$2.seen" ] || sed 's/^/seen /' "$memory/$2.seen"
		columns_awk -v id="$2" '$ID == id { print "now", $0 }' "$1"
	} | columns_awk "$kind_function"'
		kind() == "seen" { n = $SEEN_NUMBER; spi[n] = $SEEN_SPI; was_out[n] = $SEEN_OUT; silent[n] = $SEEN_SILENT; ever[n] = $SEEN_EVER; next }
		{ n = $NUMBER; up = $UP; spi_out = $SPI_OUT; out = $BYTES_OUT; in_ = $BYTES_IN
			quiet = (up && spi[n] == spi_out && in_ == 0) ? silent[n] + (out > was_out[n]) : 0
			$0 = ""; $SEEN_NUMBER = n; $SEEN_UP = up; $SEEN_SPI = spi_out; $SEEN_OUT = out; $SEEN_IN = in_; $SEEN_SILENT = quiet; $SEEN_EVER = (up || ever[n]) + 0
			print }' >"$memory/$2.seen.new"
	mv "$memory/$2.seen.new" "$memory/$2.seen"
}

# Restarts come at every pass for ten minutes, then once a minute.
restart_is_due() { # id
	[ -s "$memory/$1.down-since" ] || now >"$memory/$1.down-since"
	[ "$(since "$memory/$1.down-since")" -lt 600 ] || [ "$(since "$memory/$1.restarted")" -ge 60 ]
}

# One-way traffic may be the far side's fault: not sooner than two minutes after the last, doubling to an hour. What it waits is
# remembered over the restart, with the pairs that are silent: "<seconds> <n> …".
one_way_is_due() { # id n ...
	echo one-way >"$memory/$1.one-way"
	one_way_file=$memory/$1.one-way-wait
	shift
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
	{
		sed 's/^/seen /' "$memory/$2.one-way-wait"
		columns_awk -v id="$2" '$ID == id { print "now", $0 }' "$1"
	} | columns_awk "$kind_function"'
		kind() == "seen" { for (i = 2; i <= NF; i++) waits[$i] = 1; next }
		$NUMBER in waits && $BYTES_IN == 0 { silent = 1 }
		END { exit silent }'
}

# Pairs that the peer refuses: without the others, backing off to five minutes.
lone_is_due() { # id
	wait=$(cat "$memory/$1.lone-wait" 2>/dev/null || echo 15)
	[ "$(since "$memory/$1.lone")" -ge "$wait" ] || return 1
	now >"$memory/$1.lone"
	wait=$((wait * 2))
	[ "$wait" -le 300 ] || wait=300
	echo "$wait" >"$memory/$1.lone-wait"
}

heal_connection() { # bundle pairs-file id
	need=$(need_of "$2" "$3")
	case $need in 'restart lost')
		keep_reason "$3" "$(reasons_of "$1" - "$3" | cut -d ' ' -f 2)"
		;;
	esac
	remember "$2" "$3"
	case $need in
	nothing)
		rm -f "$memory/$3.down-since" "$memory/$3.one-way" "$memory/$3.lone" "$memory/$3.lone-wait" "$memory/$3.reason"
		! one_way_is_over "$2" "$3" || rm -f "$memory/$3.one-way-wait"
		;;
	restart*) ! restart_is_due "$3" || restart "$1" "$3" ;;
	one-way*)
		# shellcheck disable=SC2086 # numbers
		! one_way_is_due "$3" ${need#one-way} || restart "$1" "$3"
		;;
	beside*) conn_initiate "$3-${need#* }" >/dev/null ;;
	initiate*)
		conns=
		for n in ${need#initiate }; do conns="$conns $3-$n"; done
		# shellcheck disable=SC2086 # names without spaces
		! lone_is_due "$3" || initiate "$1" "$3" $conns
		;;
	esac
}

initiates() { # bundle id
	[ "$(connection_word "$1" "$2" passive)" = 0 ] && [ "$(connection_word "$1" "$2" peer)" != any ] && [ ! -s "$memory/$2.bad" ]
}

# Connections heal side by side, each under a lock of its own, so that a dead peer keeps nobody waiting. A connection that is still at it from the pass before is left alone.
heal_connections() { # bundle id ...
	bundle=$1
	shift
	look "$bundle" "$run/heal.$$" || return 1
	for id in "$@"; do
		initiates "$bundle" "$id" || continue
		cp "$run/heal.$$" "$run/heal.$$.$id"
		(
			exec 9>&- 6>&- 8>"$run/heal-$id.lock"
			flock -n 8 || { rm -f "$run/heal.$$.$id"; exit 0; }
			heal_connection "$bundle" "$run/heal.$$.$id" "$id"
			rm -f "$run/heal.$$.$id"
		) </dev/null >/dev/null 2>&1 &
	done
	rm -f "$run/heal.$$"
}

# Begins anew with a connection that was changed.
forget_memory() { # id
	for kind in seen down-since restarted one-way one-way-wait lone lone-wait reason bad; do rm -f "$memory/$1.$kind"; done
}

# One pass over everything: the packets' rules, the daemon, the tunnels.
heal_pass() {
	[ -s "$state/bundle" ] || return 0
	exec 9>"$run/apply.lock"
	# An apply is at work: it does all of this itself.
	flock -n 9 || return 0
	packet_rules_stand || set_packet_rules "$(bundle_value "$state/bundle" vpc)" "$state/bundle"
	keep_packet_counts
	if ! daemon_runs && ! pidof pluto >/dev/null 2>&1; then daemon_start; fi
	exec 9>&-
	# A conn whose local address is not there yet, or came after the daemon's start.
	! daemon_status | grep '^"vpnc-' | grep -q 'unoriented;' || daemon_rereads
	ids=$(bundle_ids "$state/bundle")
	# shellcheck disable=SC2086 # ids have no spaces
	heal_connections "$state/bundle" $ids
	wait
}
