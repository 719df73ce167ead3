# Calls the scripts that apply has installed; where there are none, or what is there is broken, says so. SSM_Report: its format.
: "${SSM_Report:?the agent of Systems Manager is too old}"
root=${S2S_ROOT:-} lib=$root/opt/s2s/lib.sh
none() {
	PATH=${S2S_PATH:-/usr/local/sbin:/usr/sbin:/sbin}:$PATH
	is=$(ipsec --version | sed -n 's|.*\([LlOo][a-z]*swan\) [^0-9]*\([0-9.]*[0-9]\).*|\1/\2|p' | head -n 1 | tr LO lo)
	[ "$is" ] || { echo 'this router lacks: ipsec' >&2; exit 1; }
	echo "s2s/1 $is daemon=$(pidof pluto >/dev/null && echo 1 || echo 0) busy=0 revision=none fw=ok boot=$(sed -n 's/^btime //p' "$root/proc/stat") caps=- scripts=none"
	echo 'end 0'
	exit 0
}
# At what it cannot read a shell ends, or goes on without the rest.
trap none EXIT
[ ! -s "$lib" ] || . "$lib" 2>/dev/null
! command -v run_check >/dev/null || { trap - EXIT; run_check; exit; }
# Those of the version before had no entry of that name. Their last function tells that they are whole.
! command -v look_surely >/dev/null || { trap - EXIT; make_folders; print_report 0 | sed '1s/$/ scripts=00000000/'; exit; }
