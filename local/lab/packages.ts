import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

const tools =
	'dash bash coreutils busybox mount perl-base netbase iproute2 iptables nftables mawk gzip util-linux tcpdump iputils-ping procps grep sed findutils conntrack base-files libc-bin sysvinit-utils debianutils diffutils hostname';

/** What each root tree of the lab is made of, before dependencies. */
export const treePackages = {
	router: [...tools.split(' '), 'libreswan', 'cron'],
	peer: [
		...tools.split(' '),
		'strongswan-swanctl',
		'strongswan-starter',
		'strongswan-charon',
		'libstrongswan-extra-plugins',
		'libstrongswan-standard-plugins',
		'libcharon-extra-plugins',
	],
} as const;
export type Tree = keyof typeof treePackages;
export const trees = Object.keys(treePackages) as Tree[];

export const kernelPackage = 'linux-image-cloud-amd64';

/** The packages and all that they depend on, as apt knows them. */
export const withDependencies = async (packages: readonly string[]): Promise<string[]> => {
	const without = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map((kind) => `--no-${kind}`);
	const { stdout } = await run('apt-cache', ['depends', '--recurse', ...without, ...packages], { maxBuffer: 1 << 26 });
	const names = stdout.split('\n').filter((line) => /^[a-z0-9]/.test(line) && !line.includes(':'));
	return [...new Set(names)].sort();
};

/** The kernel package behind the metapackage. */
export const kernelImage = async (): Promise<string> => {
	const { stdout } = await run('apt-cache', ['depends', kernelPackage]);
	const name = /Depends: (linux-image-\S+)/.exec(stdout)?.[1];
	if (name === undefined) throw new Error(`apt knows no kernel behind ${kernelPackage}: run "apt-get update" first`);
	return name;
};

/** Versions as apt would install them: they name the image, so that a security update makes a new one. */
export const versionsOf = async (packages: readonly string[]): Promise<string> => {
	const { stdout } = await run('apt-cache', ['policy', ...packages], { maxBuffer: 1 << 26 });
	return stdout
		.split('\n')
		.filter((line) => /^\S|Candidate:/.test(line))
		.join('\n');
};

/** Downloads the packages into a folder and returns the files. Virtual packages, which have no file, are passed over. */
export const download = async (packages: readonly string[], folder: string): Promise<string[]> => {
	await mkdir(folder, { recursive: true });
	const { stdout } = await run('apt-cache', ['show', '--no-all-versions', ...packages], { maxBuffer: 1 << 27 }).catch(
		(error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }),
	);
	const real = [...new Set([...stdout.matchAll(/^Package: (\S+)$/gm)].map((match) => match[1] ?? ''))];
	await run('apt-get', ['download', '-o', 'APT::Sandbox::User=root', ...real.filter((name) => packages.includes(name))], {
		cwd: folder,
		maxBuffer: 1 << 26,
	});
	return (await readdir(folder)).filter((file) => file.endsWith('.deb')).map((file) => `${folder}/${file}`);
};
