# The daemon's log, wherever it is.

# What the daemon wrote lately, the lines that hold one of the words, in the order of their time, which is their own where there is one log.
daemon_lines() { # -e word ...
	logs=
	for log in $usual_logs; do [ ! -s "$root/var/log/$log" ] || logs="$logs $log"; done
	if [ -e "$run/daemon.logs" ]; then
		while read -r log; do [ ! -s "$log" ] || logs="$logs $log"; done <"$run/daemon.logs"
	fi
	[ ! -d "$root/run/systemd/system" ] || ! command -v journalctl >/dev/null || logs="$logs journal"
	case ${logs# } in
	'') ;;
	*' '*)
		for log in $logs; do
			if [ "$log" = journal ]; then modified=0; else modified=$(date -r "$(log_path "$log")" +%Y%m%d%H%M%S); fi
			last_lines "$log" "$@" | timed "$modified"
		done | sort -s -k 1,1 | cut -d ' ' -f 2-
		;;
	*) last_lines "${logs# }" "$@" ;;
	esac
}

# Below /var/log. Into all but the first other programs write as well, some of them what strangers say: sshd names whoever tries to log in.
usual_logs='pluto.log auth.log daemon.log secure messages'

# Of a usual log, or of one that the daemon has open.
log_path() { # log
	case $1 in /*) echo "$1" ;; *) echo "$root/var/log/$1" ;; esac
}

last_lines() { # log -e word ...
	from=$1
	shift
	case $from in
	journal) journalctl -u ipsec -o short-iso -n 4000 --no-pager 2>/dev/null | grep -aF "$@" ;;
	pluto.log | /*) tail -n 4000 "$(log_path "$from")" | grep -aF "$@" ;;
	*) tail -n 4000 "$(log_path "$from")" | grep -aF "$@" | grep -aE '^([^ ]+|[A-Z][a-z][a-z] +[0-9]+ [0-9:.]+)( [^ :]+)?( [^ :]+)? (pluto|ipsec)[^ :]*: ' ;;
	esac
}

# Notes the log files that the daemon has open, wherever its options or its owner's configuration put them: what it only writes to, as it does
# to no table of NSS. One that was moved or deleted meanwhile, or lies in another file system, is read by the daemon's own hold on it. Only
# files of root's: what a setuid program of that name has open was opened by whoever called it.
note_log_files() {
	for pid in $(daemon_pids); do
		ls -l "/proc/$pid/fd" 2>/dev/null | sed -n "s,^l-wx.* \\([0-9]*\\) -> \\(/.*\\)\$,/proc/$pid/fd/\\1 \\2,p"
	done | while read -r held log; do
		[ -f "$held" ] && [ -O "$held" ] || continue
		for usual in $usual_logs; do [ ! "$root/var/log/$usual" -ef "$held" ] || continue 2; done
		case $log in *' '*) log=$held ;; esac
		if [ "$log" -ef "$held" ]; then echo "$log"; else echo "$held"; fi
	done >"$run/daemon.logs.new"
	mv "$run/daemon.logs.new" "$run/daemon.logs"
}

# Puts before each line the digits of its time. What tells none, as Openswan's own file, is of the line before, else of when its file was last written.
timed() { # time of the file
	awk -v key="$1" -v month="$(date +%Y%m)" '
		/^[0-9]+-[0-9]+-[0-9]+T[0-9]/ { key = $1; sub(/[Z+].*/, "", key); sub(/-[0-9:]+$/, "", key); gsub(/[-:T]/, "", key) }
		/^[A-Z][a-z][a-z] +[0-9]+ [0-9]+:[0-9]+:[0-9]/ {
			m = sprintf("%02d", (index("JanFebMarAprMayJunJulAugSepOctNovDec", $1) + 2) / 3)
			# Syslog tells no year.
			key = (m > substr(month, 5) ? substr(month, 1, 4) - 1 : substr(month, 1, 4)) m sprintf("%02d", $2) $3; gsub(/:/, "", key)
		}
		{ print key, $0 }'
}

daemon_log() { # connection, lines
	daemon_lines -e "$1" | tail -n "$2"
}
