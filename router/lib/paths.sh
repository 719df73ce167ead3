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
PATH=${S2S_PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}${PATH:+:$PATH}
export PATH
LC_ALL=C
export LC_ALL
umask 077

make_folders() {
	mkdir -p "$run" "$state" "$memory" "$conf_d"
}

# Steps for the control plane's record of an apply: connection or "-", then words. Never a secret.
step() {
	[ -n "${steps:-}" ] || return 0
	printf 'log %s\n' "$*" >>"$steps"
}
