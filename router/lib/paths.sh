# Where everything lies. S2S_ROOT puts it below another root, for tests.
root=${S2S_ROOT:-}
main_conf=$root/etc/ipsec.conf
main_secrets=$root/etc/ipsec.secrets
conf_d=$root/etc/ipsec.d
ours=$conf_d/s2s
opt=$root/opt/s2s
state=$root/var/lib/s2s
memory=$state/memory
run=$root/run/s2s
LC_ALL=C
export LC_ALL
umask 077
# No word is a pattern of file names, but where a part says so.
set -f

make_folders() {
	for folder in "$run" "$memory" "$conf_d"; do [ -d "$folder" ] || mkdir -p "$folder"; done
}

# Steps for the control plane's record of an apply: connection or "-", then words. Never a secret.
step() {
	[ -n "${steps:-}" ] || return 0
	printf 'log %s\n' "$*" >>"$steps"
}

# Why a connection could not be applied: what the control plane shows as the detail of its error.
failed() { # connection why
	step "$1" "failed: $2"
}
