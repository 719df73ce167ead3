# Makes the router hold a bundle: the whole of it, touching only what differs.

# Nothing was changed so far. Standard error has it too, since a full disk may leave no report.
give_up() { # why
	print_steps
	echo "log - $*"
	echo "$*" >&2
	print_report 0
	exit 1
}

apply_bundle() { # new bundle, its revision
	new=$1
	old=$run/old-bundle
	if [ -s "$state/bundle" ]; then cp "$state/bundle" "$old"; else : >"$old"; fi
	# Beside the files that it is to replace: nothing is renamed from one file system to another.
	stage=$ours/.stage
	rm -rf "$stage" "$run/changing" && mkdir -p "$stage" || give_up "nothing can be written in $ours"
	vpc=$(bundle_value "$new" vpc)
	bundled=$(bundle_ids "$new")

	stage_files || give_up "the files of the connections could not be written in $ours"
	stage_secrets || give_up "the files of the keys could not be written in $ours"
	drop_what_the_checker_refuses
	find_changes

	# Guarded before anything is loaded, until after what goes is gone.
	if ! set_packet_rules "$vpc" "$new" "$old"; then
		step - 'the packet rules could not be set'
		for id in $bundled; do echo packet-rules-failed >"$memory/$id.bad"; done
		return 0
	fi
	# shellcheck disable=SC2086 # ids without spaces
	hold_from_healing $removed $changed
	for id in $removed $changed; do
		if [ -s "$run/before" ]; then
			take_down "$old" "$id"
			step "$id" 'taken down'
		fi
		forget_memory "$id"
	done
	# What a daemon that died has left in the kernel goes on carrying packets.
	[ -s "$run/before" ] || [ -n "$(daemon_pids)" ] || for id in $removed $changed; do take_down "$old" "$id"; done
	for id in $bad_secrets; do echo secret-missing >"$memory/$id.bad"; done
	for id in $refused; do echo unsupported-by-router >"$memory/$id.bad"; done
	put_in_place || step - 'not every file could be written'
	put_file "$state/bundle" <"$new" || return 0
	# Some file systems know a name before they have what is in the file: after a loss of power there would be no bundle to guard by.
	sync
	! blamed=$(foreign_error) || step - "foreign-config: with this error in its owner's files the daemon would not start again: $blamed"
	bring_daemon_up || return 0
	keep_daemon_setup
	note_log_files
	daemon_rereads
	# After the daemon's start, which flushes all policies.
	set_bypasses "$new" || step - 'the way past the tunnels for what the router itself sends could not be set'
	load_changes
	rm -f "$run/changing"
	set_packet_rules "$vpc" "$new"
	keep_packet_counts "$run/tables"
	if [ -n "$in_place" ]; then keep_files_sum; else rm -f "$state/files.sum"; fi
	step - "holds revision $2"
}

stage_files() {
	connection_files "$new" "$stage"
}

# Only keys that are new are fetched: the version of each that is held stands beside its file.
stage_secrets() {
	connection_keys "$new" >"$run/wanted" || return 1
	wanted=
	set --
	while read -r id psk leftid rightid _; do
		if [ -s "$ours/$id.secrets" ] && read_line "$memory/$id.psk" && [ "$line" = "$psk $leftid $rightid" ]; then
			set -- "$@" "$ours/$id.secrets"
		else
			wanted="$wanted $psk"
		fi
	done <"$run/wanted"
	[ $# -eq 0 ] || cp -p "$@" "$stage" || return 1
	bad_secrets=
	[ -n "$wanted" ] || return 0
	# shellcheck disable=SC2086 # names without spaces
	fetch_keys "$run/keys" $wanted
	while read -r id psk leftid rightid peer; do
		[ -e "$stage/$id.secrets" ] && continue
		if ! key_is_there "$psk" "$run/keys"; then
			rm -f "$stage/$id.conf"
			bad_secrets="$bad_secrets $id"
			failed "$id" "$(why_no_key "$psk" "$run/keys")"
		elif ! secrets_file "$psk" "$leftid" "$rightid" "$peer" "$run/keys" >"$stage/$id.secrets"; then
			rm -f "$run/keys" "$run/keys.why"
			return 1
		fi
	done <"$run/wanted"
	rm -f "$run/keys" "$run/keys.why"
}

# One bad connection never harms another.
drop_what_the_checker_refuses() {
	refused=
	check_with "$stage" >"$run/checked" && return 0
	for id in $bundled; do
		[ -e "$stage/$id.conf" ] || continue
		rm -rf "$run/alone" && mkdir -p "$run/alone" && cp "$stage/$id.conf" "$run/alone/"
		if ! check_with "$run/alone" >"$run/checked"; then
			refused="$refused $id"
			rm -f "$stage/$id.conf" "$stage/$id.secrets"
			failed "$id" "refused by the daemon's checker: $(tr '\n' ' ' <"$run/checked" | cut -c1-400)"
		fi
	done
	rm -rf "$run/alone"
}

# A connection that failed for another's sake was not touched, and is not now.
is_bad_itself() { # id
	read_line "$memory/$1.bad" || return 1
	case $line in packet-rules-failed | router-needs-restart) return 1 ;; esac
}

