# The marked blocks in the owner's two files, which are all that we change there.

block_begin='# s2s begin (kept by s2s-vpn; what stands in this block is replaced)'
block_end='# s2s end'

without_block() { # file
	[ ! -e "$1" ] || awk -v from="$block_begin" -v to="$block_end" '$0 == from { inside = 1; next } $0 == to && inside { inside = 0; next } !inside' "$1"
}

# Whether the owner's own lines include our file already, as Debian's `include /etc/ipsec.d/*.conf` does.
covers() { # file suffix
	without_block "$1" | grep -qE "^include[[:space:]]+/etc/ipsec\.d/\*(\.$2)?[[:space:]]*\$"
}

# The setup lines that the owner has not set so already: only a new one needs a restart.
lacking() { # file setup-lines
	printf '%s\n' "$2" | while IFS='=' read -r name value; do
		[ -z "$name" ] || without_block "$1" | grep -qE "^[[:space:]]+${name}[[:space:]]*=[[:space:]]*${value}[[:space:]]*\$" || echo "$name=$value"
	done
}

wanted_block() { # file suffix setup-lines
	covered=0
	covers "$1" "$2" && covered=1
	setup=$(lacking "$1" "$3")
	[ "$covered" = 1 ] && [ -z "$setup" ] && return 0
	echo "$block_begin"
	[ -z "$setup" ] || { echo 'config setup'; printf '%s\n' "$setup" | sed 's/^/	/'; }
	[ "$covered" = 1 ] || echo "include /etc/ipsec.d/s2s.$2"
	echo "$block_end"
}

setup_lines() { # bundle
	sed -n 's/^setup //p' "$1"
}

# The setup lines in our block.
set_by_us() { # file
	awk -v from="$block_begin" -v to="$block_end" '$0 == from { on = 1 } $0 == to { on = 0 } on && sub(/^\t/, "")' "$1" 2>/dev/null
}

put_block() { # file suffix setup-lines
	{
		without_block "$1"
		wanted_block "$1" "$2" "$3"
	} | put_owners_file "$1"
}

# As put_file, with the owner and the mode that it has.
put_owners_file() { # path
	[ ! -e "$1" ] || cp -p "$1" "$1.s2s-new.$$" || { rm -f "$1.s2s-new.$$"; return 1; }
	put_file "$1"
}

remove_block() { # file
	grep -qF "$block_begin" "$1" 2>/dev/null || return 0
	without_block "$1" | put_owners_file "$1"
}

includes_stand() {
	[ -s "$state/bundle" ] || return 1
	for suffix in conf secrets; do
		file=$root/etc/ipsec.$suffix
		lines=
		[ "$suffix" = secrets ] || lines=$(setup_lines "$state/bundle")
		want=$(wanted_block "$file" "$suffix" "$lines")
		[ -z "$want" ] || [ "$(awk -v from="$block_begin" -v to="$block_end" '$0 == from { on = 1 } on { print } $0 == to { on = 0 }' "$file" 2>/dev/null)" = "$want" ] || return 1
	done
}
