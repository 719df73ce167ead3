# Locks are held by an open file, so that they end with their holder.

# Waits for the one lock of everything that changes the router's files: seconds.
take_apply_lock() {
	exec 9>"$run/apply.lock"
	flock -w "$1" 9
}

apply_is_busy() {
	[ -e "$run/apply.lock" ] && ! flock -n "$run/apply.lock" true 2>/dev/null
}
