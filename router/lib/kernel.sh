# The kernel's side. Keys stand in what `ip xfrm state` prints: only SPIs and counts leave these functions.

# "sa <spi without leading zeros> <bytes>" of every SA, of either direction
kernel_sas() {
	ip -s xfrm state 2>/dev/null | awk '
		/proto esp/ { for (i = 1; i < NF; i++) if ($i == "spi") { spi = $(i + 1); sub(/\(.*/, "", spi); sub(/^0x0*/, "", spi) } current = 0 }
		/lifetime current/ { current = 1; next }
		current && /bytes/ { split($1, b, "("); print "sa", spi, b[1]; current = 0 }'
}

# "policy <src> <dst> <peer>" of every outbound tunnel policy
kernel_policies() {
	ip xfrm policy 2>/dev/null | awk '
		/^src/ { src = $2; dst = $4; out = 0 }
		/dir out/ { out = 1 }
		out && /tmpl src/ { print "policy", src, dst, $5; out = 0 }'
}

flush_pair() { # vpc remote
	for direction in out in fwd; do
		case $direction in
		out) ip xfrm policy delete src "$1" dst "$2" dir out 2>/dev/null ;;
		*) ip xfrm policy delete src "$2" dst "$1" dir "$direction" 2>/dev/null ;;
		esac
	done
	return 0
}

set_sysctls() {
	sys=$root/proc/sys/net/ipv4
	echo 1 >"$sys/ip_forward" 2>/dev/null
	set +f
	set -- "$sys"/conf/*
	set -f
	for interface in "$@"; do
		[ "$(cat "$interface/rp_filter" 2>/dev/null)" != 1 ] || echo 2 >"$interface/rp_filter"
		echo 0 >"$interface/send_redirects" 2>/dev/null
		echo 0 >"$interface/accept_redirects" 2>/dev/null
	done
	return 0
}
