# The last lines of one connection from the router's logs. SSM_ConnectionId, SSM_Limit.
: "${SSM_ConnectionId:?the agent of Systems Manager is too old}" "${SSM_Limit:?the agent of Systems Manager is too old}"
make_folders
daemon_log "$SSM_ConnectionId" "$SSM_Limit" | sed -E 's/(PSK|secret|0s)[[:space:]:="]*[^[:space:]]+/\1 ***/g'
