# Takes the whole desired bundle of the router. SSM_Bundle: gzip and base64; SSM_Revision: <generation>-<hash>; SSM_Force: 1 to override
# a higher generation.
: "${SSM_Bundle:?the agent of Systems Manager is too old}" "${SSM_Revision:?the agent of Systems Manager is too old}"
make_folders
steps=$run/steps
: >"$steps"
if ! take_apply_lock 60; then
	print_report 1
	exit
fi
printf '%s' "$SSM_Bundle" | base64 -d | gzip -dc >"$run/bundle" 2>/dev/null
if [ "$(sed -n '1p;$p' "$run/bundle" | tr '\n' ' ')" != 's2s-bundle/1 end ' ]; then
	echo 'the bundle is not whole' >&2
	exit 1
fi
held=$(cat "$state/revision" 2>/dev/null)
if [ "${SSM_Force:-0}" != 1 ] && [ -n "$held" ] && [ "${SSM_Revision%%-*}" -lt "${held%%-*}" ]; then
	step - "refused generation ${SSM_Revision%%-*}: this router has taken ${held%%-*}"
elif bundle_ids "$run/bundle" | grep -q .; then
	touched=
	apply_bundle "$run/bundle" "$SSM_Revision"
	echo "$SSM_Revision" >"$state/revision"
	install_timer
	if [ -n "$touched" ]; then
		begun=$(for id in $touched; do ! initiates "$state/bundle" "$id" || echo "$id"; done)
		# shellcheck disable=SC2086 # ids without spaces
		heal_connections "$state/bundle" $touched
		# shellcheck disable=SC2086
		await_tunnels "$state/bundle" $begun
	fi
else
	remove_everything
	cp "$run/bundle" "$state/bundle"
	echo "$SSM_Revision" >"$state/revision"
	includes_stand >/dev/null 2>&1
	files_sum >"$state/files.sum"
fi
cat "$steps"
print_report 0
