import { randomBytes } from 'node:crypto';
import { region } from '../stack.ts';

export type Parameter = { name: string; version: number; value: string };
export type RemoteScript = {
	/** The document's script, whole. */
	script: string;
	/** Its `SSM_…` variables. */
	variables: Record<string, string>;
	/** What this router's role may read of Parameter Store: the router's `aws` answers these and nothing else. */
	parameters: readonly Parameter[];
	/** What it may not, by the name that is asked for: one of them fails the whole call with its message. */
	refused?: ReadonlyMap<string, string>;
};

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * The `aws` on the router's PATH: `ssm get-parameters --names A:1 B:2 … --output text`, with the names, versions and values or by `--query` the names alone, as its instance role would answer. Like version
 * 1 of the CLI it takes no region but one that it is given (aws-cli#486), and like the API no more than ten names.
 */
const awsStandIn = `#!/bin/sh
[ "$1 $2" = 'ssm get-parameters' ] || { echo "aws: only ssm get-parameters is answered here" >&2; exit 252; }
names=' '
count=0
query=''
region=\${AWS_DEFAULT_REGION:-}
while [ $# -gt 0 ]; do
	if [ "$1" = --names ]; then
		shift
		while [ $# -gt 0 ] && [ "\${1#--}" = "$1" ]; do names="$names$1 "; count=$((count + 1)); shift; done
	else
		[ "$1" != --region ] || region=\${2:-}
		[ "$1" != --query ] || query=\${2:-}
		shift
	fi
done
[ -n "$region" ] || { echo 'You must specify a region.' >&2; exit 253; }
[ "$count" -le 10 ] || { echo 'An error occurred (ValidationException) when calling the GetParameters operation: at most 10 names' >&2; exit 254; }
while read -r name message; do
	case $names in *" $name "*) ;; *) continue ;; esac
	echo "An error occurred (AccessDeniedException) when calling the GetParameters operation: $message" >&2
	exit 254
done <"\${0%/*}/refused"
awk -v names="$names" -v query="$query" 'index(names, " " $1 ":" $2 " ") || index(names, " " $1 " ") {
	if (query == "Parameters[].Name") print $1; else printf "%s\\t%s\\t%s\\n", $1, $2, $3 }' "\${0%/*}/parameters"
`;

/**
 * A program for `sh` on standard input that runs a document's script on the machine it lands on. It lies in a folder of mode 0700,
 * in memory where the machine has /dev/shm, and takes itself away at its end, since keys pass through it.
 */
export const remoteProgram = (remote: RemoteScript): string => {
	const end = `END_${randomBytes(12).toString('hex')}`;
	const file = (name: string, text: string) => `cat >"$folder/${name}" <<'${end}'\n${text}\n${end}\n`;
	const variables = Object.entries(remote.variables).map(([name, value]) => `${name}=${quoted(value)}\nexport ${name}`);
	const parameters = remote.parameters.map(({ name, version, value }) => `${name} ${version} ${value}`);
	const refused = [...(remote.refused ?? [])].map(([name, message]) => `${name} ${message}`);
	return `umask 077
if [ -d /dev/shm ] && [ -w /dev/shm ]; then base=/dev/shm; else base=\${TMPDIR:-/tmp}; fi
folder=$(mktemp -d "$base/s2s.XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 143' HUP INT TERM
${file('script', remote.script)}${file('variables', variables.join('\n'))}${file('parameters', parameters.join('\n'))}${file('refused', refused.join('\n'))}${file('aws', awsStandIn)}chmod 700 "$folder/aws"
AWS_SSM_REGION_NAME=${region}
export AWS_SSM_REGION_NAME
S2S_PATH="$folder:\${S2S_PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}"
export S2S_PATH
( . "$folder/variables"; PATH="$S2S_PATH" sh "$folder/script" </dev/null )
code=$?
exit $code
`;
};
