import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routerStateOf } from '../../functions/domain/router-check/router-state.ts';
import type { RouterDriver } from '../../local/routers/driver.ts';
import { remoteProgram } from '../../local/routers/remote-program.ts';
import { routerDocument } from '../../router/build.ts';
import { idOf } from '../support/builders.ts';
import { configurations, included } from './configurations.ts';
import { connectionOf, type RouterUnderTest, type Tunnel } from './router-under-test.ts';

export type DriverUnderTest = {
	driver: Pick<RouterDriver, 'run'>;
	control: RouterUnderTest;
	/** The connections that it holds, of which the first is up. */
	held: readonly [Tunnel, ...Tunnel[]];
	/** The next six are the contract's. */
	generation: number;
};
type Verdict = { said: string; code: number; loaded: boolean };

const timeoutMs = 120_000;
const folder = '/run/contract';
const file = (name: string, text: string) => {
	const encoded = Buffer.from(text.replaceAll('FOLDER', folder)).toString('base64');
	return `mkdir -p "$(dirname "$folder/${name}")"; echo '${encoded}' | base64 -d >"$folder/${name}"\n`;
};

/** Each configuration is checked, and its conn `a` added where it is accepted: all in one program, since each costs the lab a call. */
const program = `folder=\${S2S_ROOT:-}${folder}
mkdir -p "$folder"
${Object.entries(included)
	.map(([name, text]) => file(name, text))
	.join('')}${configurations
	.map(
		({ text }) => `${file('a.conf', text)}ipsec addconn --config "$folder/a.conf" --checkconfig 2>&1 </dev/null; code=$?
echo "code=$code"
if [ "$code" = 0 ]; then
	ipsec addconn --config "$folder/a.conf" a >/dev/null 2>&1 </dev/null
	! ipsec whack --status | grep -F '"a":' >/dev/null || echo loaded
	ipsec whack --name a --delete >/dev/null 2>&1
fi
echo 'end of case'
`,
	)
	.join('')}rm -rf "$folder"\n`;

const verdictOf = (part: string): Verdict => {
	const [, said = '', code = '', rest = ''] = /^([\s\S]*)^code=(\d+)$([\s\S]*)/m.exec(part) ?? [];
	return { said, code: Number(code), loaded: rest.includes('loaded') };
};

/** What every driver's router does alike, whether it is simulated or real. Leaves it with what it held. */
export const driverContract = (get: () => DriverUnderTest): void => {
	const run = async (text: string) => {
		const { code, stdout, stderr } = await get().driver.run(text, timeoutMs);
		expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
		return stdout;
	};

	describe('an IPsec configuration', () => {
		let verdicts: Verdict[];
		beforeAll(async () => {
			verdicts = (await run(program)).split('end of case\n').slice(0, -1).map(verdictOf);
			expect(verdicts).toHaveLength(configurations.length);
		});

		it.each(configurations.map((one, n) => ({ ...one, n })))('with $what', ({ refused, loaded, n }) => {
			const { said, code, loaded: wasLoaded } = verdicts[n] as Verdict;
			const [, where = '', line = ''] = /(\/\S+): ?(\d+): /.exec(said) ?? [];
			if (refused === undefined) {
				expect({ code, loaded: wasLoaded }).toEqual({ code: 0, loaded });
				return;
			}
			expect(code).not.toBe(0);
			const place = typeof refused === 'number' ? `a.conf:${refused}` : refused;
			expect(`${where}:${line}`).toBe(refused === 0 ? ':' : `${folder}/${place}`);
		});
	});

	it('reads of itself what a check of the router asks, and lacks nothing of it', async () => {
		const variables = { SSM_Key: '/s2s/dev/acme/cgw-00000000000000000' };
		const state = routerStateOf(await run(remoteProgram({ script: routerDocument('inspect'), variables, parameters: [] })));

		expect(state).toMatchObject({
			time: expect.any(Number),
			lacking: [],
			aws: true,
			key: 'absent',
			daemon: { flavor: 'libreswan', version: expect.stringMatching(/^\d+\.\d+/) },
			running: true,
			timer: 'own',
			healing: '1',
			kernel: [],
			forwarding: true,
			strict: [],
			redirects: [],
			wan: { name: 'wan', mtu: 1_500 },
		});
	});

	describe('after the first apply', { timeout: 300_000 }, () => {
		let next: number;
		const apply = () => {
			const { control, held } = get();
			const [first, ...others] = held;
			next++;
			return control.apply(next, [{ ...first, revision: next }, ...others]);
		};
		const owner = (text: string) => run(`cat >"\${S2S_ROOT:-}/etc/ipsec.d/owner.conf" <<'OWNER'\n${text}\nOWNER\n`);
		const main = `"\${S2S_ROOT:-}/etc/ipsec.conf"`;
		beforeAll(async () => {
			next = get().generation;
			await owner('# theirs');
			await run(`grep -q '^include /etc/ipsec.d/[*o]' ${main} || echo 'include /etc/ipsec.d/owner.conf' >>${main}`);
		});
		afterAll(() => run(`rm "\${S2S_ROOT:-}/etc/ipsec.d/owner.conf"; sed -i '/owner.conf/d' ${main}`));

		it('a change is loaded as the first bundle was', async () => {
			const [first] = get().held;

			const report = await apply();

			expect(report.steps).toContain(`${idOf('vpnc', first.n)} loaded`);
			expect(connectionOf(report, first).reasons).toEqual([]);
		});

		it('an error in a file of its owner keeps nothing of ours from being changed, and is told with its file and line', async () => {
			const [first] = get().held;
			await owner('conn theirs\n\tauto=ignore\n\tnosuchoption=yes');

			const report = await apply();

			expect(report.steps).toContain(`${idOf('vpnc', first.n)} loaded`);
			expect(connectionOf(report, first).reasons).toEqual([]);
			expect(report.steps.join('\n')).toContain('foreign-config: ');
			expect(report.steps.join('\n')).toContain(' /etc/ipsec.d/owner.conf:3: syntax error [nosuchoption]');
		});

		it('it is foreign-config where the daemon cannot start for it, until it is corrected', async () => {
			const [first] = get().held;
			await run('ipsec setup stop >/dev/null 2>&1');

			const report = await apply();

			expect(connectionOf(report, first)).toMatchObject({ phase1: false, reasons: ['foreign-config'] });
			expect(report.steps.join('\n')).toContain(' /etc/ipsec.d/owner.conf:3: syntax error [nosuchoption]');
			await owner('conn theirs\n\tauto=ignore');
			const corrected = await apply();
			expect(corrected.steps.join('\n')).not.toContain('foreign-config');
			expect(connectionOf(corrected, first).reasons).not.toContain('foreign-config');
		});

		it('the setup of a file before ours is the one that the daemon reads: it is named, with what it should say, and once it does all is loaded', async () => {
			const [first] = get().held;
			await owner('config setup\n\tuniqueids=yes');
			await run(`sed -i '1i include /etc/ipsec.d/owner.conf' ${main}; ipsec setup restart >/dev/null 2>&1`);

			const report = await apply();

			expect(connectionOf(report, first)).toMatchObject({ phase1: false, reasons: ['foreign-config'] });
			expect(report.steps.join('\n')).toMatch(/foreign-config: \/etc\/ipsec\.d\/owner\.conf:2: .* say here ikev1-policy=accept/);
			await owner('config setup\n\tuniqueids=yes\n\tikev1-policy=accept');
			expect(connectionOf(await apply(), first).reasons).not.toContain('foreign-config');
		});
	});
};
