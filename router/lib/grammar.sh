# What a bundle may say. The router runs as root what it is given: lines, words, options and their values pass one list, or nothing of
# the bundle is taken. Where the library is joined, the line #bundle-grammar becomes the tables of functions/domain/router/bundle-grammar.ts.

# Prints the first fault and fails, where there is one.
faults_of_bundle() { # bundle generation
	# Which one awk takes for the end of a line, and another for a character.
	tr -d '\000' <"$1" | cmp -s - "$1" || { echo 'it has a zero byte'; return 1; }
	awk -v generation="$2" '
		BEGIN {
			#bundle-grammar
			split("s2s-bundle/1 generation vpc dialect", head, " ")
		}
		function shown(text) { gsub(/[^A-Za-z0-9._=\/@%-]/, "?", text); return substr(text, 1, 60) }
		function fault(why) { print "line " NR ": " why; faulty = 1; exit 1 }
		function is_number(text) { return text ~ /^[0-9]+$/ && length(text) <= 15 }
		function is_address(text,   part, i) {
			if (text !~ /^[0-9.]+$/ || split(text, part, ".") != 4) return 0
			for (i = 1; i <= 4; i++) if (!is_number(part[i]) || part[i] > 255 || (part[i] != "0" && part[i] ~ /^0/)) return 0
			return 1
		}
		function value_of(address,   part) { split(address, part, "."); return ((part[1] * 256 + part[2]) * 256 + part[3]) * 256 + part[4] }
		function size_of(bits,   size) { for (size = 1; bits < 32; bits++) size *= 2; return size }
		function meets(first, last, block, bits,   from) { from = value_of(block); return first < from + size_of(bits) && from <= last }
		function is_block(text,   part, first, last, size) {
			if (split(text, part, "/") != 2 || !is_address(part[1]) || !is_number(part[2]) || part[2] < 1 || part[2] > 32) return 0
			size = size_of(part[2]); first = value_of(part[1])
			if (first % size) return 0
			last = first + size - 1
			return !(meets(first, last, "0.0.0.0", 8) || meets(first, last, "127.0.0.0", 8) || meets(first, last, "169.254.0.0", 16) || meets(first, last, "224.0.0.0", 3))
		}
		function is_id(text) { return text ~ /^vpnc-[0-9a-f]+$/ && length(text) == 22 }
		function says(value, how) {
			if (how == "@address" || how == "@inner") return is_address(value)
			if (how == "@address or any") return value == "any" || is_address(value)
			if (how == "@address or -") return value == "-" || is_address(value)
			return value ~ ("^(" how ")$") && length(value) <= 300
		}
		function is_inside(address,   n, part, is) {
			for (n = 1; n <= pairs; n++) { split(pair[n], part, "/"); is += meets(value_of(address), value_of(address), part[1], part[2]) }
			return is > 0
		}
		# A conn that lacks an option would have what the owner or the daemon has there.
		function end_conn(   name) {
			if (conn == "") return
			for (name in needed) if (!(name in stated)) fault(conn " lacks the option " name)
			conn = ""
			split("", stated)
		}
		function end_connection(   n, name) {
			end_conn()
			if (id == "") return
			if (!pairs) fault(id " has no pair")
			for (n = 1; n <= pairs; n++) if (!(n in has_conn)) fault(id " lacks the conn of its pair " n)
			for (name in given) if (word[name] == "@inner" && !is_inside(given[name])) fault("the word " shown(name "=" given[name]) ", which is in none of its pairs")
			split("", has_conn); split("", pair)
		}

		/[^ -~\t]/ { fault("a character that is none of ours") }
		ended { fault("something behind its end") }
		NR <= 4 {
			if ($1 != head[NR] || NF != 1 + (NR > 1)) fault("is not its " head[NR])
			if (NR == 2 && $2 != generation) fault("another generation than that of its revision")
			if (NR == 3 && !is_block($2)) fault("the VPC " shown($2))
			if (NR == 3) vpc = $2
			if (NR == 4 && $2 != "openswan" && $2 != "libreswan") fault("the dialect " shown($2))
			next
		}
		$0 == "end" { end_connection(); ended = 1; next }
		$1 == "setup" {
			if (id != "" || NF != 2 || !($2 in setup)) fault("the setup line " shown($2))
			next
		}
		$1 == "connection" {
			end_connection()
			id = $2; pairs = 0
			if (!is_id(id)) fault("the connection " shown(id))
			if (seen[id]++) fault(id " a second time")
			split("", given)
			for (i = 3; i <= NF; i++) {
				at = index($i, "="); name = substr($i, 1, at - 1); value = substr($i, at + 1)
				if (!(name in word)) fault("the word " shown($i))
				if (name in given) fault("the word " shown(name) " a second time")
				if (!says(value, word[name])) fault("the word " shown($i))
				given[name] = value
			}
			for (name in owed) if (!(name in given)) fault(id " lacks the word " name)
			next
		}
		id == "" { fault("the line " shown($0)) }
		$1 == "pair" {
			if (NF != 3 || $2 != pairs + 1 || pairs >= 64 || conn != "") fault("the pair " shown($2))
			if (!is_block($3)) fault("the block " shown($3))
			pair[++pairs] = $3
			next
		}
		substr($0, 1, 2) != "| " { fault("the line " shown($0)) }
		{ line = substr($0, 3) }
		line == "# s2s " id " revision " given["revision"] { next }
		line ~ /^conn / {
			end_conn()
			conn = substr(line, 6); number = substr(conn, length(id) + 2)
			if (substr(conn, 1, length(id) + 1) != id "-" || !(number in pair) || number in has_conn) fault("the conn " shown(conn))
			has_conn[number] = 1
			next
		}
		{
			if (conn == "" || line !~ /^\t[a-z0-9]+=/) fault("the line " shown(line))
			at = index(line, "="); name = substr(line, 2, at - 2); value = substr(line, at + 1)
			if (!(name in option)) fault("the option " shown(name))
			if (name in stated) fault("the option " name " a second time")
			how = option[name]
			if (how == "=vpc") right = value == vpc
			else if (how == "=pair") right = value == pair[number]
			else if (how == "=right") right = value == (given["peer"] == "any" ? "%any" : given["peer"])
			else if (how ~ /^=/) right = value == given[substr(how, 2)]
			else right = says(value, how)
			if (!right) fault("the option " shown(name "=" value))
			stated[name] = 1
		}
		END {
			if (faulty) exit 1
			if (!ended) { print "it has no end"; exit 1 }
		}' "$1"
}
