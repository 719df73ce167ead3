# The router's own way out. A public block behind a peer may hold addresses that the router itself needs: those of Systems Manager and
# Parameter Store, and those of other peers. The daemon's policies would take its packets, whose source lies in the VPC's block, and our packet
# rules would drop them. So what the router sends from an address of its own by HTTPS, and IKE and ESP with its peers, goes ahead of both;
# nothing of another host does.

# Ahead of any that a daemon sets.
bypass_priority=77

# is_public(block): none of the private ones holds it. Where the library is joined, the line #private-blocks becomes those of
# functions/domain/model/public-blocks.ts.
public_function='
	function is_public(block,   i, n, private_block, b, p) {
		#private-blocks
		split(block, b, "/")
		for (i = 1; i <= n; i++) { split(private_block[i], p, "/"); if (b[2] + 0 >= p[2] + 0 && holds(private_block[i], b[1])) return 0 }
		return 1
	}'

has_public_blocks() { # bundle
	awk "$holds_function $public_function"' $1 == "pair" && is_public($3) { found = 1; exit } END { exit !found }' "$1"
}

# What passes, as "<own address> <block or peer> tcp", "… udp <own port>" and "… esp".
bypasses_of() { # bundle ...
	own_addresses=$(inner_addresses "$(bundle_value "$1" vpc)")
	awk -v own="$(echo "$own_addresses" | tr '\n' ' ')" "$holds_function $public_function"'
		BEGIN { owns = split(own, mine, " ") }
		$1 == "connection" { for (i = 3; i <= NF; i++) if ($i ~ /^peer=[0-9]/) peer[substr($i, 6)] = 1 }
		$1 == "pair" && is_public($3) { public_block[$3] = 1 }
		END {
			for (i = 1; i <= owns; i++) for (block in public_block) {
				print mine[i], block, "tcp"
				for (one in peer) if (holds(block, one)) { print mine[i], one "/32", "udp 500"; print mine[i], one "/32", "udp 4500"; print mine[i], one "/32", "esp" }
			}
		}' "$@" | sort -u
}

# Those that the kernel has, in the same words.
bypasses_that_stand() {
	ip xfrm policy 2>/dev/null | awk -v ours="$bypass_priority" '
		# Where there is no /etc/protocols they are numbers.
		BEGIN { named[6] = "tcp"; named[17] = "udp"; named[50] = "esp" }
		/^src/ { src = $2; dst = $4; words = ""; for (i = 5; i < NF; i++) { if ($i == "proto") words = words " " (($(i + 1) in named) ? named[$(i + 1)] : $(i + 1)); if ($i == "sport") words = words " " $(i + 1) } }
		/dir out / && / priority / { for (i = 1; i < NF; i++) if ($i == "priority" && $(i + 1) == ours) { sub("/32$", "", src); print src, dst words } }' | sort -u
}

bypass_policy() { # update|delete own block proto [own port]
	verb=$1
	last=
	[ "$verb" = delete ] || last="priority $bypass_priority"
	case $4 in
	tcp) there='proto tcp dport 443' back='proto tcp sport 443' ;;
	udp) there="proto udp sport $5" back="proto udp dport $5" ;;
	*) there="proto $4" back=$there ;;
	esac
	# shellcheck disable=SC2086 # words
	ip xfrm policy "$verb" src "$2/32" dst "$3" $there dir out $last 2>/dev/null
	# shellcheck disable=SC2086
	ip xfrm policy "$verb" src "$3" dst "$2/32" $back dir in $last 2>/dev/null
}

# Makes the kernel have those that a bundle asks for, and no other of ours. Fails where it does not have them then.
set_bypasses() { # bundle
	bypasses_of "$1" >"$run/bypasses"
	bypasses_that_stand >"$run/bypasses.now"
	if cmp -s "$run/bypasses" "$run/bypasses.now"; then return 0; fi
	while read -r source block proto port; do
		grep -qxF "$source $block $proto${port:+ $port}" "$run/bypasses" || bypass_policy delete "$source" "$block" "$proto" "$port"
	done <"$run/bypasses.now"
	while read -r source block proto port; do
		grep -qxF "$source $block $proto${port:+ $port}" "$run/bypasses.now" || bypass_policy update "$source" "$block" "$proto" "$port"
	done <"$run/bypasses"
	bypasses_that_stand | cmp -s - "$run/bypasses"
}
