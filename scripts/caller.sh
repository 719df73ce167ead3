#!/bin/sh
# Creates a caller of a deployed stage in its user pool: an admin, a tenant of one account, or both. Cognito mails a temporary password.
# An existing user gets the given role and account. Needs the aws CLI with an operator's credentials.
set -eu
usage() {
	[ $# -eq 0 ] || echo "$1" >&2
	echo 'usage: npm run caller -- --email <address> [--admin] [--account <id>] [--stage <stage>]' >&2
	exit 2
}
email='' account='' admin='' stage=dev
while [ $# -gt 0 ]; do
	case $1 in
	--admin) admin=1 ;;
	--email | --account | --stage)
		[ $# -gt 1 ] || usage "$1 needs a value"
		case $1 in
		--email) email=$2 ;;
		--account) account=$2 ;;
		*) stage=$2 ;;
		esac
		shift
		;;
	*) usage "unknown option $1" ;;
	esac
	shift
done
[ -n "$admin$account" ] || usage 'give --admin, --account or both'
case $email in
*[!A-Za-z0-9@._+-]* | *@*@* | @* | *@) usage "$email is not an e-mail address" ;;
*@*) ;;
*) usage "${email:-an empty --email} is not an e-mail address" ;;
esac
case $account in
[!A-Za-z0-9]* | *[!A-Za-z0-9_-]*) usage "$account is not an account id: use letters, digits, hyphens and underscores" ;;
esac
[ ${#account} -le 64 ] || usage "an account id has at most 64 characters"
command -v aws >/dev/null || { echo 'The aws CLI is not installed.' >&2; exit 1; }

stack=S2sVpn
[ "$stage" = dev ] || stack=S2sVpn-$stage
output() {
	aws cloudformation describe-stacks --stack-name "$stack" --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue" --output text
}
pool=$(output UserPoolId)
case $pool in
'' | None) echo "$stack has no user pool: its callers come from the OIDC issuer that it was deployed with." >&2; exit 1 ;;
esac

set -- "Name=email,Value=$email" Name=email_verified,Value=true
[ -z "$account" ] || set -- "$@" "Name=custom:account,Value=$account"
if aws cognito-idp admin-get-user --user-pool-id "$pool" --username "$email" >/dev/null 2>&1; then
	aws cognito-idp admin-update-user-attributes --user-pool-id "$pool" --username "$email" --user-attributes "$@"
	echo "$email already existed and has been updated."
else
	aws cognito-idp admin-create-user --user-pool-id "$pool" --username "$email" --user-attributes "$@" --desired-delivery-mediums EMAIL >/dev/null
	echo "$email has been created. A temporary password is being mailed there; it has to be changed within seven days."
fi
if [ -n "$admin" ]; then
	aws cognito-idp admin-add-user-to-group --user-pool-id "$pool" --username "$email" --group-name admin
fi
echo "API: $(output ApiUrl)"
echo "Client, for a token (docs/deploy.md, \"Callers\"): $(output UserPoolClientId)"