find_changes() {
	changed=
	removed=
	daemon_status >"$run/before"
	for id in $bundled; do
		# Files may be in place that the daemon, which did not answer then, has yet to load.
		if ! is_bad_itself "$id" && read_line "$memory/$id.loaded"; then
			cmp -s "$stage/$id.conf" "$ours/$id.conf" && cmp -s "$stage/$id.secrets" "$ours/$id.secrets" && continue
			# They were wiped or written over, and the daemon has what they should say.
			[ "$(loaded_as "$id" "$stage/$id.conf" "$run/before")" = "$line" ] && continue
		fi
		changed="$changed $id"
	done
	set +f
	set -- "$ours"/*.conf "$memory"/*.psk "$memory"/*.bad
	set -f
	for file in "$@"; do
		[ -e "$file" ] || continue
		id=${file##*/}
		id=${id%.*}
		# What is not named as ours are is not ours.
		is_connection_id "$id" || continue
		case " $removed " in *" $id "*) continue ;; esac
		case " $(echo $bundled) " in *" $id "*) ;; *) removed="$removed $id" ;; esac
	done
}

# Every file whole, or the one before. In $in_place whether all are.
put_in_place() {
	in_place=1
	for id in $removed; do
		rm -f "$ours/$id.conf" "$ours/$id.secrets" "$memory/$id.psk" "$run/heal-$id.lock"
		forget_memory "$id"
	done
	set --
	for id in $bundled; do
		for suffix in conf secrets; do
			if [ -e "$stage/$id.$suffix" ]; then set -- "$@" "$stage/$id.$suffix"; else rm -f "$ours/$id.$suffix"; fi
		done
	done
	# Each is renamed on its own, also those that say the same.
	[ $# -eq 0 ] || mv -f "$@" "$ours" || in_place=
	while read -r id key; do [ ! -e "$ours/$id.secrets" ] || put_line "$memory/$id.psk" "${key% *}"; done <"$run/wanted"
	for suffix in conf secrets; do put_line "$conf_d/s2s.$suffix" "$(include_line "$suffix")" || in_place=; done
	rm -rf "$stage"
	before=$(set_by_us "$main_conf")
	put_block "$main_conf" conf "$new" || in_place=
	setup=$(set_by_us "$main_conf")
	setup_changed=
	[ -z "$setup" ] || [ "$setup" = "$before" ] || daemon_has_setup "$new" || setup_changed=1
	put_block "$main_secrets" secrets "$new" || in_place=
	relabel "$conf_d" "$main_conf" "$main_secrets"
	[ -n "$in_place" ]
}

all_are() { # reason
	for id in $bundled; do echo "$1" >"$memory/$id.bad"; done
}

no_longer_are() { # reason
	for id in $bundled; do ! read_line "$memory/$id.bad" || [ "$line" != "$1" ] || rm -f "$memory/$id.bad"; done
}

# Setup lines count only from the daemon's start on.
bring_daemon_up() {
	no_longer_are packet-rules-failed
	if ! daemon_runs; then
		step - 'starting the daemon'
		daemon_start && return 0
		check_foreign >/dev/null || all_are foreign-config
		step - 'the daemon does not start'
		return 1
	fi
	if [ -n "$setup_changed" ] || [ -e "$state/restart-owed" ]; then
		if setup_lost_to "$new" >/dev/null; then
			# To no avail as long as that is so.
			: >"$state/restart-owed"
			return 0
		fi
		if [ -n "$blamed" ]; then
			step - 'the daemon must be restarted, and would not start again'
			: >"$state/restart-owed"
			all_are foreign-config
			return 1
		fi
		rm -f "$state/restart-owed"
		if foreign_tunnel_up; then
			step - 'the daemon must be restarted, and a tunnel that is not ours is up'
			all_are router-needs-restart
			return 1
		fi
		step - 'restarting the daemon for its setup lines'
		daemon_restart
	fi
	no_longer_are router-needs-restart
	return 0
}

# What was not changed but is not loaded either is loaded too: all of a connection after a restart of the daemon with other files, and only
# the conns that are missing where others are there, whose tunnels are then left alone. Where the daemon does not say what it has, nothing is
# missing: to add what is there would drop its SAs.
load_changes() {
	is_known=1
	if daemon_status >"$run/before"; then drop_orphans "$new" "$run/before"; else is_known=; fi
	touched=
	for id in $bundled; do
		[ -e "$ours/$id.conf" ] || continue
		conns=$(connection_conns "$new" "$id")
		case " $changed " in
		*" $id "*) ;;
		*)
			[ -n "$is_known" ] || continue
			missing=
			for conn in $conns; do grep -qF "\"$conn\":" "$run/before" || missing="$missing $conn"; done
			[ -n "$missing" ] || continue
			hold_from_healing "$id"
			# shellcheck disable=SC2086 # names without spaces
			if [ "$(echo $missing)" = "$(echo $conns)" ]; then forget_memory "$id"; else forget_pairs "$id" $missing; fi
			conns=$missing
			;;
		esac
		rm -f "$memory/$id.bad"
		# shellcheck disable=SC2086 # names without spaces
		conns_add $conns >"$run/added.$id"
		# The daemon was busy, and may have the conns that were before.
		if [ $? = 124 ]; then in_place=; else touched="$touched $id"; fi
	done
	if [ -n "$touched" ] && ! daemon_status >"$run/before"; then
		step - 'the daemon does not say what it has loaded'
		return 0
	fi
	for id in $touched; do
		verify_conns "$new" "$id" "$run/before"
		[ -s "$memory/$id.bad" ] && continue
		loaded_as "$id" "$ours/$id.conf" "$run/before" >"$memory/$id.loaded"
		step "$id" 'loaded'
	done
	rm -f "$run/before"
}

