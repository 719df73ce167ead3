# Why a tunnel is not up, from what was printed and logged. Codes are those of the control plane's table.

# From the text of an initiation.
reason_of_initiation() { # file
	if grep -qiE 'preshared key|authentication failure|AUTHENTICATION_FAILED|ISAKMP Hash Payload|malformed payload' "$1"; then
		echo psk-mismatch
	elif grep -qiE 'we require (IKEv1 )?peer to have ID|mismatched on first found connection|but peer declares' "$1"; then
		echo identity-mismatch
	elif grep -qE 'STATE_QUICK_I1|Quick Mode' "$1" || { grep -qE 'STATE_MAIN_I4|ISAKMP SA established|IKE SA established' "$1" && grep -qE 'NO_PROPOSAL_CHOSEN|INVALID_ID_INFORMATION|TS_UNACCEPTABLE' "$1"; }; then
		echo phase2-refused,esp-proposal-mismatch,pfs-mismatch,subnet-mismatch
	elif grep -q 'INVALID_ID_INFORMATION' "$1"; then
		echo identity-mismatch
	elif grep -qE 'NO_PROPOSAL_CHOSEN|Informational Exchange message must be encrypted' "$1"; then
		echo ike-proposal-mismatch
	elif grep -qE 'STATE_MAIN_I3|STATE_PARENT_I2' "$1"; then
		echo psk-mismatch
	elif [ -s "$1" ]; then
		echo peer-unreachable
	fi
}

daemon_log() { # connection, lines
	for log in "$root/var/log/pluto.log" "$root/var/log/auth.log" "$root/var/log/daemon.log" "$root/var/log/secure" "$root/var/log/messages"; do
		[ ! -s "$log" ] || tail -n 4000 "$log" | grep -aF "$1"
	done | tail -n "$2"
	if [ -d /run/systemd/system ] && command -v journalctl >/dev/null; then journalctl -u ipsec -o short-iso -n 4000 --no-pager 2>/dev/null | grep -aF "$1" | tail -n "$2"; fi
}

# Why a pair that was up is not any more: the last word of the log on it.
reason_of_loss() { # connection
	daemon_log "$1" 200 | awk '
		/DPD action|[Dd][Pp][Dd]: .*(No response|no response|timeout|dead|declaring)|liveness.*(timeout|failed)|dead peer/ { last = "dpd-timeout" }
		/received Delete SA|received INFORMATIONAL.*[Dd]elete|Delete SA payload|deleting state.*requested by peer|[Dd]elete.*by peer/ { last = "peer-deleted" }
		/IPsec SA established/ { last = "" }
		END { if (last != "") print last }'
}

keep_reason() { # connection reason
	if [ -n "$2" ]; then printf '%s\n' "$2" >"$memory/$1.reason"; else rm -f "$memory/$1.reason"; fi
}
