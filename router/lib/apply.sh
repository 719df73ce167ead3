# Makes the router hold a bundle: the whole of it, touching only what differs.

apply_bundle() { # new bundle, its revision
	new=$1
	old=$run/old-bundle
	if [ -s "$state/bundle" ]; then cp "$state/bundle" "$old"; else : >"$old"; fi
	stage=$state/stage
	rm -rf "$stage" && mkdir -p "$stage" "$ours"
	vpc=$(bundle_value "$new" vpc)

	stage_files
	stage_secrets
	drop_what_the_checker_refuses
	find_changes

	# Guarded before anything is loaded, until after what goes is gone.
	if ! set_packet_rules "$vpc" "$new" "$old"; then
		step - 'the packet rules could not be set'
		for id in $(bundle_ids "$new"); do echo packet-rules-failed >"$memory/$id.bad"; done
		return 0
	fi
	for id in $removed $changed; do
		step "$id" 'taken down'
		daemon_runs && take_down "$old" "$id"
		forget_memory "$id"
	done
	for id in $bad_secrets; do echo secret-missing >"$memory/$id.bad"; done
	for id in $refused; do echo unsupported-by-router >"$memory/$id.bad"; done
	put_in_place
	cp "$new" "$state/bundle.new" && mv "$state/bundle.new" "$state/bundle"
	check_foreign >"$run/foreign" || step - "the owner's configuration has an error, with which the daemon would not start again: $(tr '\n' ' ' <"$run/foreign" | cut -c1-400)"
	bring_daemon_up || return 0
	daemon_rereads
	load_changes
	set_packet_rules "$vpc" "$new"
	keep_packet_counts
	files_sum >"$state/files.sum"
	step - "holds revision $2"
}

stage_files() {
	for id in $(bundle_ids "$new"); do
		local=$(local_address "$(connection_word "$new" "$id" public)" "$(connection_word "$new" "$id" private)")
		connection_file "$new" "$id" "$local" >"$stage/$id.conf"
	done
}

# Only keys that are new are fetched: the version of each that is held stands beside its file.
stage_secrets() {
	wanted=
	for id in $(bundle_ids "$new"); do
		psk=$(connection_word "$new" "$id" psk)
		if [ -s "$ours/$id.secrets" ] && [ "$(cat "$memory/$id.psk" 2>/dev/null)" = "$psk $(connection_word "$new" "$id" leftid) $(connection_word "$new" "$id" rightid)" ]; then
			cp "$ours/$id.secrets" "$stage/$id.secrets"
		else
			wanted="$wanted $psk"
		fi
	done
	bad_secrets=
	# shellcheck disable=SC2086 # names without spaces
	[ -z "$wanted" ] || fetch_keys "$run/keys" $wanted
	for id in $(bundle_ids "$new"); do
		[ -e "$stage/$id.secrets" ] && continue
		if ! secrets_file "$new" "$id" "$run/keys" >"$stage/$id.secrets"; then
			rm -f "$stage/$id.secrets" "$stage/$id.conf"
			bad_secrets="$bad_secrets $id"
			step "$id" "its key $(connection_word "$new" "$id" psk) could not be read"
		fi
	done
	rm -f "$run/keys"
}

# One bad connection never harms another.
drop_what_the_checker_refuses() {
	refused=
	check_with "$stage" >"$run/checked" && return 0
	for id in $(bundle_ids "$new"); do
		[ -e "$stage/$id.conf" ] || continue
		mkdir -p "$run/alone" && rm -f "$run/alone"/* && cp "$stage/$id.conf" "$run/alone/"
		if ! check_with "$run/alone" >"$run/checked"; then
			refused="$refused $id"
			rm -f "$stage/$id.conf" "$stage/$id.secrets"
			step "$id" "refused by the daemon's checker: $(tr '\n' ' ' <"$run/checked" | cut -c1-400)"
		fi
	done
	rm -rf "$run/alone"
}

find_changes() {
	changed=
	removed=
	for id in $(bundle_ids "$new"); do
		cmp -s "$stage/$id.conf" "$ours/$id.conf" && cmp -s "$stage/$id.secrets" "$ours/$id.secrets" && [ ! -s "$memory/$id.bad" ] && continue
		changed="$changed $id"
	done
	for file in "$ours"/*.conf "$memory"/*.psk; do
		[ -e "$file" ] || continue
		id=${file##*/}
		id=${id%.*}
		case " $removed " in *" $id "*) continue ;; esac
		grep -q "^connection $id " "$new" || removed="$removed $id"
	done
}

