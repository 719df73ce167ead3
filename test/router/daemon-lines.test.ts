import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampledAwks } from '../support/awks.ts';
import { routerShell } from '../support/router-shell.ts';

const word = 'vpnc-00000000000000001';
const line = (time: string, text: string) => `${time}"${word}-1" #1: ${text}`;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const syslogTime = (at: Date) =>
	`${months[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)} ${at.toISOString().slice(11, 19)}`;

describe.each(sampledAwks)('what the router finds in its logs with $name', ({ argv }) => {
	let router: ReturnType<typeof routerShell>;
	beforeEach(() => {
		router = routerShell(argv);
	});
	afterEach(() => router.remove());

	const found = () => {
		const { lines, stderr } = router.run(`daemon_lines -e ${word}`, { TZ: 'UTC' });
		expect(stderr).toBe('');
		return lines.map((one) => one.replace(/.*#1: /, ''));
	};
	const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);

	it('comes in the order of its time, in whatever form that is and of whatever file', () => {
		router.write('var/log/pluto.log', [
			line(`${syslogTime(ago(40))}.225532: `, 'first'),
			line(`${syslogTime(ago(10))}.1: `, 'last'),
		]);
		router.write('var/log/auth.log', [
			line(`${ago(30).toISOString().slice(0, 19)}.904878+00:00 r1 pluto[951]: `, 'second'),
			line(`${ago(20).toISOString().slice(0, 19)}Z r1 pluto[951]: `, 'third'),
		]);
		router.write('var/log/messages', [line(`${ago(15).toISOString().slice(0, 19)}-0000 r1 pluto[951]: `, 'fourth')]);

		expect(found()).toEqual(['first', 'second', 'third', 'fourth', 'last']);
	});

	it('keeps its order where a file tells no time', () => {
		const texts = ['zulu', 'initiating Main Mode', 'alpha', 'STATE_MAIN_I1: initiate', 'beta'];
		router.write(
			'var/log/pluto.log',
			texts.map((text) => line('', text)),
		);

		expect(found()).toEqual(texts);
	});

	it('is newest where a file without times was written last, and oldest where it is left over', () => {
		router.write('var/log/auth.log', [line(`${syslogTime(ago(20))} r1 pluto[7]: `, 'timed')]);
		router.write('var/log/pluto.log', [line('', 'untimed'), line('', 'and on')], ago(10));
		expect(found()).toEqual(['timed', 'untimed', 'and on']);

		router.write('var/log/pluto.log', [line('', 'untimed'), line('', 'and on')], ago(30));
		expect(found()).toEqual(['untimed', 'and on', 'timed']);
	});

	it('is the daemon’s alone, whatever a stranger has other programs write into the same file', () => {
		const at = syslogTime(ago(5));
		for (const file of ['auth.log', 'daemon.log', 'secure', 'messages'])
			router.write(`var/log/${file}`, [
				line(`${at} r1 sshd[77]: Invalid user `, `${file} by syslog`),
				line(`${ago(5).toISOString()} r1 sshd[77]: Invalid user r1 pluto[7]: `, `${file} by another`),
				line(`${at} r1 ipsec__plutorun: 002 `, `its own of ${file}`),
			]);
		router.write('var/log/pluto.log', [line(`${at}.1: `, 'its own file')]);

		expect(found().sort()).toEqual([
			'its own file',
			...['auth.log', 'daemon.log', 'messages', 'secure'].map((file) => `its own of ${file}`),
		]);
	});

	it('is of the files that the daemon has open to write, wherever they are and whatever became of their names', async () => {
		for (const name of ['elsewhere/ipsec.log', 'elsewhere/tables.db', 'else where.log', 'var/log/messages'])
			router.write(name, [line('', name)]);
		const files = join(router.root, 'elsewhere');
		const daemon = spawn(
			'sh',
			[
				'-c',
				`exec 3>>${files}/ipsec.log 4<>${files}/tables.db 5>>'${router.root}/else where.log' 6>>${router.root}/var/log/messages; echo; read -r end`,
			],
			{ stdio: ['pipe', 'pipe', 'ignore'] },
		);
		try {
			await once(daemon.stdout, 'data');
			router.command('pidof', `echo ${daemon.pid}`);
			router.run('make_folders; note_log_files');
			expect(found().sort()).toEqual(['else where.log', 'elsewhere/ipsec.log']);

			renameSync(`${files}/ipsec.log`, `${files}/ipsec.log.1`);
			rmSync(join(router.root, 'else where.log'));
			router.run('note_log_files');
			expect(found().sort()).toEqual(['else where.log', 'elsewhere/ipsec.log']);

			router.write('var/log/pluto.log', [line('', 'of another start')], ago(10));
			expect(found()[0]).toBe('of another start');
		} finally {
			const ended = once(daemon, 'exit');
			daemon.stdin.end();
			await ended;
		}
	});

	it.runIf(process.getuid?.() === 0)('is of no file of another user, who may run a program of the daemon’s name', async () => {
		for (const name of ['elsewhere/ours.log', 'elsewhere/theirs.log']) router.write(name, [line('', name)]);
		const files = join(router.root, 'elsewhere');
		chownSync(`${files}/theirs.log`, 65534, 65534);
		const daemon = spawn('sh', ['-c', `exec 3>>${files}/ours.log 4>>${files}/theirs.log; echo; read -r end`], {
			stdio: ['pipe', 'pipe', 'ignore'],
		});
		try {
			await once(daemon.stdout, 'data');
			router.command('pidof', `echo ${daemon.pid}`);
			router.run('make_folders; note_log_files');

			expect(found()).toEqual(['elsewhere/ours.log']);
		} finally {
			const ended = once(daemon, 'exit');
			daemon.stdin.end();
			await ended;
		}
	});

	it.runIf(process.getuid?.() === 0)(
		'is of no program of another user, who may have any file of ours open by the time it is read',
		async () => {
			router.write('elsewhere/ours.log', [line('', 'ours')]);
			const written = openSync(join(router.root, 'elsewhere/ours.log'), 'a');
			const theirs = spawn('sleep', ['60'], { uid: 65534, gid: 65534, stdio: ['ignore', 'ignore', 'ignore', written] });
			try {
				await once(theirs, 'spawn');
				router.command('pidof', `echo ${theirs.pid}`);

				expect(router.run('make_folders; daemon_pids; note_log_files').lines).toEqual([]);
				expect(found()).toEqual([]);
			} finally {
				const ended = once(theirs, 'exit');
				theirs.kill('SIGKILL');
				await ended;
			}
		},
	);

	it('is of the year before where its month lies ahead', () => {
		const nextMonth = new Date();
		nextMonth.setUTCDate(15);
		nextMonth.setUTCMonth(nextMonth.getUTCMonth() + 1);
		router.write('var/log/daemon.log', [line(`${syslogTime(ago(1))} r1 pluto[7]: `, 'now')]);
		router.write('var/log/messages', [line(`${syslogTime(nextMonth)} r1 pluto[6]: `, 'then')]);

		expect(found()).toEqual(['then', 'now']);
	});
});
