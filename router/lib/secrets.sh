# Pre-shared keys: fetched by the router's own role, never in an argument, a log or another file than the secrets'.

# Fetches "<name> <version> <base64>" lines into a file, ten names a call; a name that is not there is just absent. The agent names the
# region in a variable of its own, which the aws CLI does not know.
fetch_keys() { # to name:version ...
	to=$1
	shift
	: >"$to"
	region=${AWS_REGION:-${AWS_DEFAULT_REGION:-${AWS_SSM_REGION_NAME:-}}}
	while [ $# -gt 0 ]; do
		names=
		count=0
		while [ $# -gt 0 ] && [ "$count" -lt 10 ]; do
			names="$names $1"
			count=$((count + 1))
			shift
		done
		# shellcheck disable=SC2086 # a list of names
		aws ssm get-parameters ${region:+--region "$region"} --with-decryption --names $names --query 'Parameters[].[Name,Version,Value]' --output text 2>/dev/null </dev/null >>"$to"
	done
}

# The secrets file of a connection on standard output, from the fetched keys; fails where its key is missing.
secrets_file() { # bundle id keys
	psk=$(connection_word "$1" "$2" psk)
	awk -v name="${psk%:*}" -v version="${psk##*:}" -v left="$(connection_word "$1" "$2" leftid)" -v right="$(connection_word "$1" "$2" rightid)" -v peer="$(connection_word "$1" "$2" peer)" '
		$1 == name && $2 == version && $3 ~ /^[A-Za-z0-9+\/=]+$/ {
			print left, right, ": PSK 0s" $3
			# Under IKEv1 main mode a responder looks the key up before it knows the identity.
			if (peer == "any") print left, "%any : PSK 0s" $3
			found = 1; exit
		}
		END { exit !found }' "$3"
}
