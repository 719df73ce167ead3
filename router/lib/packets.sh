# Chains of our own in raw, mangle and filter. They leave everybody else's rules alone, and are replaced as a whole.

# What the kernel has, with counts: one read of all tables. What follows is told from it, in functions of awk. Nothing where a full disk
# would leave a part of it, in which the other counts would begin anew. In $hidden whether it leaves a table out, as iptables on nft does one in
# which somebody has made a rule by nft itself: what is not seen to be there would be put there again at each pass.
read_tables() { # to
	tables_said=$(iptables-save -c 2>/dev/null)
	hidden=
	case $tables_said in *' is incompatible, use '*) hidden=1 ;; esac
	printf '%s\n' "$tables_said" >"$1" || { : >"$1"; return 1; }
}

# rule(): whether the line is a rule, whose table, chain and counts it has found, and which is left in $0 as iptables-save has it without counts.
# rule_of(): what is remembered of one that is_ours() or leads to ours, with whether it is the first of its chain.
rule_function='function rule() {
	if (/^[*]/) { table = substr($0, 2); split("", begun) }
	if (!match($0, /^\[[0-9]+:[0-9]+\] -A /)) return 0
	count = substr($1, 2, length($1) - 2); chain = $3; first = !begun[chain]++; sub(/^[^ ]+ /, "")
	return 1
}
function is_ours() { return /^-A ([A-Z]+ .*-j )?S2S-/ }
function rule_of() { return table " " first " " $0 }'

