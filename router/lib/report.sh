# The report: s2s/1.

files_sum() { # owner's file ...
	set +f
	set -- "$@" "$ours"/*.conf "$ours"/*.secrets
	set -f
	cat "$conf_d/s2s.conf" "$conf_d/s2s.secrets" "$@" "$opt/lib.sh" "$opt/heal.sh" "$opt/boot.sh" 2>/dev/null | cksum
}

# Ours, and whether the owner's lead to them.
own_sum() {
	sum=$(files_sum)
	if includes_stand; then echo "$sum included"; else echo "$sum"; fi
}

# The first line is of the owner's files too: as long as nobody touches any of them, nothing has to be read a second time.
keep_files_sum() {
	printf '%s\n' "$(files_sum "$main_conf" "$main_secrets")" "$(own_sum)" "$(scripts_version)" | put_file "$state/files.sum"
}

# In $holding what the router really holds, computed and never read back, and in $scripts the version of its scripts.
find_held() { # bundle pairs-file daemon sum of all files
	all_kept='' own_kept='' scripts=''
	[ ! -s "$state/files.sum" ] || { read -r all_kept; read -r own_kept; read -r scripts; } <"$state/files.sum"
	holding=
	if [ -z "$scripts" ] || [ "$4" != "$all_kept" ]; then
		scripts=$(scripts_version)
		[ "$(own_sum)" = "$own_kept" ] || holding=drift
	fi
	if ! read_line "$state/revision"; then
		holding=none
	elif [ -z "$holding" ] && [ "$3" = 1 ] && { [ "$some_orphaned" != 0 ] || { [ "$some_unloaded" != 0 ] && some_are_missing "$2"; }; }; then
		holding=drift
	fi
	holding=${holding:-$line}
}

some_are_missing() { # pairs-file
	columns_awk -v bad=" $(bad_ids) " '!$LOADED && !index(bad, " " $ID " ") { gone = 1 } END { exit !gone }' "$1"
}

# Connections that could not be applied, and so have no conn to be missed.
bad_ids() {
	set +f
	set -- "$memory"/*.bad
	set -f
	for file in "$@"; do
		[ ! -e "$file" ] || { file=${file##*/}; printf '%s ' "${file%.bad}"; }
	done
}

# Run Command keeps the first 24,000 characters, and a report that lacks its end cannot be read: that of forty connections has up to 8,000.
steps_bytes=15000

# What an apply did, before its report. Where that is too much its lines are cut: first those that tell no failure, then all.
print_steps() {
	# Masked before anything is cut: half a key would not be known as one.
	mask_keys <"$steps" | awk -v most="$steps_bytes" '
		function length_of(i,   most_of_line) { most_of_line = tells[i] ? failures : others; return length(line[i]) < most_of_line ? length(line[i]) : most_of_line }
		function total(   i, sum) { for (i = 1; i <= NR; i++) sum += length_of(i) + 1; return sum }
		{ line[NR] = $0; tells[NR] = / failed: |^log - /; if (length($0) > longest) longest = length($0) }
		END {
			failures = others = longest
			while (others > 60 && total() > most) others -= 10
			while (failures > 60 && total() > most) failures -= 10
			for (i = 1; i <= NR && (sum += length_of(i) + 1) <= most; i++) print substr(line[i], 1, length_of(i))
		}'
}

# What a report needs besides the daemon, and is read beside it: the sum of all files, "rules" where those of the kernel are as they should be,
# the bytes of each connection and direction, and "end".
print_asides() {
	files_sum "$main_conf" "$main_secrets"
	rules=$state/rules
	[ -s "$rules" ] || rules=/dev/null
	{ iptables-save -c 2>/dev/null && echo s2s-tables-end; } | columns_awk "$count_function"'
		of == "rules" { kept[++all] = $0; next }
		$0 == "s2s-tables-end" { is_whole = 1 }
		!rule() { next }
		is_ours() && rule_of() != kept[++n] { differ = 1 }
		counted() { bytes[$ID " " $DIRECTION] += $BYTES }
		END {
			if (!is_whole) exit
			if (n && n == all && !differ) print "rules"
			for (key in bytes) print key, bytes[key]
			print "end"
		}' of=rules "$rules" of=tables -
}

