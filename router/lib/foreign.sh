# What is wrong in the files of the router's owner.

check_foreign() {
	ipsec addconn --config "$main_conf" --checkconfig 2>&1 </dev/null
}

# The error with which the daemon would not start again, as "<file>:<line>: <what>" however the checker words it. Fails where there is none.
foreign_error() {
	said=$(check_foreign) && return 1
	code=$?
	said=$(printf '%s' "$said" | tr '\n' ' ' | cut -c1-400)
	# The checker of Openswan crashes on a last line without an end.
	if [ "$code" = 139 ]; then
		set +f
		set -- "$main_conf" "$conf_d"/*.conf
		set -f
		for file in "$@"; do
			[ -z "$(tail -c 1 "$file" 2>/dev/null)" ] || { echo "${file#"$root"}:$(awk 'END { print NR }' "$file"): the last line has no end"; return; }
		done
	fi
	place=$(printf '%s\n' " $said" | sed -n 's/^.* \(\/[^ :]*\): *\([0-9][0-9]*\): *\(.*\)$/\1:\2: \3/p')
	case $said in *"unexpected keyword '"*"' in section"*) place=$(setup_line "$(printf '%s\n' "$said" | sed "s/.*unexpected keyword '\([^']*\)' in section.*/\1/")" "$said") ;; esac
	printf '%s\n' "${place:-${main_conf#"$root"}:1: $said}"
}

# Of a keyword that may not stand in `config setup`, which the checker names without its line.
setup_line() { # keyword what
	keyword=$1
	what=$2
	set +f
	set -- "$main_conf" "$conf_d"/*.conf
	set -f
	for file in "$@"; do
		awk -v word="$keyword" -v shown="${file#"$root"}" -v what="$what" '
			/^[^ \t#]/ { on = $1 == "config" && $2 == "setup" }
			on && /^[ \t]/ {
				key = tolower($0)
				sub(/^[ \t]+/, "", key)
				if (!sub(/[ \t]*=.*/, "", key)) next
				if ((word != "" && key == word) || key == "left" word || key == "right" word) { print shown ":" FNR ": " what; found = 1; exit }
			}
			END { exit !found }' "$file" 2>/dev/null && return
	done
	return 0
}

# Where the daemon's setup is first said, as "<file>:<line>": it passes over all sections but that.
first_setup() { # file [depth]
	awk '
		/^[ \t]*(#.*)?$/ { next }
		/^include[ \t]/ { print "include", $2 }
		/^[^ \t]/ { on = $1 == "config" && $2 == "setup"; next }
		on && /=[ \t]*[^ \t]/ { print "here", NR; exit }' "$1" 2>/dev/null | while read -r what where; do
		if [ "$what" = here ]; then echo "$1:$where"; break; fi
		[ "${2:-0}" -lt 9 ] || continue
		set +f
		for file in "$root"$where; do
			found=$(first_setup "$file" $((${2:-0} + 1)))
			[ -z "$found" ] || { echo "$found"; break 2; }
		done
	done
}

# The same, where that is another file than the main one, in which ours stand, and does not say what the bundle's setup lines do: the daemon
# has none of them then. Fails where it has.
setup_lost_to() { # bundle
	elsewhere=$(first_setup "$main_conf")
	case $elsewhere in '' | "$main_conf":*) return 1 ;; esac
	block_awk "$1" 'END { read_setup(of, 1); exit lacking(of) == "" }' of=conf "${elsewhere%:*}" || return 1
	echo "${elsewhere#"$root"}"
}

# Where a conn begins: "<file>:<line>" in the given file, or in the first of the owner's that has it; else the first line there is.
line_of() { # conn [file]
	conn_name=$1
	shift
	if [ $# -eq 0 ]; then
		set +f
		set -- "$main_conf" "$conf_d"/*.conf
		set -f
	fi
	for file in "$@"; do
		number=$(awk -v name="$conn_name" '$1 == "conn" && $2 == name { print NR; exit }' "$file" 2>/dev/null)
		[ -z "$number" ] || { echo "${file#"$root"}:$number"; return; }
	done
	echo "${1#"$root"}:1"
}
