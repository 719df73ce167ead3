# What is remembered of a connection between passes.

# Most of it is not there most of the time, and a process costs more than a look.
forget() { # id kind ...
	forgotten=$memory/$1
	shift
	for kind in "$@"; do [ ! -e "$forgotten.$kind" ] || rm -f "$forgotten.$kind"; done
}

# Begins anew with a connection that was changed.
forget_memory() { # id
	forget "$1" seen down-since restarted one-way one-way-wait lone lone-wait crowd crowd-wait reason bad loaded replies
}

# Begins anew with some of its pairs.
forget_pairs() { # id conn ...
	id=$1
	shift
	[ -s "$memory/$id.seen" ] || return 0
	awk -v conns=" $* " -v id="$id" '!index(conns, " " id "-" $1 " ")' "$memory/$id.seen" >"$memory/$id.seen.new" && mv "$memory/$id.seen.new" "$memory/$id.seen"
}