# Removes all that is ours: the router is nobody's any more.
remove_everything() {
	ids=
	bundled=
	daemon_runs || [ -z "$(daemon_pids)" ] || daemon_runs || give_up 'the daemon runs and does not answer, so that nothing could be taken down'
	[ ! -s "$state/bundle" ] || ids=$(bundle_ids "$state/bundle")
	# shellcheck disable=SC2086 # ids without spaces
	hold_from_healing $ids
	# Also what a daemon that died has left in the kernel.
	for id in $ids; do take_down "$state/bundle" "$id"; done
	daemon_status >"$run/before" && drop_orphans /dev/null "$run/before"
	rm -f "$run/before"
	remove_block "$main_conf"
	remove_block "$main_secrets"
	rm -rf "$ours" "$conf_d/s2s.conf" "$conf_d/s2s.secrets" "$memory" "$state/files.sum" "$state/daemon.settings" "$state/daemon.reason" "$state/restart-owed" "$run/changing"
	unlocked timeout 20 ipsec whack --rereadsecrets >/dev/null 2>&1
	remove_packet_rules
	set_bypasses /dev/null
	remove_timer
	mkdir -p "$memory"
	step - 'nothing of ours is left'
}

# Waits, at most ten seconds in all, for what it began.
await_tunnels() { # bundle id ...
	bundle=$1
	shift
	tries=0
	while [ "$tries" -lt 10 ]; do
		look "$bundle" "$run/await" || return 0
		columns_awk -v ids=" $* " 'index(ids, " " $ID " ") && !$UP { down = 1 } END { exit down }' "$run/await" && break
		tries=$((tries + 1))
		sleep 1
	done
	rm -f "$run/await"
}
