# What stays on the router between commands: the scripts, a timer for heal, a unit that guards packets before the daemon starts.

# Standard input as a file, whole or not at all: under a name of its own until it is renamed, which it is only where it differs. It is root's
# alone, as all that is made here, unless a mode is given.
put_file() { # path [mode]
	put_as=$1.s2s-new.$$
	if cat >"$put_as" && { [ -z "${2:-}" ] || chmod "$2" "$put_as"; }; then
		if cmp -s "$put_as" "$1"; then rm -f "$put_as"; else mv -f "$put_as" "$1" && relabel "$1"; fi
	else
		rm -f "$put_as"
		return 1
	fi
}

# A file of one line; where it says so already, without a process.
put_line() { # path line
	! read_line "$1" || [ "$line" != "$2" ] || return 0
	printf '%s\n' "$2" | put_file "$1"
}

# The first line of a file, in $line. Fails where there is none.
read_line() { # path
	line=
	[ -s "$1" ] && { IFS= read -r line <"$1"; } 2>/dev/null
}

# What was renamed keeps the label of where it was written.
relabel() { # path ...
	! command -v restorecon >/dev/null 2>&1 || restorecon -R "$@" >/dev/null 2>&1 || :
}

# What an apply writes at most in a folder, beside four times its bundle: two bundles, and the packet rules of one.
room_bytes=262144

# Gives up where so many bytes cannot be written. Folders of one disk are tried once.
need_room() { # bytes folder ...
	bytes=$1
	shift
	tried=
	for folder in "$@"; do
		until [ -d "$folder/" ]; do folder=${folder%/*}; done
		disk=$(stat -Lc %d "$folder")
		case "$tried " in *" $disk "*) continue ;; esac
		tried="$tried $disk"
		head -c "$bytes" /dev/zero 2>/dev/null >"$folder/room.s2s-new.$$"
		written=$(wc -c <"$folder/room.s2s-new.$$" 2>/dev/null)
		rm -f "$folder/room.s2s-new.$$"
		[ "${written:-0}" -eq "$bytes" ] || give_up "the disk is full: $folder has no room for $bytes bytes"
	done
}

scripts_version() {
	if [ -s "$opt/lib.sh" ]; then printf '%.8s\n' "$(sha256sum <"$opt/lib.sh")"; else echo none; fi
}

# All are written before the first is renamed, and the library, which has everything, is the first.
install_scripts() { # folder
	mkdir -p "$opt" || return 1
	differing=
	for name in lib heal boot; do
		{ cmp -s "$1/$name.sh" "$opt/$name.sh" && [ -x "$opt/$name.sh" ]; } || differing="$differing $name"
	done
	[ -n "$differing" ] || return 0
	for name in $differing; do
		as=$opt/$name.sh.s2s-new.$$
		if ! { cp "$1/$name.sh" "$as" && chmod 700 "$as" && cmp -s "$1/$name.sh" "$as"; }; then
			for written in $differing; do rm -f "$opt/$written.sh.s2s-new.$$"; done
			return 1
		fi
	done
	# Some file systems know a name before they have what is in the file.
	sync
	for name in $differing; do mv -f "$opt/$name.sh.s2s-new.$$" "$opt/$name.sh" || return 1; done
	relabel "$opt"
}

# What an apply that was killed has left. Only under the lock.
sweep_after_apply() {
	rm -rf "$run/keys" "$ours/.stage"
	set +f
	for folder in "$opt" "$root/etc" "$conf_d" "$state" "$memory" "$root/etc/cron.d" "$root/etc/systemd/system"; do rm -f "$folder"/*.s2s-new.*; done
	set -- "$run"/carried.*
	set -f
	for left in "$@"; do kill -0 "${left##*.}" 2>/dev/null || rm -rf "$left"; done
}

has_timer() {
	[ -d "$root/run/systemd/system" ] || [ -e "$root/etc/s2s-timer" ] || { [ -d "$root/etc/cron.d" ] && pidof cron crond >/dev/null 2>&1; }
}

install_timer() {
	if [ -d "$root/run/systemd/system" ]; then
		units=$root/etc/systemd/system
		printf '[Unit]\nDescription=Guard of site-to-site tunnels\nDefaultDependencies=no\nAfter=local-fs.target iptables.service nftables.service netfilter-persistent.service\nBefore=network-pre.target ipsec.service\nWants=network-pre.target\n[Service]\nType=oneshot\nExecStart=%s/boot.sh\n[Install]\nWantedBy=multi-user.target\n' "$opt" | put_file "$units/s2s-boot.service" 644
		printf '[Unit]\nDescription=Heals site-to-site tunnels\n[Service]\nType=oneshot\nExecStart=%s/heal.sh\n' "$opt" | put_file "$units/s2s-heal.service" 644
		printf '[Unit]\nDescription=Heals site-to-site tunnels\n[Timer]\nOnBootSec=5\nOnUnitInactiveSec=15\nAccuracySec=1\n[Install]\nWantedBy=timers.target\n' | put_file "$units/s2s-heal.timer" 644
		systemctl daemon-reload && systemctl enable --now s2s-boot.service s2s-heal.timer >/dev/null 2>&1
	elif [ -d "$root/etc/cron.d" ]; then
		printf '* * * * * root for n in 1 2 3 4; do %s/heal.sh; sleep 14; done >/dev/null 2>&1\n@reboot root %s/boot.sh\n' "$opt" "$opt" | put_file "$root/etc/cron.d/s2s" 644
	fi
}

remove_timer() {
	if [ -d "$root/run/systemd/system" ]; then
		systemctl disable --now s2s-heal.timer s2s-boot.service >/dev/null 2>&1
		for unit in s2s-boot.service s2s-heal.service s2s-heal.timer; do rm -f "$root/etc/systemd/system/$unit"; done
		systemctl daemon-reload
	fi
	rm -f "$root/etc/cron.d/s2s" "$opt/heal.sh" "$opt/boot.sh"
}
