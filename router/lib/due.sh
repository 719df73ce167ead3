# When something is tried again that did not help before.

now() { date +%s; }

since() { # file: seconds since the time in it; a great number where there is none
	if [ -s "$1" ]; then echo $(($(now) - $(cat "$1"))); else echo 999999; fi
}

# Restarts come at every pass for ten minutes, then once a minute.
restart_is_due() { # id
	[ -s "$memory/$1.down-since" ] || now >"$memory/$1.down-since"
	[ "$(since "$memory/$1.down-since")" -lt 600 ] || [ "$(since "$memory/$1.restarted")" -ge 60 ]
}

# One-way traffic may be the far side's fault: not sooner than two minutes after the last, doubling to an hour. What it waits is
# remembered over the restart, with the pairs that are silent: "<seconds> <n> …". The check shows them as long as they are.
one_way_is_due() { # id n ...
	one_way_file=$memory/$1.one-way-wait
	one_way_shown=$memory/$1.one-way
	shift
	echo "$*" | tr ' ' ',' >"$one_way_shown"
	wait=0
	[ ! -s "$one_way_file" ] || read -r wait _ <"$one_way_file"
	[ "$wait" -eq 0 ] || [ "$(since "${one_way_file%.one-way-wait}.restarted")" -ge "$wait" ] || return 1
	wait=$((wait == 0 ? 120 : wait * 2))
	[ "$wait" -le 3600 ] || wait=3600
	echo "$wait $*" >"$one_way_file"
}

# What the peer may go on refusing is tried at once, then backing off to five minutes: pairs that never come up (lone), and a restart of those
# that the daemon began all at once, as it may do again where all have traffic (crowd).
is_due() { # id lone|crowd
	wait=$(cat "$memory/$1.$2-wait" 2>/dev/null || echo 15)
	[ "$(since "$memory/$1.$2")" -ge "$wait" ] || return 1
	now >"$memory/$1.$2"
	wait=$((wait * 2))
	[ "$wait" -le 300 ] || wait=300
	echo "$wait" >"$memory/$1.$2-wait"
}
