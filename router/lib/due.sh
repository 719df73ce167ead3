# When something is tried again that did not help before.

now() { date +%s; }

# What a loss of power leaves of a file may be none.
is_number() { # text
	case $1 in '' | *[!0-9]* | 0?* | ?????????????*) return 1 ;; esac
}

# In $age the seconds since a time, a great number where it is none. One that lies ahead is of a clock that was wrong: to wait for it could take years.
age_of() { # time [present]
	age=999999
	is_number "$1" || return 0
	age=$((${2:-$(now)} - $1))
	[ "$age" -ge 0 ] || age=999999
}

since() { # file with a time
	read_line "$1" || line=
	age_of "$line"
	echo "$age"
}

# Restarts come at every pass for ten minutes, then once a minute.
restart_is_due() { # id
	[ "$(since "$memory/$1.down-since")" -lt 999999 ] || now >"$memory/$1.down-since"
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
	! read_line "$one_way_file" || wait=${line%% *}
	is_number "$wait" || wait=0
	[ "$wait" -eq 0 ] || [ "$(since "${one_way_file%.one-way-wait}.restarted")" -ge "$wait" ] || return 1
	wait=$((wait == 0 ? 120 : wait * 2))
	[ "$wait" -le 3600 ] || wait=3600
	echo "$wait $*" >"$one_way_file"
}

# What the peer may go on refusing is tried at once, at the next pass, and then backing off to five minutes: pairs that never come up (lone), and a
# restart of those that the daemon began all at once, as it does when the peer deletes them, and may do again where all have traffic (crowd).
is_due() { # id lone|crowd
	read_line "$memory/$1.$2-wait" || line=
	wait=$line
	is_number "$wait" || wait=5
	[ "$(since "$memory/$1.$2")" -ge "$wait" ] || return 1
	now >"$memory/$1.$2"
	wait=$((wait * 2))
	[ "$wait" -le 300 ] || wait=300
	echo "$wait" >"$memory/$1.$2-wait"
}
