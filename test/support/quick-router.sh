# A router without a daemon, for what happens around routers: it takes the program of a command on standard input as any other does,
# keeps the connections of a bundle in the folder given, and reports them. They are up, but for all of them where there is a file `down`
# beside the folder, and for those to a peer where the folder has a file `down-<peer>`; `carried` in it is what each has counted, in and out.
folder=$1
[ -d "$folder" ] || mkdir -p "$folder"
Revision='' Bundle='' Report='' ConnectionId='' Probe='' Key=''
# The variables stand as the shell takes them, one a line.
eval "$(sed -n "s/^SSM_\(\(Revision\|Bundle\|Report\|ConnectionId\|Probe\|Key\)='.*'\)\$/\1/p")"
if [ -n "$ConnectionId" ]; then
	[ "$Probe" != 1 ] || echo 's2s-probe initiated=0 ping=1 ike=0 esp=0 out=0 in=0 seen=0'
	echo s2s-logs-end
	exit 0
fi
if [ -n "$Key" ]; then
	printf '%s\n' s2s-inspect/1 "time $(date +%s)" 'daemon libreswan 4.10' s2s-inspect-end
	exit 0
fi
if [ -z "$Revision$Report" ]; then
	echo 'SSM_Report: the agent of Systems Manager is too old' >&2
	exit 2
fi
if [ -n "$Revision" ]; then
	printf '%s' "$Bundle" | base64 -d | gzip -dc | sed -n 's/^connection \([^ ]*\) .* peer=\([^ ]*\) .*/\1 \2/p' >"$folder/connections"
	echo "$Revision" >"$folder/revision"
fi
revision=none
[ ! -e "$folder/revision" ] || read -r revision <"$folder/revision"
carried='0 0'
[ ! -e "$folder/carried" ] || read -r carried <"$folder/carried"
echo "s2s/1 libreswan/4.10 daemon=1 busy=0 revision=$revision fw=ok boot=1763932000 caps=ikev1,ikev2,modp1536,modp2048"
count=0
[ ! -e "$folder/connections" ] || while read -r id peer; do
	up=1
	[ ! -e "$folder/../down" ] && [ ! -e "$folder/down-$peer" ] || up=0
	echo "$id p1=$up up=$up in=${carried% *} out=${carried#* }"
	count=$((count + 1))
done <"$folder/connections"
echo "end $count"
