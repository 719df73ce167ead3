# The marked blocks in the owner's two files, which are all that we change there.

block_begin='# s2s begin (kept by s2s-vpn; what stands in this block is replaced)'
block_end='# s2s end'

# Reads the owner's files, each after of=<its suffix>, and of a bundle the setup lines: own[suffix, n] of them, and standing[suffix], what our
# block has now. wanted() is what it should have: the setup lines that the owner has not set so already, since only a new one needs a
# restart, and our include where the owner's own lines do not cover it, as Debian's `include /etc/ipsec.d/*.conf` does.
block_function='
	function wanted(suffix,   n, i, lines, line, named, setup, covered, text) {
		for (i = 1; i <= owns[suffix]; i++) {
			line = own[suffix, i]
			if (line ~ ("^include[ \t]+/etc/ipsec[.]d/[*]([.]" suffix ")?[ \t]*$")) covered = 1
			if (match(line, /^[ \t]+[^ \t=]+[ \t]*=/)) { named = line; gsub(/^[ \t]+|[ \t]+$/, "", named); sub(/[ \t]*=[ \t]*/, "=", named); set[suffix, named] = 1 }
		}
		n = suffix == "conf" ? split(setup_lines, lines, " ") : 0
		for (i = 1; i <= n; i++) if (!((suffix, lines[i]) in set)) setup = setup "\t" lines[i] "\n"
		if (covered && setup == "") return ""
		text = from "\n" (setup == "" ? "" : "config setup\n" setup) (covered ? "" : "include /etc/ipsec.d/s2s." suffix "\n") to "\n"
		return text
	}
	of == "bundle" { if (sub(/^setup /, "")) setup_lines = setup_lines " " $0; next }
	$0 == from { inside[of] = 1; standing[of] = standing[of] $0 "\n"; next }
	inside[of] { standing[of] = standing[of] $0 "\n"; if ($0 == to) inside[of] = 0; next }
	{ own[of, ++owns[of]] = $0 }'

block_awk() { # bundle program of=suffix file ...
	block_bundle=$1 block_program=$2
	shift 2
	[ -e "$block_bundle" ] || block_bundle=/dev/null
	awk -v from="$block_begin" -v to="$block_end" "$block_function $block_program" of=bundle "$block_bundle" "$@"
}

# awk gives up at a file that is not there.
or_nothing() { # file
	if [ -e "$1" ]; then echo "$1"; else echo /dev/null; fi
}

# Fails where it is not what it should be.
block_stands() { # file suffix bundle
	block_awk "$3" 'END { exit wanted(of) == standing[of] ? 0 : 1 }' "of=$2" "$(or_nothing "$1")"
}

setup_lines() { # bundle
	sed -n 's/^setup //p' "$1"
}

# The setup lines in our block.
set_by_us() { # file
	block_awk /dev/null 'END { n = split(standing[of], lines, "\n"); for (i = 1; i <= n; i++) if (sub(/^\t/, "", lines[i])) print lines[i] }' of=conf "$(or_nothing "$1")"
}

put_block() { # file suffix bundle
	block_stands "$@" || block_awk "$3" 'END { for (i = 1; i <= owns[of]; i++) print own[of, i]; printf "%s", wanted(of) }' "of=$2" "$(or_nothing "$1")" | put_owners_file "$1"
}

# As put_file, with the owner and the mode that it has.
put_owners_file() { # path
	[ ! -e "$1" ] || cp -p "$1" "$1.s2s-new.$$" || { rm -f "$1.s2s-new.$$"; return 1; }
	put_file "$1"
}

remove_block() { # file
	grep -qF "$block_begin" "$1" 2>/dev/null || return 0
	block_awk /dev/null 'END { for (i = 1; i <= owns[of]; i++) print own[of, i] }' of=conf "$1" | put_owners_file "$1"
}

# One that nobody needs any more may stay.
includes_stand() {
	[ -s "$state/bundle" ] || return 1
	block_awk "$state/bundle" '
		function stands(suffix,   text) { text = wanted(suffix); return text == "" || text == standing[suffix] }
		END { exit !(stands("conf") && stands("secrets")) }' of=conf "$(or_nothing "$main_conf")" of=secrets "$(or_nothing "$main_secrets")"
}
