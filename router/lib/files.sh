# Staging, checking and putting in place of the connections' files.

include_line() { # suffix: never an empty glob
	set +f
	set -- "$1" "$ours"/*."$1"
	set -f
	if [ -e "$2" ]; then echo "include /etc/ipsec.d/s2s/*.$1"; else echo '# no connections'; fi
}

# Has the daemon's own checker read the owner's configuration with the given folder of ours in it. What it prints comes out.
check_with() { # folder
	copy=$run/check
	rm -rf "$copy" && mkdir -p "$copy"
	{
		echo 'config setup'
		setup_lines "$new" | sed 's/^/	/'
		set +f
		for file in "$1"/*.conf; do [ ! -e "$file" ] || cat "$file"; done
		set -f
	} >"$copy/ours.conf"
	ipsec addconn --config "$copy/ours.conf" --checkconfig 2>&1 </dev/null
}

# Takes every pair of a connection out of the daemon and the kernel.
take_down() { # bundle id
	conns=$(connection_conns "$1" "$2")
	[ -n "$conns" ] || return 0
	for conn in $conns; do conn_terminate "$conn"; done
	conn_delete_states "$2"
	for conn in $conns; do conn_delete "$conn"; done
	left_vpc=$(bundle_value "$1" vpc)
	bundle_pairs "$1" | columns_awk -v id="$2" '$ID == id { print $REMOTE }' | while read -r remote; do flush_pair "$left_vpc" "$remote"; done
}

# What a connection is loaded as: its file, its key, and what the status says that its conns are, without what becomes of them.
loaded_as() { # id file-of-it status
	{
		cat "$2"
		key_of "$1" "$run/wanted"
		awk -v own="\"$1-" '
			index($0, own) != 1 || /^"[^"]*"\[/ { next }
			/===/ { sub(/;.*/, ""); print; next }
			/policy: / { sub(/;.*/, ""); gsub(/[+]UP/, ""); print; next }
			/ike_life: |dpd: |(IKE|ESP) algorithms/' "$3"
	} | cksum
}

# Reads back what was loaded: exit codes mean nothing, and a foreign `conn %default` may reach ours.
verify_conns() { # bundle id status
	ike=$(connection_word "$1" "$2" ike)
	for conn in $(connection_conns "$1" "$2"); do
		if ! grep -qF "\"$conn\":" "$3"; then
			reason=foreign-config
			if grep -qiE 'not supported|unsupported|algorithm' "$run/added.$2" || daemon_log "$conn" 5 | grep -q 'not supported'; then reason=unsupported-by-router; fi
			echo "$reason" >"$memory/$2.bad"
			if [ "$reason" != foreign-config ]; then
				:
			elif said_at=$(setup_lost_to "$1"); then
				# To be made good once the owner has corrected it: a daemon reads its setup at its start only.
				: >"$state/restart-owed"
				step "$2" "foreign-config: $said_at: the daemon reads this setup alone, and passes over the section in ${main_conf#"$root"}: say here $(setup_lines "$1" | tr '\n' ' ')"
			else
				step "$2" "foreign-config: $(line_of "$conn" "$ours/$2.conf"): this conn was not loaded"
			fi
			failed "$2" "conn $conn was not loaded: $(tr '\n' ' ' <"$run/added.$2" | cut -c1-400)"
			daemon_log "$conn" 3 | cut -c1-300 | while read -r line; do step "$2" "$line"; done
			break
		fi
		[ "$ike" = ikev1 ] || continue
		policy=$(grep -F "\"$conn\":" "$3" | grep -o 'policy: [^;]*')
		case $policy in
		*IKEv2* | *'!IKEv1'*)
			echo foreign-config >"$memory/$2.bad"
			failed "$2" "foreign-config: $(line_of %default): a foreign conn %default changes $conn: $policy"
			break
			;;
		esac
	done
	rm -f "$run/added.$2"
}
