# The columns of the lines that the parts hand to each other, by which every awk names them: $ID, $UP.
#   of a pair, of its state and of its counts:  ID NUMBER
#   a pair:                                     REMOTE PEER MSS IKE PROBE (a host, or -) SUITE
#   its state, 0 or 1 but for SPIs (or -) and bytes:
#                                               UP PHASE1 CLAIMED SPI_OUT SPI_IN BYTES_OUT BYTES_IN EXPIRING LOADED OTHER_SUITE
#                                               GONE (why it is not up though its SA stands, else -) CROWDED (it is so by that alone)
#   its counts:                                 DIRECTION (in or out) PACKETS BYTES
#   what was seen of it before:                 SEEN_NUMBER SEEN_UP SEEN_SPI SEEN_OUT SEEN_IN SEEN_SILENT (passes with bytes out only)
# Numbers are whole ones: mawk would write those past 31 bits as 2.14748e+09.
column_options='-v ID=1 -v NUMBER=2
-v REMOTE=3 -v PEER=4 -v MSS=5 -v IKE=6 -v PROBE=7 -v SUITE=8
-v UP=3 -v PHASE1=4 -v CLAIMED=5 -v SPI_OUT=6 -v SPI_IN=7 -v BYTES_OUT=8 -v BYTES_IN=9 -v EXPIRING=10 -v LOADED=11 -v OTHER_SUITE=12 -v GONE=13 -v CROWDED=14
-v DIRECTION=3 -v PACKETS=4 -v BYTES=5
-v SEEN_NUMBER=1 -v SEEN_UP=2 -v SEEN_SPI=3 -v SEEN_OUT=4 -v SEEN_IN=5 -v SEEN_SILENT=6
-v CONVFMT=%.0f -v OFMT=%.0f'

# Files of several kinds come each after of=<kind>, which an awk takes as an assignment.
columns_awk() { # option … program file …
	# shellcheck disable=SC2086 # options without spaces
	awk $column_options "$@"
}
