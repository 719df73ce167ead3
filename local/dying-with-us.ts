/** The command as one that the kernel kills as soon as this process has ended, however that came. */
export const dyingWithUs = (argv: readonly string[]): string[] =>
	process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'KILL', ...argv] : [...argv];
