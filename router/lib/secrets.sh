# Pre-shared keys: fetched by the router's own role, never in an argument, a log or another file than the secrets'.

# Where Parameter Store is. The agent names the region in a variable of its own, which the aws CLI does not know.
find_region() {
	region=${AWS_REGION:-${AWS_DEFAULT_REGION:-${AWS_SSM_REGION_NAME:-}}}
}

# Fetches "<name> <version> <base64>" lines into a file, ten names a call; a name that is not there is just absent. Why it is not
# stands in <file>.why, where that is known.
fetch_keys() { # to name:version ...
	keys=$1
	shift
	: >"$keys"
	: >"$keys.why"
	find_region
	if ! command -v aws >/dev/null 2>&1; then
		for name in "$@"; do echo "$name the router has no aws (the AWS CLI)" >>"$keys.why"; done
		return 0
	fi
	while [ $# -gt 0 ]; do
		names=
		count=0
		while [ $# -gt 0 ] && [ "$count" -lt 10 ]; do
			names="$names $1"
			count=$((count + 1))
			shift
		done
		# shellcheck disable=SC2086 # a list of names
		fetch_some $names
	done
}

# One name that is refused fails its whole call: then each is asked for alone.
fetch_some() { # name:version ...
	timeout 30 aws ssm get-parameters ${region:+--region "$region"} --with-decryption --names "$@" --query 'Parameters[].[Name,Version,Value]' --output text 2>"$keys.error" </dev/null >>"$keys"
	fetched=$?
	error=$(tr -s '[:space:]' ' ' <"$keys.error" | cut -c1-300)
	error=${error# }
	error=${error% }
	rm -f "$keys.error"
	[ "$fetched" != 0 ] || return 0
	case $error in
	*AccessDenied* | *NotFound* | *Invalid* | *Validation*)
		if [ $# -gt 1 ]; then
			for name in "$@"; do fetch_some "$name"; done
			return 0
		fi
		;;
	esac
	case $error in
	*'specify a region'*) error='its aws has no region: neither the agent nor the configuration of root names one' ;;
	*AccessDenied*) error="access is denied${region:+ in $region}: $error" ;;
	*NotFound*) error= ;;
	*) error="aws failed${region:+ in $region}: $error" ;;
	esac
	[ -z "$error" ] || for name in "$@"; do echo "$name $error" >>"$keys.why"; done
}

key_is_there() { # name:version keys
	awk -v name="${1%:*}" -v version="${1##*:}" '$1 == name && $2 == version && $3 ~ /^[A-Za-z0-9+\/=]+$/ { found = 1 } END { exit !found }' "$2"
}

why_no_key() { # name:version keys
	cause=$(awk -v name="$1" '$1 == name { sub(/^[^ ]* /, ""); print; exit }' "$2.why")
	echo "$1: ${cause:-Parameter Store has no such parameter${region:+ in $region}}"
}

# The secrets file of a connection on standard output, from the fetched keys.
secrets_file() { # name:version leftid rightid peer keys
	awk -v name="${1%:*}" -v version="${1##*:}" -v left="$2" -v right="$3" -v peer="$4" '
		$1 == name && $2 == version {
			print left, right, ": PSK 0s" $3
			# Under IKEv1 main mode a responder looks the key up before it knows the identity.
			if (peer == "any") print left, "%any : PSK 0s" $3
			exit
		}' "$5"
}

# Which key a connection is to have, and under which identities.
key_of() { # id file-of-connection_keys
	awk -v id="$1" '$1 == id { print $2, $3, $4 }' "$2"
}
