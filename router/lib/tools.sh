# What a router must have. Said as one error that names what is missing, before anything is changed.

PATH=${S2S_PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}${PATH:+:$PATH}
export PATH

find_lacking() {
	lacking=
	for tool in ipsec ip iptables-save iptables-restore flock timeout awk sed grep sort cmp cksum sha256sum gzip base64 pidof; do
		command -v "$tool" >/dev/null 2>&1 || lacking="$lacking $tool"
	done
}

has_tools() {
	find_lacking
	[ -z "$lacking" ] || lacks "${lacking# }"
}

lacks() { # what
	echo "this router lacks: $*" >&2
	return 1
}
