# Takes the whole desired bundle of the router. In $carried the document has unpacked the scripts that it brought. SSM_Force: 1 to
# override a higher generation.
make_folders || exit 1
steps=$carried/steps
: >"$steps"
if ! take_apply_lock 60; then
	print_report 1
	exit
fi
sweep_after_apply
need_room $((bundle_bytes + room_bytes)) "$run"
why=$(unpack_bundle "$carried/bundle") || give_up "refused the bundle: $why"
need_room $(($(wc -c <"$carried/bundle") * 4 + room_bytes)) "$state" "$opt" "$conf_d" "$root/etc"
# A bundle without connections has everything removed: one whose connections could not be read is none.
arriving=$(bundle_ids "$carried/bundle") || give_up 'the connections of the bundle could not be read'
read_line "$state/revision"
held=$line
if [ "${SSM_Force:-0}" != 1 ] && [ -n "$held" ] && [ "${SSM_Revision%%-*}" -lt "${held%%-*}" ]; then
	step - "refused generation ${SSM_Revision%%-*}: this router has taken ${held%%-*}"
elif [ -n "$arriving" ]; then
	has_timer || lacks 'a timer (systemd, or a cron that runs)' || exit 1
	install_scripts "$carried" || give_up "the scripts could not be written in $opt"
	touched=
	apply_bundle "$carried/bundle" "$SSM_Revision"
	put_line "$state/revision" "$SSM_Revision"
	install_timer
	if [ -n "$touched" ]; then
		starts=$(initiated_ids "$state/bundle")
		begun=
		for id in $touched; do ! initiates "$starts" "$id" || begun="$begun $id"; done
		# shellcheck disable=SC2086 # ids without spaces
		heal_connections "$state/bundle" $touched
		# shellcheck disable=SC2086
		await_tunnels "$state/bundle" $begun
	fi
else
	install_scripts "$carried" || give_up "the scripts could not be written in $opt"
	remove_everything
	put_file "$state/bundle" <"$carried/bundle"
	put_line "$state/revision" "$SSM_Revision"
	includes_stand >/dev/null 2>&1
	keep_files_sum
fi
print_steps
print_report 0
