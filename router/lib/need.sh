# What a connection needs, from its pairs and from what was seen of them before, which is kept in $memory/<id>.seen.

# What a connection needs, from its pairs and what was seen before:
#   nothing | restart down|lost|crowd | initiate <n> … | beside <n> … | one-way <n> …
# A conn that the daemon does not have is for an apply to load: its siblings are none the worse for it.
need_of() { # pairs-file id
	find_asked_pair "$2"
	seen_file=$memory/$2.seen
	[ -e "$seen_file" ] || seen_file=/dev/null
	columns_awk -v id="$2" -v asked="$asked_pair" -v own="$own_bytes" '
		of == "seen" { n = $SEEN_NUMBER; was_up[n] = $SEEN_UP; spi[n] = $SEEN_SPI; was_out[n] = $SEEN_OUT; silent[n] = $SEEN_SILENT; next }
		$ID != id || !$LOADED { next }
		{ n = $NUMBER; all++; if ($UP) ups++
			if ($CROWDED) { crowd = 1; next }
			# What the daemon believes to have, it does not initiate.
			if (!$UP && (was_up[n] || $CLAIMED)) lost = 1
			if (!$UP) downs = downs " " n
			if ($UP && $EXPIRING) expiring = expiring " " n
			same = spi[n] == $SPI_OUT
			if ($UP && same && $BYTES_OUT > was_out[n] + (n == asked ? own : 0) && $BYTES_IN == 0) silent[n]++
			if ($UP && same && silent[n] >= 2 && $BYTES_IN == 0) dead = dead " " n }
		END {
			if (!all) print "nothing"
			else if (lost) print "restart lost"
			else if (crowd) print "restart crowd"
			else if (!ups) print "restart down"
			else if (dead != "") print "one-way" dead
			else if (expiring != "") print "beside" expiring
			else if (downs) print "initiate" downs
			else print "nothing"
		}' of=seen "$seen_file" of=now "$1"
}

remember() { # pairs-file id
	find_asked_pair "$2"
	seen_file=$memory/$2.seen
	[ -e "$seen_file" ] || seen_file=/dev/null
	columns_awk -v id="$2" -v asked="$asked_pair" -v own="$own_bytes" '
		of == "seen" { n = $SEEN_NUMBER; spi[n] = $SEEN_SPI; was_out[n] = $SEEN_OUT; was_in[n] = $SEEN_IN; silent[n] = $SEEN_SILENT; next }
		$ID != id { next }
		{ n = $NUMBER; up = $UP; spi_out = $SPI_OUT; out = $BYTES_OUT; in_ = $BYTES_IN
			quiet = (up && spi[n] == spi_out && in_ == was_in[n]) ? silent[n] + (out > was_out[n] + (n == asked ? own : 0)) : 0
			$0 = ""; $SEEN_NUMBER = n; $SEEN_UP = up; $SEEN_SPI = spi_out; $SEEN_OUT = out; $SEEN_IN = in_; $SEEN_SILENT = quiet
			print }' of=seen "$seen_file" of=now "$1" >"$memory/$2.seen.new"
	mv "$memory/$2.seen.new" "$memory/$2.seen"
}

# Something came in on every pair that was silent.
one_way_is_over() { # pairs-file id
	[ -s "$memory/$2.one-way-wait" ] || return 0
	columns_awk -v id="$2" '
		of == "waits" { for (i = 2; i <= NF; i++) waits[$i] = 1; next }
		$ID == id && $NUMBER in waits && $BYTES_IN == 0 { silent = 1 }
		END { exit silent }' of=waits "$memory/$2.one-way-wait" of=now "$1"
}
