# Reads what this router is made of, and changes nothing: it writes no file, so that it says the same of a machine that was never ours.
# SSM_Key: a parameter that it should be able to read. The value is asked for, since only that takes the right to the KMS key, and is
# thrown away by aws itself: of what it prints the query leaves the name.

key_access() {
	command -v aws >/dev/null 2>&1 || { echo no-aws; return; }
	find_region
	said=$(timeout 12 aws ssm get-parameters ${region:+--region "$region"} --with-decryption --names "$SSM_Key" --query 'Parameters[].Name' --output text 2>&1 </dev/null)
	code=$?
	said=$(echo "$said" | tr -s '[:space:]' ' ' | cut -c1-400)
	said=${said# }
	said=${said% }
	[ "$code" = 0 ] || { echo "failed ${said:-it did not end in time or said nothing} (exit $code)"; return; }
	case " $said " in *" $SSM_Key "*) echo 'read' ;; *) echo absent ;; esac
}

at_boot() {
	if [ -d "$root/run/systemd/system" ]; then
		systemctl is-enabled ipsec 2>/dev/null
	elif [ -d "$root/etc/rc2.d" ] && [ -e "$root/etc/init.d/ipsec" ]; then
		set +f
		set -- "$root"/etc/rc[2-5].d/S[0-9][0-9]ipsec
		set -f
		if [ -e "$1" ]; then echo enabled; else echo disabled; fi
	fi
}

timer_kind() {
	if ! has_timer; then echo none; elif [ -d "$root/run/systemd/system" ]; then echo systemd; elif [ -e "$root/etc/s2s-timer" ]; then echo own; else echo cron; fi
}

# Only where an apply has left something to heal by.
heals() { # timer
	[ -x "$opt/heal.sh" ] || { echo -; return; }
	case $1 in
	systemd) systemctl is-active --quiet s2s-heal.timer && echo 1 || echo 0 ;;
	cron) [ -s "$root/etc/cron.d/s2s" ] && echo 1 || echo 0 ;;
	*) echo 1 ;;
	esac
}

unreadable_of_kernel() {
	ip -s xfrm state >/dev/null 2>&1 || printf ' xfrm'
	for table in raw mangle filter; do iptables-save -t "$table" >/dev/null 2>&1 || printf ' %s' "$table"; done
}

# The value of an interface's switch, and of all interfaces together.
switch() { # interface name
	cat "$root/proc/sys/net/ipv4/conf/$1/$2" 2>/dev/null || echo 0
}

# As the kernel joins both values: the higher one for the filter, either for sending, both for taking on a machine that forwards.
interfaces_with() { # strict|redirects
	set +f
	set -- "$1" "$root"/proc/sys/net/ipv4/conf/*
	set -f
	what=$1
	shift
	for path in "$@"; do
		name=${path##*/}
		case $name in all | default | lo) continue ;; esac
		if [ "$what" = strict ]; then
			case $(switch all rp_filter)$(switch "$name" rp_filter) in 01 | 10 | 11) printf ' %s' "$name" ;; esac
		else
			case $(switch all send_redirects)$(switch "$name" send_redirects)/$(switch all accept_redirects)$(switch "$name" accept_redirects) in
			00/00 | 00/01 | 00/10) ;;
			*) printf ' %s' "$name" ;;
			esac
		fi
	done
}

# The interface that leads outside, and the size of its packets.
wan_of() {
	wan=$(ip -4 route get 192.0.2.254 2>/dev/null | awk '{ for (i = 1; i < NF; i++) if ($i == "dev") { print $(i + 1); exit } }')
	[ -z "$wan" ] || ip -o link show dev "$wan" 2>/dev/null | awk -v wan="$wan" '{ for (i = 1; i < NF; i++) if ($i == "mtu") { print wan, $(i + 1); exit } }'
}

echo s2s-inspect/1
echo "time $(date +%s)"
echo "system $(sed -n 's/^PRETTY_NAME="*\([^"]*\)"*$/\1/p' "$root/etc/os-release" 2>/dev/null)"
find_lacking
echo "lacking$lacking"
echo "daemon $(daemon_version | tr / ' ')"
echo "running $(daemon_runs && echo 1 || echo 0)"
boot=$(at_boot)
echo "at-boot ${boot:-unknown}"
timer=$(timer_kind)
echo "timer $timer"
echo "healing $(heals "$timer")"
echo "kernel$(unreadable_of_kernel)"
echo "forwarding $(cat "$root/proc/sys/net/ipv4/ip_forward" 2>/dev/null)"
echo "strict$(interfaces_with strict)"
echo "redirects$(interfaces_with redirects)"
echo "wan $(wan_of)"
echo "addresses $(ip -4 -o addr show 2>/dev/null | awk '{ sub(/\/.*/, "", $4); print $4 }' | tr '\n' ' ')"
find_region
echo "region $region"
echo "aws $(command -v aws >/dev/null 2>&1 && echo 1 || echo 0)"
echo "key $(key_access)"
echo s2s-inspect-end
