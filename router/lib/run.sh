# What is called from outside: by the documents check and logs, by the timer, and at boot. It stands last in the library, so that a
# library which has it has everything.

# Before the daemon starts: no packet of a tunnel leaves in clear meanwhile.
run_boot() {
	make_folders
	[ -n "$(bundle_ids "$state/bundle")" ] || return 0
	guard "$state/bundle"
	set_bypasses "$state/bundle"
}

# The router's own timer runs this each 15 s.
run_heal() {
	make_folders
	exec 7>"$run/heal.lock"
	flock -n 7 || return 0
	heal_pass
	# A timer waits for the end of what it runs.
	healing_ends_soon || exec "$0"
}

run_logs() {
	make_folders
	logs_of "$SSM_ConnectionId" "$SSM_Limit" "${SSM_Probe:-0}"
}

# Prints the report. Changes nothing and waits for nobody.
run_check() {
	has_tools || return 1
	make_folders
	if apply_is_busy; then print_report 1; else print_report 0; fi
}
