# The kernel's side. Keys stand in what `ip xfrm state` prints: only SPIs and counts leave these functions.

# Its last line says that this is all: of what is cut short, as where memory is, the rest is not missing from the kernel.
kernel_state() {
	ip -s xfrm state 2>/dev/null && ip xfrm policy 2>/dev/null && echo s2s-kernel-end
}

# kernel() takes a line of it: whether it ends an "sa" of either direction, with sa_spi (without leading zeros), sa_to and sa_bytes, or an
# outbound tunnel "policy", with policy_src, policy_dst and policy_peer.
kernel_function='function kernel(   i, b) {
	if (/proto esp/) { for (i = 1; i < NF; i++) if ($i == "spi") { sa_spi = $(i + 1); sub(/[(].*/, "", sa_spi); sub(/^0x0*/, "", sa_spi) } in_lifetime = 0 }
	if (/lifetime current/) { in_lifetime = 1; return "" }
	if (in_lifetime && /bytes/) { split($1, b, "("); sa_bytes = b[1]; sa_to = policy_dst; in_lifetime = 0; return "sa" }
	if (/^src/) { policy_src = $2; policy_dst = $4; is_outbound = 0 }
	if (/dir out/) is_outbound = 1
	if (is_outbound && /tmpl src/) { policy_peer = $5; is_outbound = 0; return "policy" }
	return ""
}'

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
		! read_line "$interface/rp_filter" || [ "$line" != 1 ] || echo 2 >"$interface/rp_filter"
		echo 0 >"$interface/send_redirects" 2>/dev/null
		echo 0 >"$interface/accept_redirects" 2>/dev/null
	done
	return 0
}
