# Before the daemon starts: no packet of a tunnel leaves in clear meanwhile.
make_folders
[ -s "$state/bundle" ] || exit 0
set_packet_rules "$(bundle_value "$state/bundle" vpc)" "$state/bundle"
