# Chains of our own in raw, mangle and filter. They leave everybody else's rules alone, and are replaced as a whole.

ours_in_tables() {
	for table in raw mangle filter; do
		iptables-save -t "$table" 2>/dev/null | grep -E '^-A ([A-Z]+ .*-j )?S2S-' | sed "s/^/$table /"
	done
}

# Counts so far, in their columns: of the chains, else of the disk, since chains are gone after a reboot.
packet_counts() {
	live=$(iptables-save -c -t mangle 2>/dev/null | columns_awk '
		/-A S2S-(IN|OUT) .*--comment "?s2s / { count = $1; gsub(/[][]/, "", count); split(count, c, ":")
			match($0, /s2s [^ "]+ [0-9]+ (in|out)/); split(substr($0, RSTART, RLENGTH), w, " ")
			$0 = ""; $ID = w[2]; $NUMBER = w[3]; $DIRECTION = w[4]; $PACKETS = c[1]; $BYTES = c[2]; print }')
	if [ -n "$live" ]; then echo "$live"; elif [ -s "$state/counts" ]; then cat "$state/counts"; fi
}

keep_packet_counts() {
	packet_counts | put_file "$state/counts" 600
}

# What iptables-restore is to make of the bundles' pairs.
packet_rules() { # vpc bundle ...
	vpc=$1
	shift
	{
		packet_counts | sed 's/^/count /'
		bundle_pairs "$@" | sed 's/^/pair /'
	} | columns_awk -v vpc="$vpc" "$kind_function"'
		kind() == "count" { counted[$ID " " $NUMBER " " $DIRECTION] = $PACKETS ":" $BYTES; next }
		{ n++; id[n] = $ID; number[n] = $NUMBER; remote[n] = $REMOTE; peer[n] = $PEER; mss[n] = $MSS }
		function count(i, direction, key) { key = id[i] " " number[i] " " direction; return (key in counted) ? counted[key] : "0:0" }
		END {
			print "*raw"; print ":S2S-NOTRACK - [0:0]"
			for (i = 1; i <= n; i++) { print "-A S2S-NOTRACK -s " vpc " -d " remote[i] " -j CT --notrack"; print "-A S2S-NOTRACK -s " remote[i] " -d " vpc " -j CT --notrack" }
			print "COMMIT"
			print "*mangle"; print ":S2S-MSS - [0:0]"; print ":S2S-IN - [0:0]"; print ":S2S-OUT - [0:0]"
			for (i = 1; i <= n; i++) {
				syn = " -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss " mss[i]
				print "-A S2S-MSS -s " vpc " -d " remote[i] syn; print "-A S2S-MSS -s " remote[i] " -d " vpc syn
				print "[" count(i, "in") "] -A S2S-IN -s " remote[i] " -d " vpc " -m policy --dir in --pol ipsec -m comment --comment \"s2s " id[i] " " number[i] " in\""
				print "[" count(i, "out") "] -A S2S-OUT -s " vpc " -d " remote[i] " -m policy --dir out --pol ipsec -m comment --comment \"s2s " id[i] " " number[i] " out\""
			}
			print "COMMIT"
			print "*filter"; print ":S2S-FORWARD - [0:0]"; print ":S2S-INPUT - [0:0]"; print ":S2S-OUTPUT - [0:0]"
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
			print "COMMIT"
		}'
}

jump_first() { # table chain ours
	first=$(iptables -t "$1" -S "$2" 2>/dev/null | sed -n '/^-A/{p;q;}')
	[ "$first" = "-A $2 -j $3" ] && return 0
	while iptables -t "$1" -D "$2" -j "$3" 2>/dev/null; do :; done
	iptables -t "$1" -I "$2" 1 -j "$3"
}

jumps='raw PREROUTING S2S-NOTRACK
raw OUTPUT S2S-NOTRACK
mangle FORWARD S2S-MSS
mangle PREROUTING S2S-IN
mangle POSTROUTING S2S-OUT
filter FORWARD S2S-FORWARD
filter INPUT S2S-INPUT
filter OUTPUT S2S-OUTPUT'

# Makes the chains hold what the bundles ask, with the counts carried over, and remembers what they then look like.
set_packet_rules() { # vpc bundle ...
	packet_rules "$@" >"$run/rules" && iptables-restore -c --noflush <"$run/rules" || return 1
	echo "$jumps" | while read -r table chain target; do jump_first "$table" "$chain" "$target" || return 1; done || return 1
	ours_in_tables | cksum | put_file "$state/rules.sum" 600
	set_sysctls
}

packet_rules_stand() {
	[ -s "$state/rules.sum" ] && [ "$(ours_in_tables | cksum)" = "$(cat "$state/rules.sum")" ] || return 1
	echo "$jumps" | while read -r table chain target; do
		[ "$(iptables -t "$table" -S "$chain" 2>/dev/null | sed -n '/^-A/{p;q;}')" = "-A $chain -j $target" ] || return 1
	done
}

remove_packet_rules() {
	echo "$jumps" | while read -r table chain target; do
		while iptables -t "$table" -D "$chain" -j "$target" 2>/dev/null; do :; done
	done
	echo "$jumps" | while read -r table chain target; do
		iptables -t "$table" -F "$target" 2>/dev/null
		iptables -t "$table" -X "$target" 2>/dev/null
	done
	rm -f "$state/rules.sum" "$state/counts"
}