put_in_place() {
	for id in $removed; do rm -f "$ours/$id.conf" "$ours/$id.secrets" "$memory/$id".*; done
	for id in $(bundle_ids "$new"); do
		for suffix in conf secrets; do
			if [ ! -e "$stage/$id.$suffix" ]; then
				rm -f "$ours/$id.$suffix"
			elif ! cmp -s "$stage/$id.$suffix" "$ours/$id.$suffix"; then
				mv "$stage/$id.$suffix" "$ours/$id.$suffix"
			fi
		done
		[ ! -e "$ours/$id.secrets" ] || echo "$(connection_word "$new" "$id" psk) $(connection_word "$new" "$id" leftid) $(connection_word "$new" "$id" rightid)" >"$memory/$id.psk"
	done
	for suffix in conf secrets; do
		include_lines "$ours" "$suffix" >"$conf_d/s2s.$suffix.new" && mv "$conf_d/s2s.$suffix.new" "$conf_d/s2s.$suffix"
	done
	rm -rf "$stage"
	before=$(set_by_us "$main_conf")
	put_block "$main_conf" conf "$(setup_lines "$new")"
	setup=$(set_by_us "$main_conf")
	setup_changed=
	[ -z "$setup" ] || [ "$setup" = "$before" ] || setup_changed=1
	put_block "$main_secrets" secrets ''
}

all_are() { # reason
	for id in $(bundle_ids "$new"); do echo "$1" >"$memory/$id.bad"; done
}

# Setup lines count only from the daemon's start on.
bring_daemon_up() {
	if ! daemon_runs; then
		step - 'starting the daemon'
		daemon_start && return 0
		check_foreign >/dev/null || all_are foreign-config
		step - 'the daemon does not start'
		return 1
	fi
	if [ -n "$setup_changed" ]; then
		if foreign_tunnel_up; then
			step - 'the daemon must be restarted, and a tunnel that is not ours is up'
			all_are router-needs-restart
			return 1
		fi
		step - 'restarting the daemon for its setup lines'
		daemon_restart
	fi
	return 0
}

# What was not changed but is not loaded either (a daemon that was restarted with other files) is loaded too.
load_changes() {
	daemon_status >"$run/before"
	touched=
	for id in $(bundle_ids "$new"); do
		[ -e "$ours/$id.conf" ] || continue
		case " $changed " in
		*" $id "*) ;;
		*)
			missing=0
			for conn in $(connection_conns "$new" "$id"); do grep -qF "\"$conn\":" "$run/before" || missing=1; done
			[ "$missing" = 1 ] || continue
			forget_memory "$id"
			;;
		esac
		touched="$touched $id"
		rm -f "$memory/$id.bad"
		add_conns "$new" "$id"
	done
	daemon_status >"$run/before"
	for id in $touched; do
		verify_conns "$new" "$id" "$run/before"
		[ -s "$memory/$id.bad" ] || step "$id" 'loaded'
	done
	rm -f "$run/before"
}

# Removes all that is ours: the router is nobody's any more.
remove_everything() {
	[ ! -s "$state/bundle" ] || for id in $(bundle_ids "$state/bundle"); do daemon_runs && take_down "$state/bundle" "$id"; done
	remove_block "$main_conf"
	remove_block "$main_secrets"
	rm -rf "$ours" "$conf_d/s2s.conf" "$conf_d/s2s.secrets" "$memory" "$state/files.sum"
	timeout 20 ipsec whack --rereadsecrets >/dev/null 2>&1 </dev/null 9>&- 6>&-
	remove_packet_rules
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
