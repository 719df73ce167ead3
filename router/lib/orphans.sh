# Conns of ours that no bundle has.

# The conns of ours that a daemon has and a bundle does not.
orphans_of() { # bundle status
	bundle_pairs "$1" | columns_awk '
		of == "pair" { known[$ID "-" $NUMBER] = 1; next }
		match($0, /^"vpnc-[0-9a-f]+-[0-9]+"/) { name = substr($0, 2, RLENGTH - 2); if (!(name in known) && !told[name]++) print name }' of=pair - of=status "$2"
}

# What goes is taken down beforehand, but not by a daemon that does not answer, nor by an apply that is cut off: it would stay up, unknown to anybody.
drop_orphans() { # bundle status
	for conn in $(orphans_of "$@"); do
		is_connection_id "${conn%-*}" || continue
		step - "took down $conn, which no bundle has"
		conn_terminate "$conn"
		case " $(echo $bundled) " in *" ${conn%-*} "*) ;; *) conn_delete_states "${conn%-*}" ;; esac
		conn_delete "$conn"
	done
}