print_report() { # busy
	pairs=$run/pairs.$$
	bundle=/dev/null
	# An apply may put another in its place meanwhile. By this name each reader begins at its start.
	[ ! -e "$state/bundle" ] || { exec 3<"$state/bundle"; bundle=/proc/self/fd/3; }
	asides=$run/asides.$$
	print_asides >"$asides" &
	asides_pid=$!
	daemon=1
	if ! look_surely "$bundle" "$pairs"; then
		if [ -n "$(daemon_pids)" ]; then
			wait "$asides_pid"
			rm -f "$pairs" "$asides"
			echo 'the daemon runs and its status cannot be read' >&2
			return 1
		fi
		daemon=0 some_down=4
		# Of a daemon that says nothing.
		pair_states "$bundle" /dev/null >"$pairs"
	fi
	read_line "$state/daemon.reason" || line='daemon-down'
	daemon_reason=${line%% *}
	[ "$daemon" = 1 ] || [ "$daemon_reason" = "$line" ] || echo "log - $daemon_reason: ${line#* }" | mask_keys
	# Of a daemon that has been started since it is asked for anew.
	started=$root/run/pluto/pluto.pid
	[ -e "$started" ] && [ "$run/version" -nt "$started" ] && read_line "$run/version" || { line=$(daemon_version); echo "$line" >"$run/version"; }
	version=$line
	wait "$asides_pid"
	read_line "$asides"
	find_held "$bundle" "$pairs" "$daemon" "$line"
	counts=$state/counts
	[ -s "$counts" ] || counts=/dev/null
	# No bundle, or one without pairs, has no rules.
	guarded=
	[ ! -s "$state/revision" ] || [ ! -s "$pairs" ] || guarded=1
	{
		kept_replies
		kept_reasons "$bundle" "$pairs"
	} | columns_awk -v daemon="$daemon" -v daemon_reason="$daemon_reason" -v guarded="$guarded" \
		-v head="s2s/1 $version daemon=$daemon busy=$1 revision=$holding" -v tail="boot=$(boot_time) caps=$(daemon_capabilities "$version") scripts=$scripts" '
		function word(key,   i) { for (i = 2; i <= NF; i++) if (index($i, key "=") == 1) return substr($i, length(key) + 2); return "" }
		of == "bundle" && !/^connection / { next }
		of == "bundle" { $0 = substr($0, length($1) + 2); id[++n] = $ID; waits[$ID] = word("passive") == 1 || word("peer") == "any"; probe[$ID] = word("probe"); next }
		of == "disk" { kept_bytes[$ID " " $DIRECTION] += $BYTES; next }
		of == "aside" { if ($0 == "end") is_told = 1; if ($0 == "rules") stand = 1; if (NF == 3) { bytes[$1 " " $2] = $3; are_live = 1 } next }
		$0 == "s2s-losses" { of = "losses"; next }
		of == "state" { if (!$LOADED) unloaded[$ID] = 1; up[$ID] = up[$ID] $UP; if ($UP) is_up[$ID " " $NUMBER] = 1; if (!$UP) down[$ID] = 1; if ($GONE != "-") gone[$ID] = $GONE; else if (!$UP && $CLAIMED) hollow[$ID] = 1; if ($UP && $BYTES_IN == 0) silent[$ID] = silent[$ID] " " $NUMBER " "; if ($UP && $OTHER_SUITE) other[$ID] = 1; if ($PHASE1) phase1[$ID] = 1 }
		of == "kept" && $2 == "replies" { if ($3 == probe[$ID] && (($ID " " $4) in is_up)) replies[$ID] = ($6 == "-" ? "" : " rtt=" $6) " loss=" $5; next }
		of == "losses" { kept[$ID " loss"] = $2; next }
		of == "kept" { what = $2; words = $3; if (words != "") kept[$ID " " what] = words }
		# As long as one of the pairs that heal found so is.
		function is_one_way(c,   i, pair, count) {
			count = split(kept[c " one-way"], pair, ",")
			for (i = 1; i <= count; i++) if (index(silent[c], " " pair[i] " ")) return 1
			return 0
		}
		function reason(c) {
			if ((c " bad") in kept) return kept[c " bad"]
			if (!daemon) return daemon_reason
			if (unloaded[c]) return "config-not-applied"
			if (hollow[c]) return "kernel-missing"
			if (down[c] && waits[c]) return ((c " loss") in kept) ? kept[c " loss"] : "waiting-for-peer"
			if (c in gone) return gone[c]
			if (down[c]) return ((c " reason") in kept) ? kept[c " reason"] : kept[c " loss"]
			if (is_one_way(c)) return "one-way"
			return other[c] ? "suite-differs" : ""
		}
		# Of the chains, else of the disk, since chains are gone after a reboot. Beyond 2^53 whole numbers are not told apart: a count begins
		# again there, as after a loss.
		function carried(key) { return (is_told && are_live ? bytes[key] : kept_bytes[key]) % safe }
		END { safe = 9007199254740992
			print head, "fw=" (!guarded || (is_told && stand) ? "ok" : "missing"), tail
			for (i = 1; i <= n; i++) { c = id[i]; why = reason(c)
				print c, "p1=" phase1[c] + 0, "up=" up[c], "in=" carried(c " in"), "out=" carried(c " out") replies[c] (why == "" ? "" : " reason=" why) }
			print "end " n + 0
		}' of=bundle "$bundle" of=aside "$asides" of=disk "$counts" of=state "$pairs" of=kept -
	rm -f "$pairs" "$asides"
}

# What is remembered of each connection, as "<id> <kind> <words>", and for one that is down without a reason yet the log's last word.
kept_reasons() { # bundle pairs
	pairs_file=$2 of_bundle=$1
	set +f
	set -- "$memory"/*.bad "$memory"/*.reason "$memory"/*.one-way
	set -f
	for file in "$@"; do
		read_line "$file" || continue
		id=${file##*/}
		echo "${id%%.*} ${id#*.} $line"
	done
	[ "$some_down" != 0 ] || return 0
	wordless=
	for id in $(columns_awk '!$UP && !seen[$ID]++ { print $ID }' "$pairs_file"); do
		[ -s "$memory/$id.bad" ] || [ -s "$memory/$id.reason" ] || wordless="$wordless $id"
	done
	# shellcheck disable=SC2086 # ids without spaces
	[ -z "$wordless" ] || { echo s2s-losses; reasons_of "$of_bundle" - $wordless; }
}

boot_time() {
	while read -r name value _; do [ "$name" != btime ] || echo "$value"; done <"$root/proc/stat"
}
