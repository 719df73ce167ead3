# The marked blocks in the owner's two files, which are all that we change there.

block_begin='# s2s begin (kept by s2s-vpn; what stands in this block is replaced)'
block_end='# s2s end'

# Reads the owner's files, each after of=<its suffix>, and of a bundle the setup lines. What composed() gives is the file as it should be: the
# setup lines that do not count already, since only a new one needs a restart, and our include where the owner's own lines do not cover it, as
# Debian's `include /etc/ipsec.d/*.conf` does. The daemon reads one section `config setup`, the first that says anything, and no other: ours
# stand at the end of that, where the last that is said counts, and in one of their own only where the owner has none.
block_function='
	# Of all lines, or of the owner alone, what is set in the section that counts, and the number of its last line.
	function read_setup(suffix, all,   i, on, text, key) {
		split("", value); split("", set_at); setup_end = 0
		for (i = 1; i <= count[suffix]; i++) {
			text = line[suffix, i]
			if ((!all && (suffix, i) in ours) || text ~ /^[ \t]*(#.*)?$/) continue
			if (text !~ /^[ \t]/) { if (setup_end) return; on = text ~ /^config[ \t]+setup/; continue }
			if (!on || text !~ /=[ \t]*[^ \t]/) continue
			setup_end = i; key = text; gsub(/^[ \t]+|[ \t]*=.*/, "", key); key = tolower(key); set_at[key] = i
			sub(/^[^=]*=[ \t]*/, "", text); sub(/[ \t]+$/, "", text); value[key] = text
		}
	}
	function counts(setting,   key) { key = setting; sub(/=.*/, "", key); return (key in value) && setting == key "=" value[key] }
	function is_covered(suffix, all,   i) {
		for (i = 1; i <= count[suffix]; i++) {
			if ((suffix, i) in ours) { if (all && line[suffix, i] == include_of(suffix)) return 1; continue }
			if (line[suffix, i] ~ ("^include[ \t]+/etc/ipsec[.]d/[*]([.]" suffix ")?[ \t]*$")) return 1
		}
		return 0
	}
	function include_of(suffix) { return "include /etc/ipsec.d/s2s." suffix }
	function lacking(suffix,   n, i, settings, text) {
		n = suffix == "conf" ? split(setup_lines, settings, " ") : 0
		for (i = 1; i <= n; i++) if (!counts(settings[i])) text = text "\t" settings[i] "\n"
		return text
	}
	function block(text) { return text == "" ? "" : from "\n" text to "\n" }
	function composed(suffix,   i, setup, text) {
		read_setup(suffix, 0); setup = lacking(suffix)
		for (i = 1; i <= count[suffix]; i++) if (!((suffix, i) in ours)) text = text line[suffix, i] "\n" (i == setup_end ? block(setup) : "")
		return text block((setup_end || setup == "" ? "" : "config setup\n" setup) (is_covered(suffix, 0) ? "" : include_of(suffix) "\n"))
	}
	function stands(suffix) { read_setup(suffix, 1); return lacking(suffix) == "" && is_covered(suffix, 1) }
	# Of a block that has lost its end only the lines that we write are ours, up to the first that is not.
	function end_block(suffix,   i) {
		if (!inside[suffix]) return
		inside[suffix] = 0
		for (i = first[suffix]; i <= count[suffix] && line[suffix, i] ~ /^(config setup|\t[a-z0-9_-]+=[a-z]+|include \/etc\/ipsec[.]d\/s2s[.](conf|secrets))$/; i++);
		for (; i <= count[suffix]; i++) delete ours[suffix, i]
	}
	of == "bundle" { if (sub(/^setup /, "")) setup_lines = setup_lines " " $0; next }
	{ whole[of] = whole[of] $0 "\n" }
	$0 == from { end_block(of); inside[of] = 1; first[of] = count[of] + 1; next }
	$0 == to { inside[of] = 0; next }
	{ line[of, ++count[of]] = $0; if (inside[of]) ours[of, count[of]] = 1 }
	END { end_block("conf"); end_block("secrets") }'

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

setup_lines() { # bundle
	sed -n 's/^setup //p' "$1"
}

# The setup lines in our block that count.
set_by_us() { # file
	block_awk /dev/null 'END { read_setup("conf", 1); for (key in value) if (("conf", set_at[key]) in ours) print key "=" value[key] }' of=conf "$(or_nothing "$1")" | sort
}

# Fails where the file is not what it should be.
block_stands() { # file suffix bundle
	block_awk "$3" 'END { exit composed(of) == whole[of] ? 0 : 1 }' "of=$2" "$(or_nothing "$1")"
}

put_block() { # file suffix bundle
	block_stands "$@" || { owners_text=$(block_awk "$3" 'END { printf "%s.", composed(of) }' "of=$2" "$(or_nothing "$1")") && put_owners_file "$1"; }
}

# What is in $owners_text before its last character, which keeps the shell from cutting ends of lines off. As put_file, with the owner and the
# mode that the file has, and where a link to it leads.
put_owners_file() { # path
	owners=$(readlink -f "$1" 2>/dev/null) || owners=$1
	put_as=$owners.s2s-new.$$
	# Some file systems know a name before they have what is in the file.
	if { [ ! -e "$owners" ] || cp -p "$owners" "$put_as"; } && printf '%s' "${owners_text%.}" >"$put_as" && sync "$put_as" 2>/dev/null; then
		mv -f "$put_as" "$owners" && relabel "$owners"
	else
		rm -f "$put_as"
		return 1
	fi
}

remove_block() { # file
	grep -qF "$block_begin" "$1" 2>/dev/null || return 0
	owners_text=$(block_awk /dev/null 'END { for (i = 1; i <= count[of]; i++) if (!((of, i) in ours)) print line[of, i]; printf "." }' of=conf "$1") && put_owners_file "$1"
}

# One that nobody needs any more may stay.
includes_stand() {
	[ -s "$state/bundle" ] || return 1
	block_awk "$state/bundle" 'END { exit !(stands("conf") && stands("secrets")) }' of=conf "$(or_nothing "$main_conf")" of=secrets "$(or_nothing "$main_secrets")"
}
