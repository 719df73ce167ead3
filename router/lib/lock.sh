# Locks are held by an open file, so that they end with their holder.

# Waits, at most so many seconds, for the lock of everything that changes the router's files. The second lock says that it is an
# apply that holds it, and no passing heal.
take_apply_lock() {
	exec 9>"$run/apply.lock"
	flock -w "$1" 9 || return 1
	exec 6>"$run/applying.lock"
	flock 6
}

# With a shared lock, since those that look at the same moment would take each other for an apply.
apply_is_busy() {
	[ -e "$run/applying.lock" ] && ! flock -n -s 4 4<"$run/applying.lock"
}

# Runs a command that holds none of our locks: a daemon that it starts would hold them for ever.
unlocked() { # command …
	"$@" </dev/null 5>&- 6>&- 7>&- 8>&- 9>&-
}
