# The router's own end of a tunnel.

# The public address if the router holds it, else the private one behind it, else the default route's.
local_address() { # public private
	for candidate in "$1" "$2"; do
		if [ "$candidate" != - ] && ip -4 -o addr show 2>/dev/null | grep -qF " $candidate/"; then
			echo "$candidate"
			return
		fi
	done
	ip -4 route get 192.0.2.254 2>/dev/null | awk '{ for (i = 1; i < NF; i++) if ($i == "src") { print $(i + 1); exit } }'
}
