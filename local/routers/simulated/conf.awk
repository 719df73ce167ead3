# Reads an ipsec.conf as `addconn` of Libreswan 4.10 does: what it refuses is refused, in its words, with its exit codes.
# -v file, keywords, root (below which the router's files lie), and want: `check`, `setup` for what its setup says, `auto` for the conns
# that are loaded at the daemon's start, or the name of one. Prints of each, one a line: name, right, left, subnets, ikev2, ike, esp, auto.
# Of several `config setup` only the first that says anything counts.
# Beyond its grammar it knows of ends and what they name, authby, also and %default; names are not resolved.

BEGIN {
	read_keywords()
	read_file(file, 0)
	if (refused != "") cannot_load(refused)
	for (i = 1; i <= count["setup"]; i++)
		if (section_of[key["setup", i]] != "setup")
			cannot_load("unexpected keyword '" (key["setup", i] == "-" ? "" : key["setup", i]) "' in section 'config setup'")
	if (want == "setup") for (i = 1; i <= count["setup"]; i++) print key["setup", i], said["setup", i]
	else if (want != "" && want != "check") load_wanted()
}

function read_keywords(   line, word) {
	while ((getline line < keywords) > 0) {
		if (line ~ /^#/) continue
		split(line, word, " ")
		section_of[word[1]] = word[2]
		kind_of[word[1]] = word[3]
		values_of[word[1]] = "," word[4] ","
	}
	close(keywords)
}

# Files and their lines.

function below_root(path) {
	return substr(path, 1, 1) != "/" || index(path, root "/") == 1 ? path : root path
}

function shown(path) {
	return index(path, root "/") == 1 ? substr(path, length(root) + 1) : path
}

function read_file(path, depth,   line, number, status) {
	while ((status = (getline line < path)) > 0) {
		at = path
		at_line = ++number
		broken = 0
		read_line(line, depth)
		if (broken) { section = ""; begun = 0 }
	}
	if (status < 0 && depth == 0) cannot_load("can't load file '" shown(path) "'")
	close(path)
	# The end of a file ends a section too.
	section = ""
}

function include(pattern, depth,   escaped, found, n, i, files) {
	if (depth >= 9) return
	escaped = below_root(pattern)
	gsub(/[^A-Za-z0-9_.\/*?\[\],@:-]/, "\\\\&", escaped)
	found = "for file in " escaped "; do [ ! -e \"$file\" ] || echo \"$file\"; done"
	while ((found | getline files[n + 1]) > 0) n++
	close(found)
	if (n == 0 && pattern !~ /\*/) say("warning: could not open include filename: '" pattern "'")
	for (i = 1; i <= n; i++) read_file(files[i], depth + 1)
}

function read_line(text, depth,   word) {
	if (text ~ /^[ \t]*(#.*)?$/) return
	if (text ~ /^[ \t]/) {
		match(text, /^[ \t]+/)
		if (section == "") syntax_error(substr(text, 1, RLENGTH))
		else read_statement(substr(text, RLENGTH + 1))
		return
	}
	word = next_word(text)
	if (word == "config") {
		word = next_word(rest)
		if (word != "setup") syntax_error(word)
		else if (at_end_of_line()) begin(count["setup"] == 0 ? "setup" : "passed over")
	} else if (word == "conn") {
		word = next_value(rest)
		if (value_kind != "string") syntax_error(word)
		else if (at_end_of_line()) {
			name[++conns] = word
			begin(conns)
		}
	} else if (word == "include") {
		word = next_word(rest)
		if (word == "" || word ~ /^[0-9]+$/ || is_reserved(word) || keyword(word) != "") syntax_error(word)
		else if (index(rest, "=")) syntax_error("=")
		else {
			begin("")
			include(word, depth)
		}
	} else if (word == "version" && !begun) {
		word = next_word(rest)
		if (word == "" || is_reserved(word) || keyword(word) != "") syntax_error(word)
		else if (word ~ /^[0-9]+$/) at_end_of_line()
		else if (index(rest, "=")) syntax_error("=")
		begun = 1
	} else if (word == "") section = ""
	else syntax_error(word)
}

function begin(of) {
	begun = 1
	section = of
}

# What is not indented, and what stands before an equals sign. The rest of the line is in `rest`.
function next_word(text,   word) {
	sub(/^[ \t"]+/, "", text)
	if (text ~ /^=/) { rest = substr(text, 2); return "=" }
	match(text, /^[^"= \t]*/)
	word = substr(text, 1, RLENGTH)
	rest = substr(text, RLENGTH + 1)
	# A remark is one only where it is longer than a word would be.
	if (word ~ /^#/ && rest != "") { rest = ""; return "" }
	return word
}

# What stands after an equals sign: the longest reading of it.
function next_value(text,   best, reading) {
	sub(/^[ \t]+/, "", text)
	value_kind = text == "" ? "" : "string"
	best = 0
	if (match(text, /^[0-9]+/)) { best = RLENGTH; value_kind = "number" }
	if (match(text, /^%forever/) && RLENGTH > best) { best = RLENGTH; value_kind = "number" }
	if (match(text, /^"[^"]*"/) && RLENGTH > best) { best = RLENGTH; reading = "wrapped"; value_kind = "string" }
	if (match(text, /^\{[^"]*\}/) && RLENGTH > best) { best = RLENGTH; reading = "wrapped"; value_kind = "string" }
	if (match(text, /^[^" \t]+/) && RLENGTH > best) { best = RLENGTH; reading = ""; value_kind = "string" }
	if (match(text, /^[^{} \t]+/) && RLENGTH > best) { best = RLENGTH; reading = ""; value_kind = "string" }
	rest = substr(text, best + 1)
	return reading == "wrapped" ? substr(text, 2, best - 2) : substr(text, 1, best)
}

function at_end_of_line(   word) {
	word = next_word(rest)
	if (word == "") return 1
	syntax_error(word)
	return 0
}

function is_reserved(word) {
	return word ~ /^(version|config|setup|conn|include)$/
}

# The name in the table of what a line sets, and in `end` whose it is; nothing where there is no such keyword.
function keyword(word,   low) {
	low = tolower(word)
	end = ""
	if (low in section_of && low != "-") {
		if (section_of[low] == "end") end = "right"
		return low
	}
	if (match(low, /^(left|right)/)) {
		end = substr(low, 1, RLENGTH)
		low = RLENGTH == length(low) ? "-" : substr(low, RLENGTH + 1)
		if (section_of[low] == "end") return low
		end = ""
	}
	return ""
}

function read_statement(text,   word, of, kind, value, of_end, n) {
	word = next_word(text)
	if (word == "") return
	of = is_reserved(word) ? "" : keyword(word)
	of_end = end
	if (of == "" && (is_reserved(word) || word !~ /^[xX][-_]/)) { syntax_error(word); return }
	# Whatever else stands before the equals sign is passed over.
	if (!(n = index(rest, "="))) { syntax_error("\n"); return }
	rest = substr(rest, n + 1)
	if (of == "") return
	kind = kind_of[of]
	if (kind == "bool") {
		if (!match(rest, /yes|y|true|on|no|n|false|off/)) { syntax_error("\n"); return }
		value = substr(rest, RSTART, RLENGTH) ~ /^(yes|y|true|on)$/ ? "yes" : "no"
		rest = substr(rest, RSTART + RLENGTH)
	} else {
		value = next_value(rest)
		if (value_kind == "" && kind ~ /^(time|percent|amount)$/) { syntax_error("\n"); return }
		if (value_kind == "number" && kind == "percent") { syntax_error(value); return }
		if (value_kind == "string" && kind == "enum") value = one_of(of, value)
		if (value_kind == "string" && kind == "flags") check_flags(of, value)
	}
	if (!at_end_of_line()) return
	# One without a value, or with a measure that cannot be read, is as if it were not there.
	if (kind != "bool" && (value_kind == "" || value_kind == "string" && !is_measure(kind, value))) return
	n = ++count[section]
	key[section, n] = of
	whose[section, n] = of_end
	said[section, n] = value
}

# The first value that is known counts, and what is not known after it is passed over.
function one_of(of, value,   part, n, i, found) {
	n = split(tolower(value), part, /[:, \t]/)
	for (i = 1; i <= n; i++) {
		if (part[i] == "") continue
		if (index(values_of[of], "," part[i] ",")) {
			if (found != "") bad_value(of, " accepts only one value, not " value)
			found = part[i]
		} else if (found == "") bad_value(of, ", invalid value: " part[i])
	}
	return found
}

function is_measure(kind, value) {
	if (kind == "time") return value ~ /^[0-9]+(\.[0-9]+)?(us|ms|s|m|h|d|w)$/
	if (kind == "percent") return value ~ /^[0-9]+%$/
	if (kind == "amount") return value ~ /^[0-9]+(Ki|Mi|Gi|Ti|Pi|Ei)?B?$/
	return 1
}

function check_flags(of, value,   part, n, i) {
	n = split(value, part, /[+, \t]+/)
	for (i = 1; i <= n; i++) {
		sub(/^no-/, "", part[i])
		if (part[i] != "" && !index(values_of[of], "," part[i] ",")) bad_value(of, ", invalid value: " value)
	}
}

# Refusals.

function say(text) {
	print text >"/dev/stderr"
}

function cannot_load(why) {
	say("cannot load config '" shown(file) "': " why)
	exit 3
}

# Reading goes on, for what is wrong with a value further on is told instead. What is found at the end of a line is told of the next,
# unless the file ends there without one.
function syntax_error(token,   line) {
	broken = 1
	if (refused != "") return
	line = at_line
	if (token == "" || token == "\n") {
		token = at_line > ends_of_lines(at) ? "" : "\n"
		line += token == "\n"
	}
	refused = shown(at) ":" line ": syntax error [" token "]"
}

function ends_of_lines(path,   command, ends) {
	gsub(/'/, "'\\\\''", path)
	command = "wc -l <'" path "'"
	command | getline ends
	close(command)
	return ends + 0
}

function bad_value(of, what) {
	say("ERROR: " shown(at) ": " at_line ": keyword " (of == "-" ? "" : of) what)
	exit 1
}

# Conns.

function load_wanted(   i) {
	for (i = 1; i <= conns; i++) {
		if (name[i] == "%default" || (want != "auto" && name[i] != want)) continue
		failed = 0
		load_conn(i)
		if (want == "auto") {
			if (!failed && state["auto"] ~ /^(add|ondemand|route|start|up|keep)$/ && is_whole()) print_conn(i)
			continue
		}
		if (failed) { say("\nconn " want " did not load properly"); exit 0 }
		if (!is_whole()) exit 255
		print_conn(i)
		exit 0
	}
	if (want == "auto") exit 0
	say("conn '" want "': not found (tried aliases)")
	exit 21
}

# Sets `state`, and `failed` where the conn is kept as one that did not load.
function load_conn(i,   j, n, also, part, been, from) {
	split("", state)
	split("", given)
	for (j = 1; j <= conns; j++) if (name[j] == "%default") take(j, i, 0)
	take(i, i, 1)
	if (failed) return
	been = " " i " "
	also = state["also"]
	while ((n = split(also, part, " ")) > 0) {
		also = ""
		for (j = 1; j <= n; j++) {
			if (!(from = first_named(part[j]))) { fail("cannot find conn '" part[j] "' needed by conn '" name[i] "'"); continue }
			if (index(been, " " from " ")) continue
			been = been from " "
			state["also"] = ""
			take(from, i, 1)
			also = also " " state["also"]
		}
	}
	if (!knows_authby()) return
	check_end("left")
	check_end("right")
	# Of one that lacks an end that is told, when it is added.
	if (!("left" in state) || !("right" in state)) failed = 0
}

function fail(why) {
	say(why)
	failed = 1
}

function first_named(wanted,   i) {
	for (i = 1; i <= conns; i++) if (name[i] == wanted) return i
	return 0
}

# What a section says, of which nothing may be said twice.
function take(from, i, own,   n, of, field, kind) {
	for (n = 1; n <= count[from]; n++) {
		of = key[from, n]
		kind = kind_of[of]
		if (section_of[of] == "setup") { say("keyword '" of "' is not valid in a conn (" name[from] ")"); continue }
		if (kind == "obsolete") { say("Warning: obsolete keyword '" of "' ignored"); continue }
		field = same_as(whose[from, n] (of == "-" ? "" : of))
		if (kind == "list") { state[field] = state[field] " " said[from, n]; continue }
		if (field in given) {
			say("duplicate key '" whose[from, n] (of == "-" ? "" : of) "' in conn " name[i] " while processing def " name[from])
			# A text is refused even where it is the same.
			if (kind == "string" || said[from, n] != state[field]) { failed = 1; continue }
		}
		state[field] = said[from, n]
		if (own) given[field] = 1
	}
}

# Names of one thing.
function same_as(field) {
	if (field ~ /^(ah|phase2alg)$/) return "esp"
	if (field ~ /^(keylife|lifetime|salifetime)$/) return "ipsec-lifetime"
	if (field == "aggrmode") return "aggressive"
	sub(/xauthusername$/, "username", field)
	return field
}

function knows_authby(   part, n, j, why) {
	n = split(state["authby"], part, /[, ]/)
	for (j = 1; j <= n && why == ""; j++) {
		if (part[j] ~ /^(secret|rsasig|rsa|never)$/) continue
		if (state["ikev2"] ~ /^(no|never|permit)$/) why = "ikev1 connection must use authby= of rsasig, secret or never"
		else if (part[j] !~ /^(null|rsa-sha1|(rsa|ecdsa)-sha2(_256|_384|_512)?|ecdsa)$/) why = "connection authby= value is unknown"
	}
	if (why != "") fail(why)
	return why == ""
}

function check_end(of,   field, why) {
	field = of "subnet"
	if ((field in state) && state[field] !~ /^(vhost|vnet):/ && (why = bad_subnet(state[field])) != "") fail("bad subnet " field "=" state[field] " [" why "]")
	field = of "sourceip"
	if ((field in state) && !is_address(state[field])) fail("bad value for " field "=" state[field])
	field = of "nexthop"
	if ((field in state) && state[field] != "%defaultroute" && !is_address(state[field])) fail("bad value for " field "=" state[field])
	field = of "protoport"
	if ((field in state) && state[field] !~ /^(%any|tcp|udp|icmp|igmp|sctp|gre|esp|ah|[0-9]+)(\/(%any|[a-z0-9-]*))?$/) fail("bad " field "=" state[field])
}

function is_address(text,   part, i) {
	if (text !~ /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/) return text ~ /^[0-9a-fA-F:]*:[0-9a-fA-F:.]*$/
	split(text, part, ".")
	for (i = 1; i <= 4; i++) if (part[i] > 255) return 0
	return 1
}

function bad_subnet(text,   slash, bits) {
	if (text == "%default") return "unknown address family with %default subnet not allowed."
	if (!(slash = index(text, "/"))) return "no / in subnet specification"
	bits = substr(text, slash + 1)
	if (!is_address(substr(text, 1, slash - 1))) return "illegal (non-DNS-name) character in name"
	return bits !~ /^[0-9]+$/ || bits + 0 > (index(text, ":") ? 128 : 32) ? "non-contiguous or otherwise erroneous mask" : ""
}

# Both ends are needed to be added, not to be read: a conn may be there for others' `also` alone.
function is_whole() {
	if (("left" in state) && ("right" in state)) return 1
	say("Failed to load connection " (("left" in state) ? "right" : "left") "= is not set")
	return 0
}

function or_dash(field) {
	return state[field] == "" ? "-" : state[field]
}

function print_conn(i) {
	print name[i], state["right"], state["left"], or_dash("leftsubnet"), or_dash("rightsubnet"), or_dash("ikev2"), or_dash("ike"), or_dash("esp"), or_dash("auto")
}