# counted(): whether a rule is one that counts for a pair, whose counts it then has in their columns.
count_function="$rule_function"'
function counted(   c, w) {
	if (table != "mangle" || !/^-A S2S-(IN|OUT) / || !match($0, /"s2s [^ "]+ [0-9]+ (in|out)"/)) return 0
	split(count, c, ":"); split(substr($0, RSTART + 1, RLENGTH - 2), w, " ")
	$0 = ""; $ID = w[2]; $NUMBER = w[3]; $DIRECTION = w[4]; $PACKETS = c[1]; $BYTES = c[2]
	return 1
}'

# Counts so far, in their columns: of the chains, else of the disk, since chains are gone after a reboot.
packet_counts() { # tables
	live=$(columns_awk "$count_function"' rule() && counted() { print }' "$1")
	if [ -n "$live" ]; then echo "$live"; elif [ -s "$state/counts" ]; then cat "$state/counts"; fi
}

keep_packet_counts() { # tables
	packet_counts "$1" | put_file "$state/counts"
}

# What iptables-restore is to make of the pairs in $guarded, with the counts so far, the jumps to move, and what goes past the tunnels, in $unguarded.
packet_rules() { # vpc counts moves
	printf '%s\n' s2s-move "$3" s2s-bypass "$unguarded" s2s-count "$2" s2s-pair "$guarded" | columns_awk -v vpc="$1" '
		NF < 2 { if (NF) of = substr($0, 5); next }
		of == "move" { table = $1; sub(/^[a-z]+ /, ""); moves[table] = moves[table] $0 "\n"; next }
		function commit(table) { printf "%sCOMMIT\n", moves[table] }
		of == "bypass" { m++; own[m] = $1 "/32"; past[m] = $2; what[m] = $3; port[m] = $4; next }
		of == "count" { key = $ID " " $NUMBER " " $DIRECTION; packets[key] += $PACKETS; bytes[key] += $BYTES; next }
		{ n++; id[n] = $ID; number[n] = $NUMBER; remote[n] = $REMOTE; peer[n] = $PEER; mss[n] = $MSS; if ($PROBE != "-") probe[$PROBE] = 1 }
		# While its block is changed a pair has two rules, which together count on from what it had.
		function count(i, direction, key, so_far) { key = id[i] " " number[i] " " direction; so_far = packets[key] + 0 ":" bytes[key] + 0; delete packets[key]; delete bytes[key]; return so_far }
		END {
			print "*raw"; print ":S2S-NOTRACK - [0:0]"
			for (i = 1; i <= m; i++) if (what[i] == "tcp") {
				print "-A S2S-NOTRACK -s " own[i] " -d " past[i] " -p tcp -m tcp --dport 443 -j RETURN"; print "-A S2S-NOTRACK -s " past[i] " -d " own[i] " -p tcp -m tcp --sport 443 -j RETURN"
			}
			for (i = 1; i <= n; i++) { print "-A S2S-NOTRACK -s " vpc " -d " remote[i] " -j CT --notrack"; print "-A S2S-NOTRACK -s " remote[i] " -d " vpc " -j CT --notrack" }
			commit("raw")
			print "*mangle"; print ":S2S-MSS - [0:0]"; print ":S2S-IN - [0:0]"; print ":S2S-OUT - [0:0]"
			for (i = 1; i <= n; i++) {
				syn = " -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss " mss[i]
				print "-A S2S-MSS -s " vpc " -d " remote[i] syn; print "-A S2S-MSS -s " remote[i] " -d " vpc syn
				print "[" count(i, "in") "] -A S2S-IN -s " remote[i] " -d " vpc " -m policy --dir in --pol ipsec -m comment --comment \"s2s " id[i] " " number[i] " in\""
				print "[" count(i, "out") "] -A S2S-OUT -s " vpc " -d " remote[i] " -m policy --dir out --pol ipsec -m comment --comment \"s2s " id[i] " " number[i] " out\""
			}
			commit("mangle")
			print "*filter"; print ":S2S-FORWARD - [0:0]"; print ":S2S-INPUT - [0:0]"; print ":S2S-OUTPUT - [0:0]"
			for (i = 1; i <= m; i++) {
				out = "-A S2S-OUTPUT -s " own[i] " -d " past[i]; back = "-A S2S-INPUT -s " past[i] " -d " own[i]
				# What is no peer is left to the owner, who lets in what is established.
				if (what[i] == "tcp") { print out " -p tcp -m tcp --dport 443 -j RETURN"; print back " -p tcp -m tcp --sport 443 -j RETURN" }
				if (what[i] == "udp") { print out " -p udp -m udp --sport " port[i] " -j RETURN"; print back " -p udp -m udp --dport " port[i] " -j ACCEPT" }
				if (what[i] == "esp") { print out " -p esp -j RETURN"; print back " -p esp -j ACCEPT" }
			}
			for (i = 1; i <= n; i++) {
				out = " -s " vpc " -d " remote[i]; back = " -s " remote[i] " -d " vpc
				print "-A S2S-FORWARD" out " -m policy --dir out --pol none -j DROP"; print "-A S2S-FORWARD" back " -m policy --dir in --pol none -j DROP"
				print "-A S2S-FORWARD" out " -m policy --dir out --pol ipsec -j ACCEPT"; print "-A S2S-FORWARD" back " -m policy --dir in --pol ipsec -j ACCEPT"
				print "-A S2S-OUTPUT" out " -m policy --dir out --pol none -j DROP"; print "-A S2S-INPUT" back " -m policy --dir in --pol none -j DROP"
				if (!accepted[peer[i]]++) {
					from = peer[i] == "any" ? "" : " -s " peer[i] "/32"
					print "-A S2S-INPUT" from " -p udp -m multiport --dports 500,4500 -j ACCEPT"; print "-A S2S-INPUT" from " -p esp -j ACCEPT"
				}
			}
			# Untracked, the router'"'"'s own pings and their answers pass no rule for what is established.
			for (host in probe) {
				print "-A S2S-OUTPUT -s " vpc " -d " host "/32 -p icmp -m icmp --icmp-type 8 -m policy --dir out --pol ipsec -j ACCEPT"
				print "-A S2S-INPUT -s " host "/32 -d " vpc " -p icmp -m icmp --icmp-type 0 -m policy --dir in --pol ipsec -j ACCEPT"
			}
			commit("filter")
		}'
}

jumps='raw PREROUTING S2S-NOTRACK
raw OUTPUT S2S-NOTRACK
mangle FORWARD S2S-MSS
mangle PREROUTING S2S-IN
mangle POSTROUTING S2S-OUT
filter FORWARD S2S-FORWARD
filter INPUT S2S-INPUT
filter OUTPUT S2S-OUTPUT'

# What puts those jumps first, and alone, that are not: a line each, after its table.
moves_of_jumps() { # tables
	# shellcheck disable=SC2086 # words
	awk -v jumps="$(echo $jumps)" "$rule_function"'
		rule() { at = table " " chain; if (first) head[at] = $0; at = at " " $NF; if ($NF ~ /^S2S-/) { led[at]++; old[at] = old[at] table " -D" substr($0, 3) "\n" } }
		END { n = split(jumps, j, " "); for (i = 1; i < n; i += 3) { from = j[i] " " j[i + 1]; at = from " " j[i + 2]; jump = j[i + 1] " -j " j[i + 2]; if (head[from] != "-A " jump || led[at] > 1) printf "%s%s -I %s\n", old[at], j[i], jump } }' "$1"
}

# Makes the chains hold what the bundles ask, with the counts carried over, and remembers what was asked and what they then look like. Where
# they have it already, nothing is touched. Nothing of it needs a file, since a full disk opens no way in clear.
set_packet_rules() { # vpc bundle ...
	guarded_vpc=$1
	shift
	guarded=$(bundle_pairs "$@") || return 1
	unguarded=$(bypasses_of "$@")
	asked=$(packet_rules "$guarded_vpc" '' '' | cksum)
	read_tables "$run/tables"
	if ! { packet_rules_stand "$run/tables" && read_line "$state/rules.asked" && [ "$line" = "$asked" ]; }; then
		[ -z "$hidden" ] || { step - 'a rule that nft itself made hides a table from iptables: remove it'; return 1; }
		rules=$(packet_rules "$guarded_vpc" "$(packet_counts "$run/tables")" "$(moves_of_jumps "$run/tables")") || return 1
		# Without it they are set again at the next pass.
		rm -f "$state/rules"
		printf '%s\n' "$rules" | iptables-restore -c --noflush || return 1
		! read_tables "$run/tables" || [ -n "$(moves_of_jumps "$run/tables")" ] || rules_in "$run/tables" | put_file "$state/rules"
		put_line "$state/rules.asked" "$asked"
	fi
	set_sysctls
}

guard() { # bundle
	set_packet_rules "$(bundle_value "$1" vpc)" "$1"
}

rules_in() { # tables
	awk "$rule_function"' rule() && is_ours() { print rule_of() }' "$1"
}

packet_rules_stand() { # tables
	[ -s "$state/rules" ] && rules_in "$1" | cmp -s - "$state/rules"
}

remove_packet_rules() {
	read_tables "$run/tables"
	awk "$rule_function"'
		rule() { if ($NF ~ /^S2S-/ && chain !~ /^S2S-/) led[table] = led[table] "-D" substr($0, 3) "\n"; next }
		/^:S2S-/ { sub(/ .*/, ""); name = substr($0, 2); ours[table] = ours[table] "-F " name "\n"; last[table] = last[table] "-X " name "\n" }
		END { for (table in ours) printf "*%s\n%s%s%sCOMMIT\n", table, led[table], ours[table], last[table] }' "$run/tables" | iptables-restore --noflush && [ -z "$hidden" ] || step - 'the packet rules could not be taken away'
	rm -f "$state/rules" "$state/rules.asked" "$state/counts"
}
