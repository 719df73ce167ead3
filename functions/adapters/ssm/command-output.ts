/** What ListCommandInvocations puts between standard output and standard error (amazon-ssm-agent, iohandler.go). */
const errorTitle = '\n----------ERROR-------\n';
const outputCut = '---Output truncated---';
/** Where it cuts the two of them off together, in bytes. */
const listedBytes = 2_500;

export type CommandOutput = {
	output: string;
	errors: string;
	/** Some of the output is missing: GetCommandInvocation has up to 24,000 characters. */
	cut: boolean;
};

/** The two streams of an invocation, out of the one text that a list has of them. */
export const commandOutput = (listed: string): CommandOutput => {
	const at = listed.indexOf(errorTitle);
	const output = at < 0 ? listed : listed.slice(0, at);
	const errors = at < 0 ? '' : listed.slice(at + errorTitle.length);
	return { output, errors, cut: output.endsWith(outputCut) || Buffer.byteLength(output) >= listedBytes };
};
