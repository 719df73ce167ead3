# Addresses: which a block holds, and which are the router's own.

# holds(block, address). Some builds of busybox have no powers.
holds_function='
	function value_of(ip,   p) { split(ip, p, "."); return ((p[1] * 256 + p[2]) * 256 + p[3]) * 256 + p[4] }
	function holds(block, ip,   b, bits, size) {
		split(block, b, "/")
		size = 1
		for (bits = b[2]; bits < 32; bits++) size *= 2
		return int(value_of(ip) / size) == int(value_of(b[1]) / size)
	}'

# The addresses of the router's own that the tunnels carry, a line each.
inner_addresses() { # vpc
	ip -4 -o addr show 2>/dev/null | awk -v vpc="$1" "$holds_function"'
		{ split($4, own, "/"); if (holds(vpc, own[1])) print own[1] }'
}

# The first of them.
inner_address() { # vpc
	inner_addresses "$1" | head -n 1
}
