# The report: s2s/1.

files_sum() {
	cat "$conf_d/s2s.conf" "$conf_d/s2s.secrets" "$ours"/*.conf "$ours"/*.secrets 2>/dev/null | cksum
	includes_stand && echo included
}

# What the router really holds: computed, never read back.
held_revision() { # bundle pairs-file daemon
	[ -s "$state/revision" ] || { echo none; return; }
	if [ "$(files_sum)" != "$(cat "$state/files.sum" 2>/dev/null)" ]; then
		echo drift
	elif [ "$3" = 1 ] && awk -v bad=" $(bad_ids) " '$11 == 0 && !index(bad, " " $1 " ") { gone = 1 } END { exit !gone }' "$2"; then
		echo drift
	else
		cat "$state/revision"
	fi
}

# Connections that could not be applied, and so have no conn to be missed.
bad_ids() {
	for file in "$memory"/*.bad; do
		[ ! -e "$file" ] || { file=${file##*/}; printf '%s ' "${file%.bad}"; }
	done
}

print_report() { # busy
	bundle=$state/bundle
	[ -s "$bundle" ] || : >"$run/none.$$"
	[ -s "$bundle" ] || bundle=$run/none.$$
	pairs=$run/pairs.$$
	daemon=1
	# Two looks, since a daemon that is busy for a moment is not one that is down.
	if ! look "$bundle" "$pairs"; then
		if pidof pluto >/dev/null 2>&1; then
			rm -f "$pairs" "$run/none.$$"
			echo 'the daemon runs and its status cannot be read' >&2
			return 1
		fi
		daemon=0
		bundle_pairs "$bundle" | awk '{ print $1, $2, 0, 0, 0, "-", "-", 0, 0, 0, 0 }' >"$pairs"
	fi
	fw=ok
	[ ! -s "$state/revision" ] || ! bundle_pairs "$bundle" | grep -q . || packet_rules_stand || fw=missing
	printf 's2s/1 %s daemon=%s busy=%s revision=%s fw=%s boot=%s caps=%s\n' \
		"$(daemon_version | tr ' ' '/')" "$daemon" "$1" "$(held_revision "$bundle" "$pairs" "$daemon")" "$fw" "$(boot_time)" "$(daemon_capabilities)"
	{
		packet_counts | sed 's/^/count /'
		cat "$pairs" | sed 's/^/state /'
		for id in $(bundle_ids "$bundle"); do
			echo "reason $id $(reported_reason "$bundle" "$id" "$daemon" "$pairs")"
		done
	} | awk '
		$1 == "count" { if ($4 == "in") bytes_in[$2] += $6; else bytes_out[$2] += $6 }
		$1 == "state" { up[$2] = up[$2] $4; if ($5) phase1[$2] = 1 }
		$1 == "reason" { n++; print $2, "p1=" phase1[$2] + 0, "up=" up[$2], "in=" bytes_in[$2] + 0, "out=" bytes_out[$2] + 0 ($3 == "" ? "" : " reason=" $3) }
		END { print "end " n + 0 }'
	rm -f "$pairs" "$run/none.$$"
}

boot_time() {
	awk '$1 == "btime" { print $2 }' "$root/proc/stat"
}

# The reason of a connection whose pairs are not all up; nothing where they are.
reported_reason() { # bundle id daemon pairs
	if [ -s "$memory/$2.bad" ]; then
		cat "$memory/$2.bad"
	elif [ "$3" = 0 ]; then
		echo daemon-down
	elif awk -v id="$2" '$1 == id && $3 == 0 && $5 == 1 { found = 1 } END { exit !found }' "$4"; then
		echo kernel-missing
	elif awk -v id="$2" '$1 == id && $3 == 0 { found = 1 } END { exit !found }' "$4"; then
		if [ "$(connection_word "$1" "$2" passive)" = 1 ] || [ "$(connection_word "$1" "$2" peer)" = any ]; then
			lost=$(reason_of_loss "$2")
			echo "${lost:-waiting-for-peer}"
		elif [ -s "$memory/$2.reason" ]; then
			cat "$memory/$2.reason"
		else
			reason_of_loss "$2"
		fi
	elif [ -s "$memory/$2.one-way" ]; then
		echo one-way
	fi
}
