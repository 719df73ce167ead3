# Calls the scripts that apply has installed. SSM_ConnectionId, SSM_Limit, SSM_Probe.
: "${SSM_ConnectionId:?the agent of Systems Manager is too old}" "${SSM_Limit:?the agent of Systems Manager is too old}"
lib=${S2S_ROOT:-}/opt/s2s/lib.sh
! sh -n "$lib" 2>/dev/null || . "$lib"
command -v run_logs >/dev/null || { echo 'this router lacks: the scripts of s2s-vpn, which the next apply installs' >&2; exit 1; }
run_logs
