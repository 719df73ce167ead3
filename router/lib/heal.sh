# The router keeps its own tunnels up.

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

# Whether the router begins a connection itself, and could apply it.
initiates() { # ids that it begins, id
	case " $1" in *" $2 "*) [ ! -s "$memory/$2.bad" ] ;; *) return 1 ;; esac
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
	begun_here=$(initiated_ids "$bundle")
	for id in "$@"; do
		initiates "$begun_here" "$id" || continue
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
		until flock -n 4 4>>"$run/heal-$id.lock" || [ "$tries" -ge 50 ]; do
			tries=$((tries + 1))
			read -r healer <"$run/heal-$id.lock" && kill "$healer" 2>/dev/null
			sleep 0.1
		done
	done
}

# Waits until nothing is being healed, but not past the next pass: fails where something still is.
healing_ends_soon() {
	flock -w 15 4 4>>"$run/healing.lock"
}

# One pass over everything: the daemon, the tunnels, the packets' rules. An apply that is at work does the first and the last itself, and keeps
# only those connections from being healed that it changes.
heal_pass() {
	[ -s "$state/bundle" ] || return 0
	exec 9>"$run/apply.lock"
	if flock -n 9; then
		if mend_daemon; then
			# A tunnel behind a NAT has no other. Not again and again, since it costs all tunnels some seconds.
			! port_is_due || daemon_restart
			note_log_files
			# A conn whose local address is not there yet, or came after the daemon's start.
			! daemon_status | grep '^"vpnc-' | grep -q 'unoriented;' || daemon_rereads
			heal_all
		fi
		read_tables "$run/tables"
		if has_public_blocks "$state/bundle"; then
			# A start of the daemon flushes all policies, and the router may have got another address.
			set_bypasses "$state/bundle"
			guard "$state/bundle"
		elif ! packet_rules_stand "$run/tables"; then
			guard "$state/bundle"
		fi
		keep_packet_counts "$run/tables"
		# Of one that was started anew since an apply saw to them.
		[ ! -s "$state/daemon.settings" ] || keep_daemon_setup
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
	# Those of a look, and of what is read beside it, are named by their process.
	find "$run" -type f \( -name '*.[0-9]*' -o -name 'now.*' -o -name 'initiated.*' -o -name 'added.*' -o -name 'asked.*' \) -mmin +10 -exec rm -f {} +
}
