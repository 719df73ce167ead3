# What a router prints of its log and of an apply goes to the control plane, where keys must not come.

# The keys in our secrets files, as they stand there and in clear, a line each.
held_keys() {
	set +f
	set -- "$ours"/*.secrets
	set -f
	for file in "$@"; do
		[ ! -e "$file" ] || sed -n 's/^.* : PSK 0s\([A-Za-z0-9+\/=]*\)$/\1/p' "$file"
	done | sort -u | while read -r key; do
		printf '%s\n' "$key"
		printf '%s' "$key" | base64 -d 2>/dev/null
		echo
	done
}

# Standard input without the keys that this router holds, and without what has the shape of one. Keys pass through pipes alone. A sign before
# each line tells keys from text, since a key may read like anything; of two that begin alike the longer goes first.
mask_keys() {
	{
		held_keys | sed 's/^/=/'
		sed 's/^/ /'
	} | awk '
		/^=/ {
			key = substr($0, 2)
			if (length(key) < 8) next
			for (i = ++n; i > 1 && length(known[i - 1]) < length(key); i--) known[i] = known[i - 1]
			known[i] = key
			next
		}
		{
			$0 = substr($0, 2)
			for (i = 1; i <= n; i++) while ((at = index($0, known[i])) > 0) $0 = substr($0, 1, at - 1) "***" substr($0, at + length(known[i]))
			print
		}' | sed -E \
		-e "s/([Pp][Ss][Kk][[:space:]]+|[Ss]ecret[[:space:]]*[:=][[:space:]]*)('[^']*('|\$)|\"[^\"]*(\"|\$))/\1***/g" \
		-e 's/(PSK[[:space:]]+)[a-z]*[^a-z[:space:]{*][^[:space:]]*/\1***/g' \
		-e 's/(secret[[:space:]]*[:=][[:space:]]*)[^[:space:]{*]+/\1***/g' \
		-e 's/0s[A-Za-z0-9+\/=]{8,}/***/g'
}
