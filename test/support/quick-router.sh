# A router without a daemon, for what happens around routers: it takes the program of a command on standard input as any other does,
# keeps the connections of a bundle in the folder given, and reports them up, or down where there is a file `down` beside the folder.
folder=$1
mkdir -p "$folder"
program=$(cat)
word() { printf '%s\n' "$program" | sed -n "s/^SSM_$1='\(.*\)'\$/\1/p" | head -n 1; }
revision=$(word Revision)
if [ -z "$revision$(word Report)$(word ConnectionId)" ]; then
	echo 'SSM_Report: the agent of Systems Manager is too old' >&2
	exit 2
fi
if [ -n "$revision" ]; then
	word Bundle | base64 -d | gzip -dc | awk '$1 == "connection" { print $2 }' >"$folder/connections"
	echo "$revision" >"$folder/revision"
fi
up=1
[ ! -e "$folder/../down" ] || up=0
echo "s2s/1 libreswan/4.10 daemon=1 busy=0 revision=$(cat "$folder/revision" 2>/dev/null || echo none) fw=ok boot=1763932000 caps=ikev1,ikev2,modp1536,modp2048"
count=0
for id in $(cat "$folder/connections" 2>/dev/null); do
	echo "$id p1=$up up=$up in=0 out=0"
	count=$((count + 1))
done
echo "end $count"
