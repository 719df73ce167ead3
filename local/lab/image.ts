import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { insertionOrder } from './modules.ts';
import { download, kernelImage, type Tree, treePackages, trees, versionsOf, withDependencies } from './packages.ts';

const run = promisify(execFile);
const here = join(import.meta.dirname, 'guest');

export type Image = { kernel: string; initrd: string; roots: string };

export const exists = async (path: string): Promise<boolean> => {
	try {
		await stat(path);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
		throw error;
	}
};

const cacheFolder = (): string => join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 's2s-vpn', 'lab');

/** Documentation and locales are half of a tree, and nobody reads them in a guest. */
const ballast = ['doc', 'man', 'locale', 'icu', 'info', 'lintian', 'bash-completion'].map((name) => `usr/share/${name}`);

const unpack = async (deb: string, folder: string): Promise<void> => {
	await run('sh', ['-c', 'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink -C "$2" -f -', 'sh', deb, folder]);
};

/** What maintainer scripts would have done. */
const settle = async (tree: Tree, root: string): Promise<void> => {
	for (const name of ballast) await rm(join(root, name), { recursive: true, force: true });
	for (const name of ['iptables', 'iptables-save', 'iptables-restore'])
		await symlink('xtables-nft-multi', join(root, 'usr/sbin', name));
	await symlink('mawk', join(root, 'usr/bin/awk'));
	await rm(join(root, 'var/run'), { recursive: true, force: true });
	await symlink('/run', join(root, 'var/run'));
	for (const name of ['lab', 'nodes', 'image', 'upper', 'run', 'proc', 'dev', 'sys', 'tmp'])
		await mkdir(join(root, name), { recursive: true });
	for (const file of ['agent.pl', 'guest.sh', 'topology.sh', 'router-loop.sh'])
		await copyFile(join(here, file), join(root, 'lab', file));
	if (tree === 'peer') await copyFile(join(here, 'charon.conf'), join(root, 'etc/strongswan.conf'));
	else {
		await mkdir(join(root, 'lab/stock'), { recursive: true });
		for (const file of ['ipsec.conf', 'ipsec.secrets']) await copyFile(join(root, 'etc', file), join(root, 'lab/stock', file));
		await run('install', ['-m', '755', join(here, 'ipsec-setup.sh'), join(root, 'usr/libexec/ipsec/setup')]);
		const permit = ['auth', 'account', 'session'].map((kind) => `${kind} required pam_permit.so\n`);
		for (const name of ['cron', 'other']) await writeFile(join(root, 'etc/pam.d', name), permit.join(''));
	}
};

const makeInitrd = async (kernelTree: string, folder: string, to: string): Promise<void> => {
	const [version = ''] = await readdir(join(kernelTree, 'lib/modules'));
	const modules = join(kernelTree, 'lib/modules', version);
	await run('busybox', ['depmod', '-b', kernelTree, version]);
	for (const name of ['bin', 'modules', 'proc', 'dev', 'image', 'upper', 'root'])
		await mkdir(join(folder, name), { recursive: true });
	const files = insertionOrder(await readFile(join(modules, 'modules.dep'), 'utf8'));
	for (const file of files) await copyFile(join(modules, file), join(folder, 'modules', basename(file)));
	await writeFile(join(folder, 'modules/order'), `${files.map((file) => basename(file)).join('\n')}\n`);
	await run('sh', ['-c', 'cp "$(command -v busybox)" "$1/bin/busybox"', 'sh', folder]);
	await run('install', ['-m', '755', join(here, 'init.sh'), join(folder, 'init')]);
	await run('sh', ['-c', 'cd "$1" && find . | cpio -o -H newc --quiet | gzip -1 >"$2"', 'sh', folder, to]);
};

const build = async (target: string, lists: Record<Tree, string[]>, kernel: string): Promise<void> => {
	await mkdir(cacheFolder(), { recursive: true });
	const work = await mkdtemp(join(cacheFolder(), 'building-'));
	try {
		const debs = await download([...new Set([...lists.router, ...lists.peer])], join(work, 'debs'));
		const [kernelDeb = ''] = await download([kernel], join(work, 'kernel-deb'));
		await mkdir(join(work, 'kernel'));
		await unpack(kernelDeb, join(work, 'kernel'));
		for (const tree of trees) {
			const root = join(work, 'trees', tree);
			await mkdir(root, { recursive: true });
			for (const deb of debs) if (lists[tree].includes(basename(deb).split('_')[0] ?? '')) await unpack(deb, root);
			await settle(tree, root);
		}
		await mkdir(join(work, 'image'));
		await run('mksquashfs', [join(work, 'trees'), join(work, 'image/roots'), '-comp', 'lz4', '-quiet', '-no-progress']);
		await makeInitrd(join(work, 'kernel'), join(work, 'initrd'), join(work, 'image/initrd'));
		const [vmlinuz = ''] = (await readdir(join(work, 'kernel/boot'))).filter((name) => name.startsWith('vmlinuz'));
		await copyFile(join(work, 'kernel/boot', vmlinuz), join(work, 'image/kernel'));
		await rename(join(work, 'image'), target).catch(async (error: unknown) => {
			// Another process has built the same image meanwhile.
			if (!(await exists(join(target, 'roots')))) throw error;
		});
	} finally {
		await rm(work, { recursive: true, force: true });
	}
};

/** apt's lists may be missing on a new machine; without them it knows no package. */
const packageLists = async (): Promise<Record<Tree, string[]>> => ({
	router: await withDependencies(treePackages.router),
	peer: await withDependencies(treePackages.peer),
});

/** The guest's kernel, initial root and image of the roots: built from Debian's packages once, then kept in the user's cache folder. */
export const labImage = async (log: (line: string) => void): Promise<Image> => {
	if (!(await run('apt-cache', ['policy', 'libreswan'])).stdout.includes('Candidate:')) {
		log('Reading the lists of Debian packages ...');
		await run('apt-get', ['update', '-qq']);
	}
	const lists = await packageLists();
	const kernel = await kernelImage();
	const hash = createHash('sha256').update(await versionsOf([...lists.router, ...lists.peer, kernel]));
	for (const file of (await readdir(here)).sort()) hash.update(await readFile(join(here, file)));
	for (const file of ['image.ts', 'modules.ts', 'packages.ts']) hash.update(await readFile(join(import.meta.dirname, file)));
	const target = join(cacheFolder(), hash.digest('hex').slice(0, 16));
	if (!(await exists(join(target, 'roots')))) {
		log('Building the lab from Debian packages (once, about half a minute) ...');
		await build(target, lists, kernel);
	}
	return { kernel: join(target, 'kernel'), initrd: join(target, 'initrd'), roots: join(target, 'roots') };
};

/** Where a guest of this image is kept that has booted: of this qemu, and of what has been done to it until then. */
export const keptGuest = async ({ roots }: Image): Promise<string> => {
	const hash = createHash('sha256').update((await run('qemu-system-x86_64', ['--version'])).stdout);
	for (const file of ['guest.ts', 'lab.ts']) hash.update(await readFile(join(import.meta.dirname, file)));
	return join(dirname(roots), `booted-${hash.digest('hex').slice(0, 8)}`);
};
