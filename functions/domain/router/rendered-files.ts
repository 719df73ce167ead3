export type RenderedFile = { path: string; text: string };

/** A connection's two files on the router, taken from a bundle; the key is masked, its version is not. */
export const renderedFiles = (bundle: string, connectionId: string): RenderedFile[] => {
	const lines = bundle.split('\n');
	const from = lines.findIndex((line) => line.startsWith(`connection ${connectionId} `));
	if (from < 0) return [];
	const following = lines.slice(from + 1);
	const end = following.findIndex((line) => line.startsWith('connection ') || line === 'end');
	const conf = following.slice(0, end).filter((line) => line.startsWith('| '));
	const words = new Map(
		(lines[from] ?? '')
			.split(' ')
			.slice(2)
			.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
	);
	const version = words.get('psk')?.replace(/^.*:/, '');
	const folder = '/etc/ipsec.d/s2s';
	return [
		{ path: `${folder}/${connectionId}.conf`, text: conf.map((line) => `${line.slice(2)}\n`).join('') },
		{
			path: `${folder}/${connectionId}.secrets`,
			text: `${words.get('leftid')} ${words.get('rightid')} : PSK ******** (version ${version})\n`,
		},
	];
};
