# The marked blocks in the owner's two files, which are all that we change there.

block_begin='# s2s begin (kept by s2s-vpn; what stands in this block is replaced)'
block_end='# s2s end'

# Reads an owner's file, line by line: own(n) of it, and standing, what our block has now. wanted() is what it should have: the setup lines
# that the owner has not set so already, since only a new one needs a restart, and our include where the owner's own lines do not cover
# it, as Debian's `include /etc/ipsec.d/*.conf` does.
block_function='
	function wanted(   n, i, lines, named, word, setup, covered, text) {
		for (i = 1; i <= owns; i++) {
			if (own[i] ~ ("^include[ \t]+/etc/ipsec[.]d/[*]([.]" suffix ")?[ \t]*$")) covered = 1
			if (match(own[i], /^[ \t]+[^ \t=]+[ \t]*=/)) { named = own[i]; gsub(/^[ \t]+|[ \t]+$/, "", named); sub(/[ \t]*=[ \t]*/, "=", named); set[named] = 1 }
		}
		n = split(setup_lines, lines, " ")
		for (i = 1; i <= n; i++) if (!(lines[i] in set)) setup = setup "\t" lines[i] "\n"
		if (covered && setup == "") return ""
		text = from "\n" (setup == "" ? "" : "config setup\n" setup) (covered ? "" : "include /etc/ipsec.d/s2s." suffix "\n") to "\n"
		return text
	}
	$0 == from { inside = 1; standing = standing $0 "\n"; next }
	inside { standing = standing $0 "\n"; if ($0 == to) inside = 0; next }
	{ own[++owns] = $0 }'

block_awk() { # file suffix setup-lines program
	block_of=$1
	[ -e "$1" ] || block_of=/dev/null
	# shellcheck disable=SC2086 # words, one a line
	awk -v from="$block_begin" -v to="$block_end" -v suffix="$2" -v setup_lines="$(echo $3)" "$block_function $4" "$block_of"
}

# Fails with 3 where there is one that nobody needs any more, and with 1 where it is not what it should be.
block_stands() { # file suffix setup-lines
	block_awk "$1" "$2" "$3" 'END { text = wanted(); exit text == standing ? 0 : text == "" ? 3 : 1 }'
}

setup_lines() { # bundle
	sed -n 's/^setup //p' "$1"
}

# The setup lines in our block.
set_by_us() { # file
	block_awk "$1" '' '' 'END { n = split(standing, lines, "\n"); for (i = 1; i <= n; i++) if (sub(/^\t/, "", lines[i])) print lines[i] }'
}

put_block() { # file suffix setup-lines
	block_stands "$@" || block_awk "$@" 'END { for (i = 1; i <= owns; i++) print own[i]; printf "%s", wanted() }' | put_owners_file "$1"
}

# As put_file, with the owner and the mode that it has.
put_owners_file() { # path
	[ ! -e "$1" ] || cp -p "$1" "$1.s2s-new.$$" || { rm -f "$1.s2s-new.$$"; return 1; }
	put_file "$1"
}

remove_block() { # file
	grep -qF "$block_begin" "$1" 2>/dev/null || return 0
	block_awk "$1" '' '' 'END { for (i = 1; i <= owns; i++) print own[i] }' | put_owners_file "$1"
}

includes_stand() {
	[ -s "$state/bundle" ] || return 1
	block_stands "$main_conf" conf "$(setup_lines "$state/bundle")" || [ $? = 3 ] || return 1
	block_stands "$main_secrets" secrets '' || [ $? = 3 ]
}
