# The last lines of one connection from the router's logs, oldest first. SSM_ConnectionId, SSM_Limit.
: "${SSM_ConnectionId:?the agent of Systems Manager is too old}" "${SSM_Limit:?the agent of Systems Manager is too old}"
make_folders
peer=$(connection_word "$state/bundle" "$SSM_ConnectionId" peer 2>/dev/null)
# What a peer is refused for before it is known which connection it means names its address only.
case $peer in '' | any) set -- -e "$SSM_ConnectionId" ;; *) set -- -e "$SSM_ConnectionId" -e "packet from $peer:" ;; esac
# Run Command keeps the first 24,000 characters, and the last lines are those that matter.
daemon_lines "$@" | sort -s -k1,1M -k2,2n -k3,3 | uniq | tail -n "$SSM_Limit" | cut -c1-500 | tail -c 23000 |
	sed -E -e 's/(PSK[[:space:]]+|secret[[:space:]]*[:=][[:space:]]*)("[^"]*"|[^[:space:]{]+)/\1***/g' -e 's/0s[A-Za-z0-9+\/=]{8,}/***/g'
echo s2s-logs-end
